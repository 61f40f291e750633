import JSON
import Kernel

/// Runs the JavaScript of actions.
enum ActionScripts {
    /// Runs an action's code and gives what it returned.
    static func run(_ code: String, _ run: ActionRun) throws -> Value {
        guard !code.isEmpty else { return false }
        throw Refusal.noScripts(run.plan)
    }

    /// The value of an expression on one record.
    static func value(of expression: String, _ run: ActionRun, _ record: Records) throws -> Value {
        throw Refusal.noScripts(run.plan)
    }
}

extension Refusal {
    static func noScripts(_ plan: ActionPlan) -> Refusal {
        Refusal(
            "automation.no_scripts", .unavailable, "The action '\(plan.name)' cannot run: scripts are not available here.",
            instruction: "Start the server with its script engine.")
    }
}
