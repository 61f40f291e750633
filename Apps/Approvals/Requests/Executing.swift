import Base
import Kernel
import Messaging
import Store

/// Runs what was approved: once, as its requester, on the content that was seen.
enum Executing {
    /// The cause under which an approved action runs.
    static func cause(_ request: Int) -> String { "approval:\(request)" }

    static func finish(_ request: Record<Request>) throws -> Value {
        try checkDecisions(request)
        try request.write(["request_status": "approved"])
        try Seats.close(request)
        try Notices.say(request, "Approved: \(request.displayedName).")
        guard let model = request.env.registry.model(request.recordModel) else { return .bool(true) }
        guard request.executedOn == nil else { throw Refusal.notPending(request.displayedName) }
        try request.write(["executed_on": .instant(request.env.now)])
        guard let owner = request.owner, let requester = try requester(owner.id, request.env) else {
            throw Refusal(
                "approval.requester_gone", .conflict, "Whoever asked for '\(request.displayedName)' may not sign in any more.",
                instruction: "Refuse the request and let somebody else ask.")
        }
        let plain = Environment(unit: request.env.unit, user: requester, cause: request.env.cause).because(request.cause)
        let record = Records(model, [request.record], plain)
        let env = plain.because(cause(request.id), on: record)
        return try record.with(env).call(request.action, arguments(request))
    }

    /// Whether an action runs because it was approved.
    static func isGranted(_ action: String, on records: Records) throws -> Bool {
        var cause = records.env.cause
        while let current = cause {
            if current.name.hasPrefix("approval:"), let id = Int(current.name.dropFirst(9)),
                records.ids.allSatisfy({ current.covers(current.name, records.model.name, $0) })
            {
                let machine = records.env.asSuperuser("an approval is looked up by the machine")
                let request = machine.record(Request.self, id)
                return request.status == .approved && request.action == action && request.executedOn == records.env.now
            }
            cause = current.previous
        }
        return false
    }

    private static func requester(_ id: Int, _ env: Environment) throws -> UserContext? { try BaseDirectory().user(id, in: env) }

    private static func arguments(_ request: Record<Request>) -> ValueMap {
        request.arguments == .null ? [:] : ValueText.read(request.arguments.text())
    }

    /// Every agreement must be one of this round, about this content, and as it was made.
    private static func checkDecisions(_ request: Record<Request>) throws {
        let decisions = request.decisions.filter { $0.round == request.round }
        for row in request.approvers where row.status == .approved {
            let own = decisions.last { $0.user?.id == row.decidedBy?.id && $0.step == row.step }
            guard let own, own.kind == .approve, own.seen == request.seen, try Decision.isSound(own) else {
                throw Refusal.otherVersion(request.displayedName)
            }
        }
    }
}
