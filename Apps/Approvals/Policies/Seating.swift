import Base
import JSON
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
        var escalation: Int?
        /// The row of a decision table that named it; empty when a policy or category did.
        var origin = ""
    }

    let steps: [Step]
    /// Which decision tables were asked, in which version, with which inputs and rows.
    var sources: [JSON] = []
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
        let record = record.with(env)
        var sources: [JSON] = []
        let plan = try Seating.plan(policy, record, &sources)
        guard plan.count <= PolicyCheck.stepLimit else { throw Refusal.tooManySteps() }
        steps = try plan.map { step in
            let people = try Seating.people(step, record, owner).filter { try barred.reason(for: $0) == nil }
            let seats = try Seating.active(people, env)
            let quorum = step.quorum == 0 ? max(seats.count, 1) : step.quorum
            return Step(
                order: step.order, name: step.name, quorum: quorum, seats: seats, meaning: step.meaning, hours: step.hours,
                escalation: step.escalation, origin: step.origin)
        }
        self.sources = sources
    }

    /// The steps of a policy, with those that decision tables answer in the place of the step that asks them.
    ///
    /// Orders are counted anew when a table was asked: first by the step's own, then by the table's.
    private static func plan(_ policy: PolicyRow, _ record: Records, _ sources: inout [JSON]) throws -> [PolicyRow.Step] {
        if !policy.steps.contains(where: { $0.kind == .table }) { return policy.steps }
        var placed: [(first: Int, second: Int, step: PolicyRow.Step)] = []
        for step in policy.steps {
            guard step.kind == .table else {
                placed.append((step.order, 0, step))
                continue
            }
            let found = try ApproverTable(step, policy: policy.name, record: record).steps()
            sources.append(found.source)
            placed += found.steps.map { (step.order, $0.order, $0) }
        }
        placed.sort { ($0.first, $0.second) < ($1.first, $1.second) }
        var order = 0
        return placed.indices.map { place in
            if place == 0 || (placed[place].first, placed[place].second) != (placed[place - 1].first, placed[place - 1].second) {
                order += 10
            }
            var step = placed[place].step
            step.order = order
            return step
        }
    }

    /// The seats of a request's category.
    init(_ category: CategoryRow, owner: Record<User>, barred: Barred) throws {
        let env = owner.env
        var people = category.seats.map { (user: $0.user, required: $0.isRequired) }
        if let rule = category.manager, let manager = owner[\ManagerOfUser.manager] {
            people.removeAll { $0.user == manager.id }
            people.insert((manager.id, rule == .required), at: 0)
        } else if category.manager == .required {
            throw Refusal.noManager(category.name)
        }
        let active = Set(try Seating.active(people.map(\.user), env))
        let mandatory = people.filter { $0.required }
        if let missing = try mandatory.first(where: { try !active.contains($0.user) || barred.reason(for: $0.user) != nil }) {
            throw Refusal.noApprover(category.name, step: env.record(User.self, missing.user).displayedName)
        }
        let seats = try people.filter { try active.contains($0.user) && barred.reason(for: $0.user) == nil }
        let required = Set(mandatory.map(\.user))
        let hours = category.hours
        if category.isInSequence {
            minimum = max(category.minimum, 1)
            steps = seats.enumerated().map { place, seat in
                Step(
                    order: place, name: category.name, quorum: 1, seats: [seat.user],
                    mandatory: seat.required ? [seat.user] : [], hours: hours)
            }
        } else {
            let quorum = max(category.minimum, required.count, 1)
            steps = [
                Step(order: 0, name: category.name, quorum: quorum, seats: seats.map(\.user), mandatory: required, hours: hours)
            ]
        }
    }

    /// Refuses a chain that nobody could ever complete.
    func requireFeasible(_ name: String) throws {
        guard let place = chain.unfilled else { return }
        let step = steps.indices.contains(place) ? steps[place] : nil
        throw Refusal.noApprover(name, step: step?.name ?? name, origin: step?.origin ?? "")
    }

    private static func people(_ step: PolicyRow.Step, _ record: Records, _ owner: Int) throws -> [Int] {
        let env = record.env
        switch step.kind {
        case .users: return step.users
        case .manager: return [env.record(User.self, owner)[\ManagerOfUser.manager]?.id].compactMap { $0 }
        case .field: return try named(by: step.path, on: record)
        case .group: return try members(of: step.group.map { [$0] } ?? [], at: company(of: record), env)
        case .table: return []
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
        var domain = try Memberships(env).domain(of: groups)
        if let company { domain = domain & .where("company_ids", .in, .ids([company])) }
        return try env.search(User.self, domain, order: "id", limit: seatLimit).ids
    }

    static func active(_ users: [Int], _ env: Environment) throws -> [Int] {
        var seen: Set<Int> = [UserContext.system.id]
        let wanted = users.filter { seen.insert($0).inserted }
        guard wanted.count <= seatLimit else {
            throw Refusal("approval.too_many_seats", .limit, "A step has at most \(seatLimit) people.", instruction: "Narrow it.")
        }
        let found = Set(try env.search(User.self, .where("id", .in, .ids(wanted))).ids)
        return wanted.filter(found.contains)
    }
}
