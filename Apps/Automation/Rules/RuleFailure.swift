import Engine
import Exceptions
import Kernel
import Store

/// Rules that failed: each gets an owner, and can be run again.
public enum RuleFailure {
    /// Where the exceptions of rules come from.
    static let source = "automation"
    /// The kind of the jobs that run a rule again on a record.
    static let jobKind = "automation.again"

    /// Gives a failure an owner.
    ///
    /// - Parameter record: The record that the rule was at work on, as `crm.lead,7`; empty when it was about many.
    static func raise(_ rule: Record<AutomationRule>, _ reason: String, on record: String = "") throws {
        try ExceptionCase.raise(
            "automation.rule_failed",
            "The automation rule '\(rule.displayedName)' failed\(record.isEmpty ? "" : " on \(record)"): \(reason)",
            remedy: "Correct the rule or the record, then try again.", source: source, on: rule.records, reference: record, in: rule.env)
    }

    /// Watches a database for people's changes that a failing rule has undone: the person was told, and the rule's owner is told here.
    ///
    /// A rule that refuses a change on purpose, by a `UserError` of its script, has not failed.
    public static func watch(_ database: Database) {
        database.onFailures { [weak database] error, user in
            guard let database, user.id != UserContext.system.id, let refusal = error as? Refusal, refusal.kind != .userError,
                let rule = refusal.details["base_automation"]?.mapValue, let id = rule["id"]?.intValue
            else { return }
            let record = rule["record"]?.textValue ?? ""
            Task.detached {
                try? await database.write(as: .system, superuser: true) { env in
                    let all = try env.with(context: ["active_test": false])
                    guard let rule = try all.search(AutomationRule.self, .where("id", .equal, .int(id)), limit: 1).first else { return }
                    try raise(env.record(AutomationRule.self, rule.id), refusal.description, on: record)
                }
            }
        }
    }

    /// Runs a rule again: on the record on which it failed, with the rights of whoever asks, or on all for which its time has come.
    static let again = ExceptionRetry(source: source) { item in
        let env = item.env.asSuperuser("whoever works on an exception runs again what failed")
        guard item.recordModel == AutomationRule.name, let compiled = try RuleBook.rules(env.unit).byId[item.record] else {
            throw Refusal.noRetry("The rule is gone, or not in force any more.")
        }
        if item.reference.isEmpty {
            guard compiled.trigger.followsTime else { throw Refusal.noRetry("It names no record on which the rule failed.") }
            try AutomationTime.enqueue(compiled.id, again: item.retries, env)
            return "The rule '\(compiled.name)' is run again now."
        }
        guard let (name, id) = ActionPlan.reference(item.reference), let model = env.registry.model(name), name == compiled.modelName,
            try !env.existing([id], in: model).isEmpty
        else { throw Refusal.noRetry("The record \(item.reference) is gone: the change that made it was undone.") }
        try env.unit.transaction.enqueue(
            JobRequest(
                jobKind, queue: AutomationTime.queue,
                payload: ["rule": .int(compiled.id), "record": .text(item.reference), "user": .int(env.user.id)],
                uniqueKey: "\(jobKind):\(item.id):\(item.retries):\(env.now.seconds)"))
        return "The rule '\(compiled.name)' is run again on \(item.reference) now."
    }

    /// The handler of the jobs.
    public static func handler(_ database: Database) -> JobHandler {
        JobHandler(
            jobKind,
            outside: { job in
                if let rule = job.payload["rule"]?.intValue, let text = job.payload["record"]?.textValue,
                    let user = job.payload["user"]?.intValue, let record = ActionPlan.reference(text)
                {
                    await run(rule, on: record, as: user, database)
                }
                return { _ in }
            })
    }

    /// Why a rule failed again.
    private struct Again: Error { let reason: String }

    /// Runs a rule on a record whose conditions it meets; a failure is undone and opens the exception again.
    private static func run(_ rule: Int, on record: (model: String, id: Int), as user: Int, _ database: Database) async {
        do {
            let isSystem = user == UserContext.system.id
            let actor = isSystem ? .system : try await database.blocking { try database.user(user) }
            try await database.write(as: actor, superuser: isSystem) { env in
                guard let compiled = try RuleBook.rules(env.unit).byId[rule] else { return }
                let records = try env.records(record.model, [record.id])
                // Told below, and not by whoever watches as well.
                do { try RuleRun(compiled, records).run([record.id]) } catch let refusal as Refusal {
                    throw Again(reason: refusal.description)
                }
            }
        } catch {
            let reason =
                (error as? Again)?.reason ?? (error as? Refusal)?.description ?? "An unexpected failure: \(type(of: error))."
            try? await database.write(as: .system, superuser: true) { env in
                try raise(env.record(AutomationRule.self, rule), reason, on: "\(record.model),\(record.id)")
            }
        }
    }
}
