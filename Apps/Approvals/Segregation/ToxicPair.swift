import Base
import Governance
import Kernel

/// A toxic pair away from its record.
struct ToxicPair: Sendable {
    /// One of the two things.
    struct Side: Sendable, Hashable {
        let group: Int?
        let model: String
        let action: String

        /// The field of `field:user_id`.
        var field: String? { action.hasPrefix("field:") ? String(action.dropFirst(6)) : nil }

        func isAction(_ action: String, of model: String) -> Bool { self.model == model && self.action == action && !action.isEmpty }
    }

    let id: Int
    let name: String
    /// What the trail says: kind, key and version.
    let cause: String
    let isActive: Bool
    let first: Side
    let second: Side
    let path: String

    init(_ row: GovernedRow) {
        let values = row.values
        id = row.id
        name = values.text("name")
        cause = row.cause
        isActive = values.flag("active")
        first = Side(group: values.link("group_a_id"), model: values.text("model_a"), action: values.text("action_a"))
        second = Side(group: values.link("group_b_id"), model: values.text("model_b"), action: values.text("action_b"))
        path = values.text("path")
    }

    /// The pairs that were released; they hold at every site.
    static func inForce(_ env: Environment) throws -> [ToxicPair] {
        try GovernedRows.inForce(Governed.pair.name, in: env).map { ToxicPair($0) }.filter(\.isActive).sorted {
            ($0.name, $0.id) < ($1.name, $1.id)
        }
    }

    /// The two groups, when both sides are groups.
    var groups: (Int, Int)? {
        guard let first = first.group, let second = second.group else { return nil }
        return (first, second)
    }
}

/// Asks toxic pairs when an action is taken.
enum ToxicPairs {
    /// Refuses an action that one of some people must not take on a record after what they did, unless a waiver allows it.
    ///
    /// - Parameters:
    ///   - people: Whoever acts, and whoever is acted for.
    ///   - isRehearsal: Nothing is written about waivers that were used.
    static func check(
        _ action: String, groups: [String] = [], on records: Records, people: Set<Int>, _ env: Environment, isRehearsal: Bool = false
    ) throws {
        let people = people.subtracting([UserContext.system.id])
        if people.isEmpty { return }
        for pair in try PolicyBook.current(env).pairs {
            for person in people.sorted() where try hits(pair, person, action, groups, records, env) {
                guard let waiver = try Waivers.find(pair.id, person, env) else { throw Refusal.toxicPair(pair) }
                if !isRehearsal { try Waivers.note(waiver, action, records, env.because(pair.cause)) }
            }
        }
    }

    /// The toxic pair, if any without a waiver, that keeps somebody from an action on a record.
    static func reason(_ action: String, on records: Records, _ person: Int, _ env: Environment) throws -> String? {
        try PolicyBook.current(env).pairs.first { pair in
            try hits(pair, person, action, [], records, env) && Waivers.find(pair.id, person, env) == nil
        }?.name
    }

    private static func hits(
        _ pair: ToxicPair, _ person: Int, _ action: String, _ groups: [String], _ records: Records, _ env: Environment
    ) throws -> Bool {
        let machine = env.asSuperuser("toxic pairs hold across companies and whatever the caller may see")
        let records = records.with(machine)
        if let (first, second) = pair.groups {
            guard !groups.isEmpty else { return false }
            let used = Set(try groups.map { try group($0, machine) })
            let own = try memberships(of: person, machine)
            guard own.isSuperset(of: [first, second]) else { return false }
            return try !Memberships(machine).downward(from: used.filter { $0 > 0 }).isDisjoint(with: [first, second])
        }
        for (side, other, isSecond) in [(pair.second, pair.first, true), (pair.first, pair.second, false)] {
            guard side.isAction(action, of: records.model.name) else { continue }
            if let group = other.group {
                if try memberships(of: person, machine).contains(group) { return true }
            } else if try did(other, person, records, path: pair.path, isSecond: isSecond, machine) {
                return true
            }
        }
        return false
    }

    /// Whether somebody did the other thing to the record on the other end of a pair's path.
    private static func did(
        _ side: ToxicPair.Side, _ person: Int, _ records: Records, path: String, isSecond: Bool, _ env: Environment
    ) throws -> Bool {
        var other = records
        if !path.isEmpty {
            if isSecond {
                for name in path.split(separator: ".") { other = try other.related(String(name)) }
            } else {
                let model = try env.registry.requireModel(side.model)
                other = try env.search(model, .where(path, .in, .ids(records.ids)), limit: Seating.seatLimit)
            }
        }
        guard other.model.name == side.model, !other.isEmpty else { return false }
        if side.action == "create", try other.ids.contains(where: { try other.value($0, "create_uid").intValue == person }) { return true }
        if let name = side.field, let field = other.model.field(name),
            try other.ids.contains(where: { try other.value($0, field).intValue == person })
        {
            return true
        }
        return try Doers.did(side.action, person, other, env)
    }

    /// The ids of somebody's groups, implied ones included.
    static func memberships(of user: Int, _ env: Environment) throws -> Set<Int> {
        if user == env.user.id { return env.user.groupIds }
        return try BaseDirectory().user(user, in: env)?.groupIds ?? []
    }

    /// The id of a group by its external id; 0 when there is none.
    private static func group(_ externalId: String, _ env: Environment) throws -> Int { try Reference.find(externalId, env) ?? 0 }
}
