import Automation
import Kernel

/// A call that came in at a rule's webhook: stored before its rule runs, so that none is lost.
public struct IncomingCall: Model {
    public static let name = "webhook.call"
    public static let title = "Incoming webhook"
    public static let order = "id desc"
    public static let nameField = "webhook_id"
    public static let indexes = [["rule_id", "webhook_id"]]

    /// Calls that are kept once they are done; the oldest go when a hundredth more has come.
    public static let limit = 10_000

    /// Where a call stands.
    public enum State: String, SelectionValue { case received, done, failed }

    public let rule = Many2one<AutomationRule>("rule_id", onDelete: .cascade, "Rule", .required, .indexed, .readonly)
    public let webhookId = Char("webhook_id", "Message", .readonly)
    /// Emptied when the call is done.
    public let payload = Text("payload", "Payload", .readonly)
    public let state = Selection<State>("state", initial: .received, "Status", .required, .indexed, .readonly)
    public let error = Text("error", "Why it failed", .readonly)
    public let attempts = Integer("attempts", "Attempts", .readonly)

    public static let actions = [
        Action<IncomingCall>("action_replay", "Run again", when: { $0.state == .failed }) { calls in
            let env = calls.env.asSuperuser("a call runs as it would have run when it came")
            for call in calls { try IncomingDesk.run(call.id, in: env) }
        }
    ]

    public static let lifecycle = Lifecycle<IncomingCall>(beforeWrite: { calls, _ in
        guard calls.env.isSuperuser else {
            throw Refusal("webhook.read_only", .accessDenied, "A call cannot be edited.", instruction: "Use its action to run it again.")
        }
    })

    public init() {}
}
