import Base
import Exceptions
import Kernel
import Messaging

/// Begins a chain again when what is decided about has changed.
enum Restarting {
    static func isOutdated(_ request: Record<Request>) throws -> Bool { try Content.digest(of: request) != request.seen }

    /// Voids what was decided, seats people anew and says so in the chatter.
    static func begin(_ request: Record<Request>, _ why: String) throws {
        let votes = request.approvers.filter { $0.status == .approved }.count
        try Requesting.see(request)
        do {
            try Seats.set(try seating(request), for: request)
        } catch let refusal as Refusal where refusal.code == "approval.no_approver" {
            try Seats.close(request)
            try raise(refusal, request)
        }
        try Notices.say(
            request,
            "The approval of '\(request.displayedName)' begins again, because \(why): \(votes) earlier agreements are void.")
    }

    private static func seating(_ request: Record<Request>) throws -> Seating {
        let barred = try Table.barred(request)
        let owner = request.owner?.id ?? 0
        let seating: Seating
        if let category = request.category {
            seating = try Seating(category, owner: request.env.record(User.self, owner), barred: barred)
        } else {
            let model = try request.env.registry.requireModel(request.recordModel)
            guard let policy = try PolicyBook.current(request.env).policy(request.policy?.id ?? 0) else {
                throw Refusal.noApprover(request.displayedName, step: "the policy is not in force any more")
            }
            seating = try Seating(policy, record: Records(model, [request.record], request.env), owner: owner, barred: barred)
        }
        try seating.requireFeasible(request.policy?.displayedName ?? request.category?.displayedName ?? request.displayedName)
        return seating
    }

    /// A request that nobody can decide gets an owner.
    static func raise(_ refusal: Refusal, _ request: Record<Request>) throws {
        try ExceptionCase.raise(
            refusal.code, refusal.message, remedy: refusal.instruction, source: "approvals", on: request.records, in: request.env)
    }
}

/// Questions that go back to the requester, and their answers.
enum Questions {
    static let cause = "approval.question"

    static func ask(_ request: Record<Request>, _ arguments: ValueMap) throws {
        let table = try Table(request, arguments)
        try table.requireAnswered()
        guard try table.pending() != nil else { throw table.refusal(Seats.chain(of: table.own), []) }
        let text = arguments["question"]?.textValue ?? ""
        guard !text.allSatisfy(\.isWhitespace) else { throw Refusal.missingRequired(["question"], in: Request.name) }
        try table.own.write(["question": .text(text), "question_user_id": .int(table.actor)])
        try Notices.say(table.own, "\(request.env.user.name) asks: \(text)")
        if let owner = table.own.owner?.id { try Notices.ask(owner, table.own, cause: cause, "Answer: \(text)") }
    }

    static func answer(_ request: Record<Request>, _ arguments: ValueMap) throws {
        let env = request.env.asSuperuser("questions are kept by the machine")
        let own = env.record(Request.self, request.id)
        guard own.owner?.id == env.user.id else { throw Refusal.notOwner() }
        let text = arguments["answer"]?.textValue ?? ""
        guard !text.allSatisfy(\.isWhitespace) else { throw Refusal.missingRequired(["answer"], in: Request.name) }
        try own.write(["question": "", "question_user_id": .null])
        try Notices.done(own, cause: cause)
        try Notices.say(own, "\(env.user.name) answers: \(text)")
    }
}
