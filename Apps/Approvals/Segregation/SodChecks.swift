import Base
import Governance
import Kernel

/// What must hold for toxic pairs and waivers.
enum SodChecks {
    /// The longest time of a waiver.
    static let waiverDays = 366
    /// The cause under which a waiver is revoked.
    static let revoking = "sod.revoking"

    static func check(_ rule: Record<SodRule>) throws {
        try check(ToxicPair(try GovernedRows.present(rule.id, of: Governed.pair, in: rule.env)), rule.env)
    }

    static func check(_ pair: ToxicPair, _ env: Environment) throws {
        let sides = [pair.first, pair.second]
        for side in sides {
            guard (side.group != nil) != (!side.model.isEmpty && !side.action.isEmpty) else { throw Refusal.badPair(pair.name) }
            // A pair may name a model of an app that is not there yet.
            guard let model = env.registry.model(side.model) else { continue }
            if let name = side.field {
                guard try model.requireField(name).kind.comodel == User.name else { throw Refusal.badPath(name, model.name) }
            } else if !["create", "write", "approve"].contains(side.action), model.action(side.action) == nil {
                throw Refusal.badPair(pair.name)
            }
        }
        if sides[0] == sides[1] { throw Refusal.badPair(pair.name) }
        try checkPath(pair, env)
    }

    private static func checkPath(_ pair: ToxicPair, _ env: Environment) throws {
        guard !pair.path.isEmpty, var model = env.registry.model(pair.second.model) else { return }
        for name in pair.path.split(separator: ".") {
            guard let comodel = try model.requireField(String(name)).kind.comodel else { throw Refusal.badPair(pair.name) }
            model = try env.registry.requireModel(comodel)
        }
        if model.name != pair.first.model { throw Refusal.badPair(pair.name) }
    }

    static func checkAuthor(_ values: inout ValueMap, _ env: Environment) throws {
        values["revoked_on"] = nil
        if values["user_id"]?.intValue == env.user.id { throw Refusal.ownWaiver() }
    }

    static func check(_ waiver: Record<SodWaiver>) throws {
        guard let user = waiver.user, let owner = waiver.owner, user != owner else { throw Refusal.ownWaiver() }
        guard let start = waiver.start, let end = waiver.end, end > start, end - start <= waiverDays * 86_400, end > waiver.env.now else {
            throw Refusal(
                "sod.waiver_time", .validation, "A waiver ends after it begins, in the future, and within \(waiverDays) days.",
                instruction: "Choose another expiry.")
        }
        for text in [waiver.reason, waiver.control] where text.allSatisfy(\.isWhitespace) {
            throw Refusal(
                "sod.waiver_reason", .validation, "A waiver has a reason and a compensating control.", instruction: "Give both.")
        }
    }
}

/// Asks toxic pairs when rights are granted.
enum GrantChecks {
    /// The most users that one change of a group may concern.
    static let userLimit = 10_000

    /// Refuses groups that together make a toxic pair, unless a waiver allows it.
    static func check(users: [Int], _ env: Environment) throws {
        let pairs = try PolicyBook.current(env).pairs.compactMap { pair in pair.groups.map { (pair, $0) } }
        if pairs.isEmpty { return }
        let memberships = try Memberships(env)
        for user in users where user > 2 {
            let own = memberships.groups(of: user)
            for (pair, groups) in pairs where own.isSuperset(of: [groups.0, groups.1]) {
                if try Waivers.find(pair.id, user, env) == nil { throw Refusal.toxicGrant(pair) }
            }
        }
    }

    /// Refuses what a group comes to imply, when that makes a toxic pair for one of its members.
    static func check(group: Int, _ env: Environment) throws {
        if try !PolicyBook.current(env).pairs.contains(where: { $0.groups != nil }) { return }
        let members = try env.search(User.self, Memberships(env).domain(of: [group]), limit: userLimit + 1).ids
        guard members.count <= userLimit else {
            throw Refusal(
                "sod.too_many_members", .limit, "More than \(userLimit) users would get other rights by this.",
                instruction: "Change smaller groups.")
        }
        try check(users: members, env)
    }

    /// Refuses a delegation that would bring two sides of a pair into one hand.
    static func check(delegate: Int, for user: Int, _ env: Environment) throws {
        for pair in try PolicyBook.current(env).pairs {
            guard let groups = pair.groups else { continue }
            let both = try ToxicPairs.memberships(of: delegate, env).union(ToxicPairs.memberships(of: user, env))
            if both.isSuperset(of: [groups.0, groups.1]), try Waivers.find(pair.id, delegate, env) == nil {
                throw Refusal.toxicGrant(pair)
            }
        }
    }
}

/// Tells governance which roles would bring both sides of a toxic pair into one hand.
struct ToxicRoles: RoleDemands {
    func problems(
        _ role: GovernedRole, of group: Int, place: (_ user: Int) -> String, in env: Environment
    ) throws -> [DefinitionProblem] {
        let trial = try Memberships(env, with: [group: role])
        let given = trial.downward(from: [group])
        let pairs = try PolicyBook.current(env).pairs.compactMap { pair in pair.groups.map { (pair, $0) } }
            .filter { given.contains($0.1.0) || given.contains($0.1.1) }
        if pairs.isEmpty { return [] }
        var problems: [DefinitionProblem] = []
        for user in try env.search(User.self, trial.domain(of: [group]), order: "id", limit: GrantChecks.userLimit) where user.id > 2 {
            let own = trial.groups(of: user.id)
            for (pair, groups) in pairs where own.isSuperset(of: [groups.0, groups.1]) {
                if try Waivers.find(pair.id, user.id, env) != nil { continue }
                let refusal = Refusal.toxicGrant(pair)
                problems.append(DefinitionProblem(place(user.id), "\(user.login): \(refusal.message)", remedy: refusal.instruction))
            }
        }
        return problems
    }
}

/// What the monthly report and the review of grants say.
enum SodReport {
    /// The most lines of one report.
    static let lineLimit = 2_000

    /// Users who hold both groups of pairs, with the waiver that covers them, if there is one.
    static func violations(_ rules: Recordset<SodRule>) throws -> Value {
        try rules.env.checkAccess(.read, rules.records.model, rules.ids)
        let env = rules.env.asSuperuser("whoever may read a pair may see whom it concerns")
        var lines: [Value] = []
        for pair in try ToxicPair.inForce(env) where rules.ids.contains(pair.id) {
            guard let (first, second) = pair.groups else { continue }
            let one = Set(try Seating.members(of: [first], at: nil, env))
            for user in try Seating.members(of: [second], at: nil, env) where one.contains(user) && lines.count < lineLimit {
                let waiver = try Waivers.find(pair.id, user, env)
                lines.append(
                    .map([
                        "rule_id": .int(pair.id), "rule": .text(pair.name), "user_id": .int(user),
                        "user": .text(env.record(User.self, user).displayedName), "waiver_id": waiver.map { .int($0) } ?? false,
                    ]))
            }
        }
        return .list(lines)
    }

    /// The waivers that were in force in a month (`2026-03`), how often they were used, and which have ended.
    static func monthly(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        guard let text = arguments["month"]?.textValue, let first = Day(text + "-01") else {
            throw Refusal("sod.month", .invalid, "A month is written as 2026-03.", instruction: "Name the month.")
        }
        let start = Instant(first)
        let end = Instant(first.adding(months: 1))
        let inForce = Domain.where("date_from", .less, .instant(end)) & .where("date_to", .greater, .instant(start))
        let waivers = try env.search(SodWaiver.self, inForce, order: "id", limit: lineLimit)
        let machine = env.asSuperuser("uses are counted for whoever may read the waiver")
        return .list(
            try waivers.map { waiver in
                let used =
                    Domain.where("waiver_id", .equal, .int(waiver.id)) & .where("used_on", .greaterOrEqual, .instant(start))
                    & .where("used_on", .less, .instant(end))
                return .map(line(of: waiver, uses: try machine.count(SodUse.self, used)))
            })
    }

    private static func line(of waiver: Record<SodWaiver>, uses: Int) -> ValueMap {
        var line: ValueMap = ["waiver_id": .int(waiver.id), "uses": .int(uses)]
        line["rule"] = .text(waiver.rule?.displayedName ?? "")
        line["user"] = .text(waiver.user?.displayedName ?? "")
        line["owner"] = .text(waiver.owner?.displayedName ?? "")
        line["reason"] = .text(waiver.reason)
        line["control"] = .text(waiver.control)
        line["date_from"] = waiver.start.map { .instant($0) } ?? .null
        line["date_to"] = waiver.end.map { .instant($0) } ?? .null
        line["revoked_on"] = waiver.revokedOn.map { .instant($0) } ?? .bool(false)
        let ended = waiver.revokedOn ?? waiver.end
        line["is_in_force"] = .bool(ended.map { $0 > waiver.env.now } ?? false)
        return line
    }
}
