import Base
import Engine
import Exceptions
import Kernel
import Messaging
import Store

/// Reminds whoever has not decided in time, then asks the next person.
public enum ApprovalTimers {
    /// The queue that a runner has to work on.
    public static let queue = "approvals"
    static let kind = "approval.escalate"
    /// How often: a reminder, then the next person, then an exception.
    static let lastLevel = 3

    /// What the machine does for approvals when nobody is there.
    public static let handlers = [
        JobHandler(kind) { job, env in
            guard let id = job.payload["request"]?.intValue else { throw JobFailure.hopeless(reason: "The job names no request.") }
            try act(
                request: id, round: job.payload["round"]?.intValue ?? 0, step: job.payload["step"]?.intValue ?? 0,
                level: job.payload["level"]?.intValue ?? 1, env)
        }
    ]

    /// Sets the timer of a step that has begun to wait.
    static func start(_ step: Int, of request: Record<Request>, level: Int = 1) throws {
        guard let hours = request.approvers.first(where: { $0.step == step })?.hours, hours > 0 else { return }
        try request.env.unit.transaction.enqueue(
            JobRequest(
                kind, queue: queue,
                payload: ["request": .int(request.id), "round": .int(request.round), "step": .int(step), "level": .int(level)],
                uniqueKey: "approval:\(request.id):\(request.round):\(step):\(level)", runAt: request.env.now + hours * 3_600))
    }

    /// What a timer does when it fires: nothing when the step was met or the chain began again.
    static func act(request id: Int, round: Int, step: Int, level: Int, _ env: Environment) throws {
        let machine = env.asSuperuser("timers are the machine's")
        guard let request = try machine.search(Request.self, .where("id", .equal, .int(id)), limit: 1).first else { return }
        guard request.status == .pending, request.round == round else { return }
        let late = request.approvers.filter { $0.step == step && $0.status == .pending }
        if late.isEmpty { return }
        switch level {
        case 1: try remind(request, late)
        case 2: try escalate(request, late)
        default:
            let names = late.compactMap { $0.user?.displayedName }.joined(separator: ", ")
            try ExceptionCase.raise(
                "approval.overdue", "Nobody has decided about '\(request.displayedName)' in time: \(names).",
                remedy: "Ask them, or change the people of \(name(of: request)).", source: "approvals", on: request.records, in: machine)
        }
        if level < lastLevel { try start(step, of: request, level: level + 1) }
    }

    static func remind(_ request: Record<Request>, _ late: [Record<Approver>]) throws {
        let partners = late.compactMap { $0.user?.partner?.id }
        var post = Post(
            body: "<p>\(PlainText.escape(request.displayedName)) still waits for your decision.</p>", kind: .notification,
            subtype: "mail.mt_note")
        post.recipients = partners
        _ = try Chatter.post(on: request.records, post)
    }

    /// Gives a seat to the next person: the policy's, or the managers of those who were asked.
    private static func escalate(_ request: Record<Request>, _ late: [Record<Approver>]) throws {
        guard let first = late.first else { return }
        let barred = try Table.barred(request)
        let seated = Set(request.approvers.filter { $0.step == first.step }.compactMap { $0.user?.id })
        let next = try successors(request, late).filter { try !seated.contains($0) && barred.reason(for: $0) == nil }
        guard !next.isEmpty else {
            return try Restarting.raise(Refusal.noApprover(name(of: request), step: first.stepName, origin: first.origin), request)
        }
        for user in next {
            try request.env.create(
                Approver.self,
                [
                    "request_id": .int(request.id), "user_id": .int(user), "sequence": .int(first.sequence), "step": .int(first.step),
                    "step_name": .text(first.stepName), "quorum": .int(first.quorum), "required": false,
                    "meaning": first.meaning.map { .text($0.rawValue) } ?? .null, "deadline_hours": .int(first.hours), "status": "waiting",
                    "is_escalated": true, "origin": .text(first.origin),
                ])
        }
        try Seats.open(request, to: Set(next))
        try Seats.refresh(request)
        try Notices.say(request, "The approval of '\(request.displayedName)' is late and was passed on.")
    }

    private static func successors(_ request: Record<Request>, _ late: [Record<Approver>]) throws -> [Int] {
        if let user = late.first?.escalation { return [user.id] }
        var seen: Set<Int> = []
        return late.compactMap { $0.user?[\ManagerOfUser.manager]?.id }.filter { seen.insert($0).inserted }
    }

    private static func name(of request: Record<Request>) -> String {
        request.policy?.displayedName ?? request.category?.displayedName ?? request.displayedName
    }
}
