import Base
import Kernel
import Messaging

/// What people do with exceptions, one or many at a time.
enum ExceptionActions {
    /// The most exceptions of one call.
    static let bulkLimit = 1_000

    private static let isOpen: @Sendable (Record<ExceptionCase>) throws -> Bool = { $0.state == .open || $0.state == .inProgress }

    static let all: [Action<ExceptionCase>] = [
        Action("action_start", "Take on", when: { $0.state == .open }) { cases in
            try cases.write(["state": "in_progress", "user_id": .int(cases.env.user.id)])
        },
        Action(
            "action_assign", "Assign", when: isOpen,
            taking: { cases, arguments in
                try cases.write(["user_id": .int(try assignee(arguments, cases))])
                return .bool(true)
            }),
        Action(
            "action_resolve", "Resolve", when: isOpen,
            taking: { cases, arguments in
                try finish(cases, as: .resolved, try text(arguments, "resolution", or: Refusal.noResolution()))
                return .bool(true)
            }),
        Action(
            "action_dismiss", "Dismiss", when: isOpen,
            taking: { cases, arguments in
                try finish(cases, as: .dismissed, try text(arguments, "reason", or: Refusal.noReason()))
                return .bool(true)
            }),
        Action(
            "action_retry", "Try again", when: isOpen, taking: { cases, _ in .list(try Retrying.retry(cases).map { .map($0.values) }) }),
        Action("action_reopen", "Open again", when: { $0.state == .resolved || $0.state == .dismissed }) { cases in
            try cases.write(["state": "open", "resolved_on": .null])
        },
    ]

    static func finish(_ cases: Recordset<ExceptionCase>, as state: ExceptionCase.State, _ text: String) throws {
        guard cases.count <= bulkLimit else { throw Refusal.tooManyCases() }
        try cases.write(["state": .text(state.rawValue), "resolution": .text(text), "resolved_on": .instant(cases.env.now)])
        for item in cases where item.escalatedOn != nil {
            try ActivityActions.close(cause: Escalation.activity, on: item.records, feedback: text)
        }
    }

    private static func text(_ arguments: ValueMap, _ name: String, or refusal: Refusal) throws -> String {
        guard let text = arguments[name]?.textValue, !text.isEmpty else { throw refusal }
        return text
    }

    /// Somebody who may read all of the exceptions.
    private static func assignee(_ arguments: ValueMap, _ cases: Recordset<ExceptionCase>) throws -> Int {
        let env = cases.env
        let directory = BaseDirectory()
        guard let id = arguments["user_id"]?.intValue,
            let user = try directory.user(id, in: env.asSuperuser("whether somebody may work on it is no secret"))
        else { throw Refusal.noAssignee() }
        let theirs = env.with(user: user)
        do { try theirs.checkAccess(.write, cases.records.model, cases.ids) } catch { throw Refusal.noAssignee() }
        return id
    }
}

extension Refusal {
    static func noResolution() -> Refusal {
        Refusal("exception.no_resolution", .validation, "Say how it was resolved.", instruction: "Give a resolution.")
    }

    static func noReason() -> Refusal {
        Refusal("exception.no_reason", .validation, "Say why nothing is to be done.", instruction: "Give a reason.")
    }

    static func noAssignee() -> Refusal {
        Refusal(
            "exception.no_assignee", .validation, "There is no such user who may work on these exceptions.",
            instruction: "Name a user of the group that works on exceptions, in the same company.")
    }

    static func tooManyCases() -> Refusal {
        Refusal(
            "exception.too_many", .limit, "At most \(ExceptionActions.bulkLimit) exceptions at a time.", instruction: "Do it in parts.")
    }
}
