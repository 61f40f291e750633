import Base
import Kernel

/// Waivers in force, and what they were used for.
enum Waivers {
    /// A waiver of a pair for somebody, unless it has expired or was revoked.
    static func find(_ rule: Int, _ user: Int, _ env: Environment) throws -> Int? {
        let machine = env.asSuperuser("a waiver holds whatever the caller may see")
        let own =
            Domain.where("rule_id", .equal, .int(rule)) & .where("user_id", .equal, .int(user)) & .where("revoked_on", .equal, false)
            & .where("date_from", .lessOrEqual, .instant(env.now)) & .where("date_to", .greater, .instant(env.now))
        return try machine.search(SodWaiver.self, own, limit: 1).first?.id
    }

    static func note(_ waiver: Int, _ action: String, _ records: Records, _ env: Environment) throws {
        try env.asSuperuser("the use of a waiver is recorded by the machine").create(
            SodUse.self,
            [
                "waiver_id": .int(waiver), "used_on": .instant(env.now), "what": .text(action), "res_model": .text(records.model.name),
                "res_id": .int(records.ids.first ?? 0),
            ])
    }
}

/// Who did what to records about which somebody has to know.
enum Doers {
    /// Who did what to which record.
    private struct Deed: Hashable {
        let model: String
        let id: Int
        let user: Int
        let what: String
    }

    /// What stands in the table for certain, as one unit of work has found or put it there: rules write a record many times.
    private final class Page {
        var deeds: Set<Deed> = []
    }

    /// Records that users did something to records, once for each; the machine's own deeds are nobody's.
    static func record(_ what: String, _ users: Set<Int>, on records: Records) throws {
        let page = records.env.unit.thing(Page.self) { Page() }
        let deeds = records.ids.flatMap { id in
            users.sorted().filter { $0 != UserContext.system.id }.map { Deed(model: records.model.name, id: id, user: $0, what: what) }
        }
        let unknown = deeds.filter { !page.deeds.contains($0) }
        if unknown.isEmpty { return }
        let env = records.env.asSuperuser("who did what is recorded by the machine")
        // Nobody looks first whether it stands there already: two who did the same would be in each other's way.
        let facts: [ValueMap] = unknown.map { deed in
            ["res_model": .text(deed.model), "res_id": .int(deed.id), "user_id": .int(deed.user), "what": .text(deed.what)]
        }
        try env.note(Doer.self, facts)
        page.deeds.formUnion(deeds)
    }

    static func did(_ what: String, _ user: Int, _ records: Records, _ env: Environment) throws -> Bool {
        try env.count(Doer.self, about(records) & .where("user_id", .equal, .int(user)) & .where("what", .equal, .text(what))) > 0
    }

    /// Everybody who did one of some things to a record.
    static func users(_ whats: Set<String>, _ records: Records, _ env: Environment) throws -> Set<Int> {
        let wanted = about(records) & .where("what", .in, .list(whats.sorted().map { .text($0) }))
        return Set(try env.search(Doer.self, wanted).compactMap { $0.user?.id })
    }

    private static func about(_ records: Records) -> Domain {
        .where("res_model", .equal, .text(records.model.name)) & .where("res_id", .in, .ids(records.ids))
    }
}
