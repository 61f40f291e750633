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
        let version = try bind(request)
        try Requesting.see(request)
        do {
            guard version else { throw Refusal.policyEnded(request.displayedName) }
            try Seats.set(try seating(request), for: request)
        } catch let refusal as Refusal where isStuck(refusal) {
            try Seats.close(request)
            try raise(refusal, request)
        }
        try Notices.say(
            request,
            "The approval of '\(request.displayedName)' begins again, because \(why): \(votes) earlier agreements are void.")
    }

    /// From now on the request goes by the version in force; false when there is none any more.
    private static func bind(_ request: Record<Request>) throws -> Bool {
        if request.category != nil { return true }
        let model = try request.env.registry.requireModel(request.recordModel)
        let record = Records(model, [request.record], request.env)
        guard let policy = try PolicyBook.current(request.env).policy(request.policy?.id ?? 0, for: record) else { return false }
        if policy.version != request.released?.id {
            try request.write(["policy_version": .text(policy.cause), "policy_version_id": .int(policy.version)])
        }
        return true
    }

    /// Whether nobody can decide any more, so that a person has to look at it.
    private static func isStuck(_ refusal: Refusal) -> Bool {
        let codes = ["no_approver", "policy_ended", "table", "unknown_approver", "category_not_released", "too_many_steps"]
        return codes.contains { refusal.code == "approval." + $0 }
    }

    private static func seating(_ request: Record<Request>) throws -> Seating {
        let barred = try Table.barred(request)
        let owner = request.owner?.id ?? 0
        let seating: Seating
        if let category = request.category {
            seating = try Seating(try CategoryRow.require(category), owner: request.env.record(User.self, owner), barred: barred)
        } else {
            let model = try request.env.registry.requireModel(request.recordModel)
            guard let policy = try PolicyBook.policy(of: request) else { throw Refusal.policyEnded(request.displayedName) }
            seating = try Seating(policy, record: Records(model, [request.record], request.env), owner: owner, barred: barred)
        }
        try seating.requireFeasible(request.policy?.displayedName ?? request.category?.displayedName ?? request.displayedName)
        return seating
    }

    /// Looks for people again, for a request that nobody could decide; those who are late are reminded once more.
    static let retry = ExceptionRetry(source: "approvals") { item in
        let env = item.env.asSuperuser("seats are made by the machine")
        guard item.recordModel == Request.name,
            let request = try env.search(Request.self, .where("id", .equal, .int(item.record)), limit: 1).first,
            request.status == .pending
        else { throw Refusal.noRetry("The request waits for no decision any more.") }
        let late = request.approvers.filter { $0.status == .pending }
        if !late.isEmpty {
            try ApprovalTimers.remind(request, Array(late))
            return "\(late.count) people were reminded."
        }
        do {
            guard try bind(request) else { throw Refusal.policyEnded(request.displayedName) }
            let found = try seating(request)
            try Requesting.see(request)
            try Seats.set(found, for: request)
        } catch let refusal as Refusal where isStuck(refusal) { throw Refusal.noRetry(refusal.sentence) }
        return "The approval of '\(request.displayedName)' begins again."
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
