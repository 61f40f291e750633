import JSON
import Kernel

/// One rule at work on records that set it off.
struct RuleRun {
    /// How many rules may follow each other, each set off by what the one before did.
    static let depthLimit = 32
    /// How many times rules may run in one unit of work.
    static let runLimit = 10_000

    let rule: CompiledRule
    let records: Records
    /// Values before the write, by record and slot; nil when the records are new or nothing was written.
    var before: [Int: [Int: Value]]?
    /// Whether stored values were computed again, and nobody wrote.
    var isRecomputed = false
    /// What came in with a webhook.
    var payload = JSON.null

    init(_ rule: CompiledRule, _ records: Records, before: [Int: [Int: Value]]? = nil) {
        self.rule = rule
        self.records = records
        self.before = before
    }

    /// Runs the rule's actions on those of the records that meet its conditions and have not met it in this chain.
    ///
    /// - Returns: What the last action answered.
    @discardableResult func run(_ candidates: [Int]) throws -> Value {
        guard !candidates.isEmpty, !rule.actions.isEmpty else { return false }
        do {
            let ids = try matching(candidates)
            if ids.isEmpty { return false }
            try count()
            RuleCounts.of(records.env).add { $0.run += 1 }
            return try act(on: ids)
        } catch let refusal as Refusal {
            RuleCounts.of(records.env).add { $0.failed += 1 }
            throw refusal.naming(rule)
        }
    }

    /// Those of the records that meet the rule's conditions and have not met it in this chain.
    func matching(_ candidates: [Int]) throws -> [Int] {
        var ids = try rule.after?.filter(candidates, records) ?? candidates
        if let before, !rule.watched.isEmpty { ids = try ids.filter { try hasChanged($0, before[$0] ?? [:]) } }
        if let cause = records.env.cause { ids = ids.filter { !cause.covers(rule.cause, records.model.name, $0) } }
        return ids
    }

    private func hasChanged(_ id: Int, _ old: [Int: Value]) throws -> Bool {
        let superuser = records.with(records.env.asSuperuser("rules see what changed whoever writes"))
        return try rule.watched.contains { slot in
            guard let value = old[slot] else { return false }
            return try superuser.value(id, records.model.fields[slot]) != value
        }
    }

    private func act(on ids: [Int]) throws -> Value {
        let chosen = Records(records.model, ids, records.env)
        let env = records.env.because(rule.cause, on: chosen)
        let mine = chosen.with(env)
        if records.model.field("date_automation_last") != nil, rule.trigger != .deleted {
            try mine.with(env.asSuperuser("the machine stamps when it was at work")).write(["date_automation_last": .instant(env.now)])
        }
        var answer = Value.bool(false)
        for action in rule.actions {
            if isRecomputed, action.isSkippedWhenRecomputed, !isWanted { continue }
            for id in ids {
                var context = ActionContext()
                context.before = before?[id]
                context.payload = payload
                do { answer = try ActionRun(action, on: mine.only(id), context).run() } catch let refusal as Refusal {
                    throw refusal.naming(rule, on: "\(records.model.name),\(id)")
                }
            }
        }
        return answer
    }

    /// Whether the rule is about the computed fields themselves, and not only touched by their change.
    private var isWanted: Bool {
        let changed = Set((before ?? [:]).values.flatMap(\.keys))
        if !rule.watched.isDisjoint(with: changed) { return true }
        let fields = rule.after?.fields ?? []
        return changed.contains { fields.contains(records.model.fields[$0].name) }
    }

    private func count() throws {
        if let cause = records.env.cause, cause.depth >= RuleRun.depthLimit { throw Refusal.ruleLoop(cause.chain + [rule.cause]) }
        let counter = records.env.unit.thing(RunCounter.self) { RunCounter() }
        counter.runs += 1
        counter.last.append(rule.cause)
        if counter.last.count > RuleRun.depthLimit { counter.last.removeFirst() }
        if counter.runs > RuleRun.runLimit { throw Refusal.tooManyRuns(counter.last) }
    }
}

/// How many rules have run in a unit of work, and which were the last.
private final class RunCounter {
    var runs = 0
    var last: [String] = []
}

extension Refusal {
    /// Rules that set off each other: each is named once, in the order of their first running.
    private static func loop(_ chain: [String]) -> String {
        var seen: Set<String> = []
        return chain.filter { $0.hasPrefix("rule:") && seen.insert($0).inserted }.joined(separator: " → ")
    }

    static func ruleLoop(_ chain: [String]) -> Refusal {
        Refusal(
            "automation.loop", .limit,
            "Automation rules set off each other more than \(RuleRun.depthLimit) times in a row: \(loop(chain)).",
            instruction: "Narrow the trigger or the condition of one of them.", details: ["rules": .list(chain.map { .text($0) })])
    }

    static func tooManyRuns(_ last: [String]) -> Refusal {
        Refusal(
            "automation.too_many_runs", .limit,
            "Automation rules ran more than \(RuleRun.runLimit) times in one unit of work, lately: \(loop(last)).",
            instruction: "Change fewer records at once, or narrow the trigger or the condition of one of them.",
            details: ["rules": .list(last.map { .text($0) })])
    }

    /// The same refusal with the rule at work, as Odoo's clients look for it; the innermost rule stays.
    ///
    /// - Parameter record: The record that it was at work on: `crm.lead,7`.
    func naming(_ rule: CompiledRule, on record: String = "") -> Refusal {
        if details["exception_class"] != nil { return self }
        var details = details
        details["exception_class"] = "base_automation"
        details["base_automation"] = ["id": .int(rule.id), "name": .text(rule.name), "record": .text(record)]
        return Refusal(code, kind, message, instruction: instruction, details: details)
    }
}
