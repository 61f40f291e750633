import Base
import Kernel
import Messaging

/// What people decide about requests.
enum Deciding {
    /// The cause under which decisions are made; nothing else can make one.
    static let cause = "approval.deciding"

    /// Agrees, for oneself or for somebody for whom one stands in; the last agreement runs the action.
    static func approve(_ request: Record<Request>, _ arguments: ValueMap) throws -> Value {
        let table = try Table(request, arguments)
        try table.requireProof()
        if try Restarting.isOutdated(table.own) {
            try Restarting.begin(table.own, "the record was changed")
            return .map(["restarted": true, "seen": .text(table.own.seen)])
        }
        try table.requireAnswered()
        try Evidence.requireStill(for: table.own)
        let chain = Seats.chain(of: table.own)
        let seats = try table.seats(among: chain.steps.flatMap(\.seats))
        guard let (seat, step) = seats.lazy.compactMap({ seat in chain.place(table.actor, for: seat).map { (seat, $0) } }).first else {
            throw table.refusal(chain, seats)
        }
        guard let row = table.own.approvers.first(where: { $0.user?.id == seat && $0.step == step }) else {
            throw Refusal.notApprover(table.own.displayedName)
        }
        try table.write(.approve, row)
        try row.write(["status": "approved", "decided_by_id": .int(table.actor)])
        try Seats.refresh(table.own)
        if Seats.chain(of: table.own).isApproved { return try Executing.finish(table.own) }
        return .bool(true)
    }

    /// Says no: the request is refused, whoever else has agreed.
    static func refuse(_ request: Record<Request>, _ arguments: ValueMap) throws {
        let table = try Table(request, arguments)
        try table.requireProof()
        guard let row = try table.pending() else { throw table.refusal(Seats.chain(of: table.own), []) }
        try table.write(.refuse, row)
        try row.write(["status": "refused", "decided_by_id": .int(table.actor)])
        try table.own.write(["request_status": "refused"])
        try Seats.close(table.own)
        let comment = arguments["comment"]?.textValue ?? ""
        try Notices.say(table.own, "Refused by \(request.env.user.name): \(table.own.displayedName). \(comment)")
    }

    /// Takes one's own agreement back while others have still to decide.
    static func withdraw(_ request: Record<Request>, _ arguments: ValueMap) throws {
        let table = try Table(request, arguments)
        guard let row = table.own.approvers.first(where: { $0.status == .approved && $0.decidedBy?.id == table.actor }) else {
            throw Refusal.notApprover(table.own.displayedName)
        }
        try table.write(.withdraw, row)
        try row.write(["status": "waiting", "decided_by_id": .null])
        try Seats.refresh(table.own)
    }
}

/// One decision while it is made: who, about what, and whether they may.
struct Table {
    let actor: Int
    /// The request with the eyes of the machine.
    let own: Record<Request>
    private let name: String
    private let barred: Barred
    private let arguments: ValueMap

    /// - Throws: `approval.not_pending`, `approval.other_version`, `approval.barred`.
    init(_ request: Record<Request>, _ arguments: ValueMap) throws {
        let env = request.env.asSuperuser("seats and decisions are kept by the machine")
        own = env.record(Request.self, request.id)
        actor = env.user.id
        name = env.user.name
        self.arguments = arguments
        guard own.status == .pending else { throw Refusal.notPending(own.displayedName) }
        if let seen = arguments["seen"]?.textValue, seen != own.seen { throw Refusal.otherVersion(own.displayedName) }
        barred = try Table.barred(own)
        if let reason = try barred.reason(for: actor) { throw Refusal.barred(reason) }
    }

    /// Whoever must not decide about a request.
    static func barred(_ own: Record<Request>) throws -> Barred {
        let owner = own.owner?.id ?? 0
        guard let model = own.env.registry.model(own.recordModel) else {
            return try Barred(owner: owner, target: own.records, policy: nil, request: own)
        }
        let policy = try PolicyBook.policy(of: own)
        return try Barred(owner: owner, target: Records(model, [own.record], own.env), policy: policy, request: own)
    }

    /// Where the request's policy wants it: the person, not a program with their key, and not a passer-by at their browser.
    func requireProof() throws {
        if try PolicyBook.policy(of: own)?.needsProof == true { try FreshProof.requirePerson(in: own.env) }
    }

    func requireAnswered() throws { if !own.question.isEmpty { throw Refusal.questionOpen(own.question) } }

    /// The seats that the actor may fill, one's own first.
    func seats(among all: [Int]) throws -> [Int] {
        var people = try [actor] + Delegations.principals(of: actor, for: own, barred: barred)
        if let wanted = arguments["on_behalf_of_id"]?.intValue { people = people.filter { $0 == wanted } }
        let seated = Set(all)
        return try people.filter { try seated.contains($0) && barred.reason(for: $0) == nil }
    }

    /// The seat that waits for the actor.
    func pending() throws -> Record<Approver>? {
        let rows = own.approvers.filter { $0.status == .pending }
        let seats = try seats(among: rows.compactMap { $0.user?.id })
        return seats.lazy.compactMap { seat in rows.first { $0.user?.id == seat } }.first
    }

    /// Why the actor has no seat to fill now.
    func refusal(_ chain: Chain, _ seats: [Int]) -> Refusal {
        if chain.counted.contains(actor) { return Refusal.decidedAlready(own.displayedName) }
        return seats.isEmpty ? Refusal.notApprover(own.displayedName) : Refusal.notYourTurn(own.displayedName)
    }

    /// Writes the decision down, with what was seen.
    func write(_ kind: Decision.Kind, _ row: Record<Approver>) throws {
        let env = own.env.because(Deciding.cause)
        let seat = row.user?.id ?? actor
        let meaning = arguments["meaning"]?.textValue.flatMap(Meaning.init(rawValue:)) ?? row.meaning ?? .approval
        try env.create(
            Decision.self,
            [
                "request_id": .int(own.id), "decision": .text(kind.rawValue), "user_id": .int(actor), "user_name": .text(name),
                "on_behalf_of_id": seat == actor ? .null : .int(seat), "decided_on": .instant(env.now), "meaning": .text(meaning.rawValue),
                "comment": .text(arguments["comment"]?.textValue ?? ""), "round": .int(own.round), "step": .int(row.step),
                "step_name": .text(row.stepName), "res_model": own.recordModel.isEmpty ? .text(Request.name) : .text(own.recordModel),
                "res_id": .int(own.recordModel.isEmpty ? own.id : own.record), "seen_version": .int(own.seenVersion),
                "seen_hash": .text(own.seen),
            ])
        guard kind == .approve, let model = env.registry.model(own.recordModel) else { return }
        try Doers.record("approve", [actor, seat], on: Records(model, [own.record], env))
    }
}
