import Base
import Kernel

/// What people do with requests.
enum RequestActions {
    static let all: [Action<Request>] = [
        Action("action_confirm", "Submit", when: { $0.status == .new }) { requests in
            for request in requests { try Requesting.confirm(request) }
        },
        Action(
            "action_approve", "Approve", when: { $0.status == .pending && isInvolved($0) },
            taking: { requests, arguments in
                var last = Value.bool(true)
                for request in requests { last = try Deciding.approve(request, arguments) }
                return last
            }),
        Action(
            "action_refuse", "Refuse", when: { $0.status == .pending && isInvolved($0) },
            taking: { requests, arguments in
                for request in requests { try Deciding.refuse(request, arguments) }
                return .bool(true)
            }),
        Action(
            "action_withdraw", "Withdraw", when: { $0.status == .pending },
            taking: { requests, arguments in
                for request in requests { try Deciding.withdraw(request, arguments) }
                return .bool(true)
            }),
        Action(
            "action_ask", "Ask for information", when: { $0.status == .pending && isInvolved($0) },
            taking: { requests, arguments in
                for request in requests { try Questions.ask(request, arguments) }
                return .bool(true)
            }),
        Action(
            "action_answer", "Answer", when: { $0.status == .pending && !$0.question.isEmpty },
            taking: { requests, arguments in
                for request in requests { try Questions.answer(request, arguments) }
                return .bool(true)
            }),
        Action("action_cancel", "Recall", when: { [.new, .pending].contains($0.status ?? .new) }) { requests in
            for request in requests { try recall(request) }
        },
        Action("action_draft", "Back to new", when: { [.cancel, .refused].contains($0.status ?? .new) && $0.category != nil }) { requests in
            for request in requests { try reopen(request) }
        },
    ]

    /// Whether somebody is not the requester: they never decide about it.
    private static func isInvolved(_ request: Record<Request>) -> Bool { request.owner?.id != request.env.user.id }

    private static func recall(_ request: Record<Request>) throws {
        let own = try requireOwner(request)
        try own.write(["request_status": "cancel", "question": ""])
        try Seats.close(own)
        try Notices.say(own, "Recalled by \(request.env.user.name): \(own.displayedName).")
    }

    private static func reopen(_ request: Record<Request>) throws {
        let own = try requireOwner(request)
        try own.approvers.unlink()
        try own.write(["request_status": "new", "date_confirmed": .null])
    }

    private static func requireOwner(_ request: Record<Request>) throws -> Record<Request> {
        let env = request.env.asSuperuser("the state of a request is changed by its actions")
        let own = env.record(Request.self, request.id)
        guard own.owner?.id == env.user.id || env.user.isMember(of: "approvals.group_manager") else { throw Refusal.notOwner() }
        return own
    }
}

/// Many decisions in one call.
enum BulkDecisions {
    /// The most requests of one call.
    static let limit = 200

    /// Decides about each request for which it is possible, and says of the others why not.
    ///
    /// Shape: for each a map of `id`, `done`, and `code` and `message` where it was not possible.
    static func decide(_ requests: Recordset<Request>, _ arguments: ValueMap) throws -> Value {
        try requests.env.checkAccess(.write, requests.records.model, requests.ids)
        guard requests.ids.count <= limit else {
            throw Refusal("approval.bulk_limit", .limit, "At most \(limit) requests in one call.", instruction: "Send them in parts.")
        }
        let decision = arguments["decision"]?.textValue ?? ""
        guard ["approve", "refuse"].contains(decision) else {
            throw Refusal.badValue("decision", in: Request.name, expected: "'approve' or 'refuse'")
        }
        return .list(
            try requests.map { request in
                if let refusal = try obstacle(request, arguments, decision) {
                    return .map([
                        "id": .int(request.id), "done": false, "code": .text(refusal.code), "message": .text(refusal.sentence),
                    ])
                }
                _ = try request.asSet.call("action_" + decision, arguments)
                return .map(["id": .int(request.id), "done": true])
            })
    }

    /// What would refuse a decision, found out before anything is written.
    private static func obstacle(_ request: Record<Request>, _ arguments: ValueMap, _ decision: String) throws -> Refusal? {
        do {
            let table = try Table(request, arguments)
            if decision == "refuse" { return try table.pending() == nil ? table.refusal(Seats.chain(of: table.own), []) : nil }
            try table.requireAnswered()
            if try Restarting.isOutdated(table.own) { return Refusal.otherVersion(table.own.displayedName) }
            let chain = Seats.chain(of: table.own)
            let seats = try table.seats(among: chain.steps.flatMap(\.seats))
            return seats.contains { chain.place(table.actor, for: $0) != nil } ? nil : table.refusal(chain, seats)
        } catch let refusal as Refusal { return refusal }
    }
}
