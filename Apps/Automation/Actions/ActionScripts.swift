import JSON
import Kernel
import Scripts

/// The engine that runs the JavaScript of a database's actions; the process that serves it brings it along.
public enum AutomationScripts {
    /// Says which engine runs scripts; without one, actions with scripts are refused.
    public static func use(_ engine: any ScriptEngine, for memory: DatabaseMemory) {
        memory.thing(EngineBox.self) { EngineBox() }.engine.withLock { $0 = engine }
    }

    static func engine(_ env: Environment) -> (any ScriptEngine)? {
        env.unit.memory.thing(EngineBox.self) { EngineBox() }.engine.withLock { $0 }
    }
}

private final class EngineBox: Sendable {
    let engine = Locked<(any ScriptEngine)?>(nil)
}

/// Runs the JavaScript of actions.
enum ActionScripts {
    /// Runs an action's code and gives what it returned.
    static func run(_ code: String, _ run: ActionRun) throws -> Value {
        guard !code.isEmpty else { return false }
        let answer = value(try evaluate(code, run.records, run))
        return answer.isNull ? false : answer
    }

    /// The value of an expression on one record.
    static func value(of expression: String, _ run: ActionRun, _ record: Records) throws -> Value {
        switch value(try evaluate(self.expression(expression), record, run)) {
        // A recordset stands for its ids.
        case .list(let ids) where ids.count == 1: ids[0]
        case let value: value
        }
    }

    /// The script that gives an expression's value.
    static func expression(_ text: String) -> String { "return (\(text)\n);" }

    private static func evaluate(_ text: String, _ records: Records, _ run: ActionRun) throws -> JSON {
        guard let engine = AutomationScripts.engine(run.env) else { throw Refusal.noScripts(run.plan.name) }
        let env = records.env
        let path = "ir.actions.server(\(run.plan.id))"
        var lines: [ScriptLogLine] = []
        let answer = try engine.run(
            ScriptSource(name: run.plan.name, text: text), on: try told(records, run), payload: run.context.payload,
            log: { lines.append($0) })
        for line in lines { try LogLine.write(line.message, level: line.level.rawValue.uppercased(), path: path, function: "run", env) }
        return answer
    }

    /// The records with what Odoo tells actions in `env.context`: `active_model`, `active_id`, `active_ids`, and after a write `old_values`,
    /// what stood in the written fields before, by id and field.
    private static func told(_ records: Records, _ run: ActionRun) throws -> Records {
        var context = records.env.context
        context["active_model"] = .text(records.model.name)
        context["active_id"] = records.ids.first.map { .int($0) } ?? false
        context["active_ids"] = .ids(records.ids)
        if let before = run.context.before, let id = records.ids.first {
            let values = before.sorted { $0.key < $1.key }.map { (records.model.fields[$0.key].name, $0.value) }
            context["old_values"] = .map([String(id): .map(ValueMap(values))])
        }
        return records.with(try records.env.with(context: context))
    }

    /// Refuses a script that cannot be read, naming the place.
    static func check(_ action: Record<ServerAction>, _ text: String) throws {
        guard !text.isEmpty, let engine = AutomationScripts.engine(action.env) else { return }
        try engine.check(ScriptSource(name: action.displayedName, text: text))
    }

    private static func value(_ json: JSON) -> Value {
        switch json {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .int(let int): .int(Int(int))
        case .double(let double): Int(exactly: double).map { .int($0) } ?? .double(double)
        case .number(let text), .string(let text): .text(text)
        case .array(let list): .list(list.map(value))
        case .object(let object): .map(ValueMap(object.members.map { ($0.key, value($0.value)) }))
        }
    }
}

extension Refusal {
    static func noScripts(_ name: String) -> Refusal {
        Refusal(
            "automation.no_scripts", .unavailable, "The action '\(name)' cannot run: scripts are not available here.",
            instruction: "Start the server with its script engine.")
    }
}
