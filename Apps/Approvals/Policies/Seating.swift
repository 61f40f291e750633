import Base
import Kernel

/// Finds the people of a chain: those whom a policy or a category names, without those who must not decide.
struct Seating {
    /// The most people of one step.
    static let seatLimit = 200

    /// One step with its people.
    struct Step {
        var order: Int
        var name: String
        var quorum: Int
        var seats: [Int]
        var mandatory: Set<Int> = []
        var meaning = Meaning.approval
        var hours = 0
    }

    let steps: [Step]
    /// For categories in sequence: how many agreements are enough.
    var minimum = 0

    /// The chain that they make.
    var chain: Chain {
        Chain(
            steps.map { Chain.Step(order: $0.order, quorum: $0.quorum, seats: $0.seats, mandatory: $0.mandatory) }, minimum: minimum)
    }

    /// The seats of a policy for a record.
    init(_ policy: PolicyRow, record: Records, owner: Int, barred: Barred) throws {
        let env = record.env.asSuperuser("who decides is found by the machine")
        steps = try policy.steps.map { step in
            let people = try Seating.people(step, record.with(env), owner).filter { try barred.reason(for: $0) == nil }
            let seats = try Seating.active(people, env)
            let quorum = step.quorum == 0 ? max(seats.count, 1) : step.quorum
            return Step(order: step.order, name: step.name, quorum: quorum, seats: seats, meaning: step.meaning, hours: step.hours)
        }
    }

    /// The seats of a request's category.
    init(_ category: Record<Category>, owner: Record<User>, barred: Barred) throws {
        let env = category.env
        var people = category.approvers.compactMap { row in row.user.map { (user: $0.id, required: row.required) } }
        if let rule = category.manager, let manager = owner[\ManagerOfUser.manager] {
            people.removeAll { $0.user == manager.id }
            people.insert((manager.id, rule == .required), at: 0)
        } else if category.manager == .required {
            throw Refusal.noManager(category.displayedName)
        }
        let active = Set(try Seating.active(people.map(\.user), env))
        let mandatory = people.filter { $0.required }
        if let missing = try mandatory.first(where: { try !active.contains($0.user) || barred.reason(for: $0.user) != nil }) {
            throw Refusal.noApprover(category.displayedName, step: env.record(User.self, missing.user).displayedName)
        }
        let seats = try people.filter { try active.contains($0.user) && barred.reason(for: $0.user) == nil }
        let required = Set(mandatory.map(\.user))
        let hours = category.hours
        if category.inSequence {
            minimum = max(category.minimum, 1)
            steps = seats.enumerated().map { place, seat in
                Step(
                    order: place, name: category.displayedName, quorum: 1, seats: [seat.user],
                    mandatory: seat.required ? [seat.user] : [], hours: hours)
            }
        } else {
            let quorum = max(category.minimum, required.count, 1)
            steps = [
                Step(order: 0, name: category.displayedName, quorum: quorum, seats: seats.map(\.user), mandatory: required, hours: hours)
            ]
        }
    }

    /// Refuses a chain that nobody could ever complete.
    func requireFeasible(_ name: String) throws {
        guard let step = chain.unfilled else { return }
        throw Refusal.noApprover(name, step: steps.indices.contains(step) ? steps[step].name : name)
    }

    private static func people(_ step: PolicyRow.Step, _ record: Records, _ owner: Int) throws -> [Int] {
        let env = record.env
        switch step.kind {
        case .users: return step.users
        case .manager: return [env.record(User.self, owner)[\ManagerOfUser.manager]?.id].compactMap { $0 }
        case .field: return try named(by: step.path, on: record)
        case .group: return try members(of: step.group.map { [$0] } ?? [], at: company(of: record), env)
        }
    }

    /// The users that a path leads to, by way of contacts too.
    static func named(by path: String, on record: Records) throws -> [Int] {
        var records = record
        for name in path.split(separator: ".") { records = try records.related(String(name)) }
        if records.model.name == User.name { return records.ids }
        guard !records.isEmpty else { return [] }
        let payees = Domain.where("partner_id", .in, .ids(records.ids)) | .where("partner_id.parent_id", .in, .ids(records.ids))
        return try record.env.search(User.self, payees, limit: seatLimit).ids
    }

    static func company(of record: Records) throws -> Int? {
        guard let field = record.model.field("company_id"), field.kind.comodel == Company.name else { return nil }
        return try record.value(field.name).intValue
    }

    /// The users of groups, by implication too, who work at a site.
    static func members(of groups: [Int], at company: Int?, _ env: Environment) throws -> [Int] {
        var domain = Domain.where("group_ids", .in, .ids(try GroupReach.upward(from: groups, env).sorted()))
        if let company { domain = domain & .where("company_ids", .in, .ids([company])) }
        return try env.search(User.self, domain, order: "id", limit: seatLimit).ids
    }

    private static func active(_ users: [Int], _ env: Environment) throws -> [Int] {
        var seen: Set<Int> = [UserContext.system.id]
        let wanted = users.filter { seen.insert($0).inserted }
        guard wanted.count <= seatLimit else {
            throw Refusal("approval.too_many_seats", .limit, "A step has at most \(seatLimit) people.", instruction: "Narrow it.")
        }
        let found = Set(try env.search(User.self, .where("id", .in, .ids(wanted))).ids)
        return wanted.filter(found.contains)
    }
}

/// Groups and what implies what.
enum GroupReach {
    /// The groups whose members are members of these, too: the groups themselves and all that imply them.
    static func upward(from groups: [Int], _ env: Environment) throws -> Set<Int> {
        var all = Set(groups)
        var next = groups
        while !next.isEmpty {
            let above = try env.search(Group.self, .where("implied_ids", .in, .ids(next))).ids
            next = above.filter { all.insert($0).inserted }
        }
        return all
    }

    /// The groups with all that they imply.
    static func downward(from groups: [Int], _ env: Environment) -> Set<Int> {
        var all = Set(groups)
        var next = groups
        while !next.isEmpty {
            let below = env.records(Group.self, next).flatMap { $0.implied.ids }
            next = below.filter { all.insert($0).inserted }
        }
        return all
    }
}
