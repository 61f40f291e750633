import Base
import Crypto
import Exceptions
import JSON
import Kernel
import Store

/// A call that comes in at `/web/hook/<uuid>` and sets a rule off.
public enum IncomingWebhook {
    /// Runs the rule of an address in this unit of work; false when there is none.
    ///
    /// - Throws: `automation.no_record`, or what the rule's actions refuse.
    public static func run(_ name: String, _ payload: JSON, in env: Environment) throws -> Bool {
        guard let rule = try find(name, env), let compiled = try RuleBook.rules(env.unit).byId[rule.id], compiled.trigger == .webhook else {
            return false
        }
        if rule.logsCalls { try log("Called.", "INFO", rule, env) }
        let record = try RecordGetter(compiled.getter).record(payload, try env.registry.requireModel(compiled.modelName), env)
        guard try !env.existing(record.ids, in: record.model).isEmpty else { throw Refusal.noRecord(rule.displayedName) }
        var run = RuleRun(compiled, record)
        run.payload = payload
        try run.run(record.ids)
        return true
    }

    /// The record of the rule of an address; whether and how it runs is said by what was released of it.
    private static func find(_ name: String, _ env: Environment) throws -> Record<AutomationRule>? {
        guard name.utf8.count >= 32 else { return nil }
        let all = try env.with(context: ["active_test": false])
        let found = try all.search(AutomationRule.self, .where("webhook_uuid", .equal, .text(name)), limit: 1).first
        return found.map { env.record(AutomationRule.self, $0.id) }
    }

    /// The rule of an address that is in force, and how many calls a minute it takes as it was released.
    public static func inForce(_ name: String, _ env: Environment) throws -> (rule: Record<AutomationRule>, perMinute: Int)? {
        guard let rule = try find(name, env), let compiled = try RuleBook.rules(env.unit).byId[rule.id], compiled.trigger == .webhook,
            let content = try Governed.content(Governed.rule, rule.id, env)
        else { return nil }
        let perMinute = try content.number("webhook_per_minute")
        return (rule, perMinute > 0 ? perMinute : usualPerMinute)
    }

    /// Calls a minute of a rule that says nothing of it.
    public static let usualPerMinute = 120

    private static func log(_ message: String, _ level: String, _ rule: Record<AutomationRule>, _ env: Environment) throws {
        try LogLine.write(message, level: level, path: "base_automation(\(rule.id))", function: "webhook", env)
    }

    /// A name that nobody guesses, in the form of a UUID of version 4.
    static func freshName() -> String {
        var bytes = SystemRandomSource().bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Hex.encode(bytes)
        var name = ""
        for (index, character) in hex.enumerated() {
            if [8, 12, 16, 20].contains(index) { name += "-" }
            name.append(character)
        }
        return name
    }

    /// Where to call.
    static func address(of rule: Record<AutomationRule>) throws -> String {
        guard rule.trigger == .webhook, !rule.webhook.isEmpty else { return "" }
        let base = try rule.env.search(Parameter.self, .where("key", .equal, "web.base.url"), limit: 1).first?.content ?? ""
        return base + "/web/hook/" + rule.webhook
    }
}

/// Finds the record that a payload is about; a safe part of what Odoo lets rules write in Python.
///
/// Shape: `model.env[payload.get('_model')].browse(int(payload.get('_id')))`, `model.browse(int(payload.get('key')))`, or
/// `model.search([('field', '=', payload.get('key'))], limit=1)`; a key may be dotted to lead into objects.
struct RecordGetter {
    /// What a new rule starts with.
    static let usual = "model.env[payload.get('_model')].browse(int(payload.get('_id')))"

    private enum Form {
        case named(model: String, id: String)
        case id(String)
        case field(String, String)
    }
    private let form: Form

    /// Reads a getter.
    /// - Throws: `automation.bad_getter`.
    init(_ text: String) throws {
        let plain = text.filter { !$0.isWhitespace }.map { $0 == "\"" ? "'" : String($0) }.joined()
        let key = #"payload(?:\.get\('([\w.\-]+)'\)|\['([\w.\-]+)'\])"#
        func match(_ pattern: String) throws -> [String]? {
            try Regex(pattern).wholeMatch(in: plain).map { found in
                (1..<found.output.count).compactMap { found.output[$0].substring.map(String.init) }
            }
        }
        let isInt = #"(?:int\(\#(key)\)|\#(key))"#
        if let found = try match(#"(?:model\.)?env\[\#(key)\]\.browse\(\#(isInt)\)"#), found.count == 2 {
            form = .named(model: found[0], id: found[1])
        } else if let found = try match(#"model\.browse\(\#(isInt)\)"#), found.count == 1 {
            form = .id(found[0])
        } else if let found = try match(#"model\.search\(\[\('(\w+)','=',\#(isInt)\)\](?:,limit=1)?\)"#), found.count == 2 {
            form = .field(found[0], found[1])
        } else {
            throw Refusal.badGetter(text)
        }
    }

    /// The record; none when the payload names none.
    func record(_ payload: JSON, _ model: ModelSchema, _ env: Environment) throws -> Records {
        switch form {
        case .named(let name, let id):
            // A payload cannot send a rule to another model than its own: its actions would not fit.
            guard value(payload, name)?.stringValue == model.name else { return Records(model, [], env) }
            return Records(model, number(value(payload, id)), env)
        case .id(let key): return Records(model, number(value(payload, key)), env)
        case .field(let field, let key):
            guard let wanted = value(payload, key).flatMap(RecordGetter.plain) else { return Records(model, [], env) }
            return try env.search(model, .where(field, .equal, wanted), limit: 1)
        }
    }

    private func value(_ payload: JSON, _ path: String) -> JSON? {
        path.split(separator: ".").reduce(Optional(payload)) { found, step in found?[String(step)] }
    }

    private func number(_ json: JSON?) -> [Int] { (json?.intValue ?? json?.stringValue.flatMap { Int($0) }).map { [$0] } ?? [] }

    private static func plain(_ json: JSON) -> Value? {
        if let text = json.stringValue { return .text(text) }
        return json.intValue.map { .int($0) }
    }
}

extension Refusal {
    static func badGetter(_ text: String) -> Refusal {
        Refusal(
            "automation.bad_getter", .validation, "The record of a payload cannot be found by '\(text.prefix(100))'.",
            instruction:
                "Write \(RecordGetter.usual), model.browse(int(payload.get('key'))) or model.search([('field', '=', payload.get('key'))], limit=1)."
        )
    }

    static func noRecord(_ rule: String) -> Refusal {
        Refusal(
            "automation.no_record", .missing, "No record to run the rule '\(rule)' on was found.",
            instruction: "Send the record that the rule's getter asks for.")
    }
}
