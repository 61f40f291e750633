import Base
import DecisionTables
import Decisions
import Exceptions
import JSON
import Kernel

/// How long something about one record may take, and what said so.
struct Promise: Hashable {
    let minutes: Int
    let warn: Int
    /// The version of the decision table; empty when the service level itself says it.
    var decision = ""
    /// What the table was asked and which rows answered.
    var evidence = JSON.null
}

/// What a service level promises: its own minutes, or those that a decision table names for a record.
struct PromiseSource: Sendable {
    let name: String
    let key: String
    let minutes: Int
    let warn: Int
    /// The key of the table; empty for none.
    let table: String
    let inputs: RecordInputs

    /// The promise for a record: by the table where there is one with a row for it, else the service level's own.
    ///
    /// A table that cannot be asked stops nobody's work: the service level's own minutes hold, and somebody hears of it.
    func promise(for record: Records, company: Int?) throws -> Promise {
        do { return try asked(record, company) } catch let refusal as Refusal {
            try ExceptionCase.raise(
                "sla.table", "\(name): \(table) could not be asked: \(refusal.message)", remedy: refusal.instruction,
                source: PromiseRetry.source, on: record, reference: key, in: record.env)
            return Promise(minutes: minutes, warn: warn)
        }
    }

    /// - Throws: Why the table cannot be asked.
    func asked(_ record: Records, _ company: Int?) throws -> Promise {
        if table.isEmpty { return Promise(minutes: minutes, warn: warn) }
        let (compiled, cause) = try DecisionTables.table(table, in: record.env, company: company)
        let inputs = try inputs.values(for: compiled.table, of: record)
        let outcome = try compiled.evaluate(fields: inputs)
        let (found, share) = (outcome["minutes"].fieldValue.intValue, outcome["warn"].fieldValue.intValue)
        if let found, !(1...PolicyContent.minutesLimit).contains(found) {
            throw Refusal.policy("minutes", "a number from 1 to \(PolicyContent.minutesLimit)")
        }
        return Promise(
            minutes: found ?? minutes, warn: share.map { min(max($0, 0), 100) } ?? warn, decision: cause,
            evidence: ["inputs": PromiseSource.shown(inputs), "rows": .array(outcome.used.map { JSON($0) })])
    }

    /// What the table would be asked now; null when there is none that can be asked.
    func inputs(of record: Records, company: Int?) -> JSON {
        guard !table.isEmpty, let compiled = try? DecisionTables.table(table, in: record.env, company: company).0,
            let inputs = try? inputs.values(for: compiled.table, of: record)
        else { return .null }
        return PromiseSource.shown(inputs)
    }

    private static func shown(_ inputs: ValueMap) -> JSON {
        .object(JSONObject(inputs.entries.map { JSONObject.Member(key: $0.name, value: $0.value.asJSON) }))
    }
}

/// Asks the table of a service level again, for a clock that was started without it.
enum PromiseRetry {
    static let source = "sla.promise"

    static let retry = ExceptionRetry(source: source) { item in
        let env = item.env.asSuperuser("a promise is made by the machine")
        let open =
            Domain.where("res_model", .equal, .text(item.recordModel)) & .where("res_id", .equal, .int(item.record))
            & .where("policy_key", .equal, .text(item.reference)) & .where("state", .in, ["running", "paused"])
        guard let model = env.registry.model(item.recordModel), let clock = try env.search(Clock.self, open, limit: 1).first,
            let policy = try PolicyTable.current(env).byModel[model.index]?.first(where: {
                $0.promise.key == item.reference && $0.scope.applies(to: clock.company?.id)
            })
        else { throw Refusal.noRetry("The clock has stopped, or its service level is not in force.") }
        let promise: Promise
        do { promise = try policy.promise.asked(Records(model, [item.record], env), clock.company?.id) } catch let refusal as Refusal {
            throw Refusal.noRetry(refusal.sentence)
        }
        try ClockWriter(env).change(clock, to: promise, because: policy.cause)
        return "The promise is \(promise.minutes) minutes."
    }
}
