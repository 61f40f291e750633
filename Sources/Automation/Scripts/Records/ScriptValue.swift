import Crypto
import JSON
import Kernel

/// Turns values of fields into what scripts see, and back.
///
/// Days and moments are texts (`2026-03-02`, `2026-03-02 09:00:00` in UTC), which compare rightly and which `new Date()` reads; money
/// and numbers are numbers; what is not set is null; relations are recordsets; bytes are Base64.
enum ScriptValue {
    /// The largest whole number that JavaScript holds exactly.
    private static let mostExact = 9_007_199_254_740_991
    /// The most levels of lists and maps in what a script sends.
    private static let mostLevels = 32

    /// How a script sees a field: `value`, `one` or `many`.
    static func kind(_ field: Field) -> String {
        switch field.kind {
        case .many2one: "one"
        case .one2many, .many2many: "many"
        default: "value"
        }
    }

    /// A field's value for a script.
    static func json(_ value: Value, _ field: Field) throws -> JSON {
        switch field.kind {
        case .many2one: value.idList?.first.map { JSON($0) } ?? .null
        case .one2many, .many2many: .array((value.idList ?? []).map { JSON($0) })
        default: try json(value)
        }
    }

    /// Any value for a script.
    static func json(_ value: Value) throws -> JSON {
        switch value {
        case .int(let int):
            guard int.magnitude <= mostExact else {
                throw Refusal.badScriptCall("A whole number is beyond what a script can hold exactly (\(mostExact)).")
            }
            return JSON(int)
        case .amount(let amount): return .double(amount.double)
        case .bytes(let bytes): return .string(Base64.standard.encode(bytes))
        case .list(let list): return .array(try list.map { try json($0) })
        case .map(let map): return .object(JSONObject(try map.entries.map { JSONObject.Member(key: $0.name, value: try json($0.value)) }))
        default: return value.asJSON
        }
    }

    /// What a script sent, as a value.
    static func value(_ json: JSON, level: Int = 0) throws -> Value {
        guard level <= mostLevels else { throw Refusal.badScriptCall("What a script sends may have at most \(mostLevels) levels.") }
        switch json {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(Int(int))
        // JavaScript has one kind of number: 2.0 is a whole one.
        case .double(let double): return Int(exactly: double).map { .int($0) } ?? .double(double)
        case .number(let text): return .text(text)
        case .string(let text): return .text(text)
        case .array(let list): return .list(try list.map { try value($0, level: level + 1) })
        case .object(let object): return .map(try map(.object(object), level: level))
        }
    }

    /// What a script sent as named values.
    static func map(_ json: JSON, level: Int = 0) throws -> ValueMap {
        guard let object = json.objectValue else { throw Refusal.badScriptCall("Values are an object: {name: value}.") }
        return ValueMap(try object.members.map { ($0.key, try value($0.value, level: level + 1)) })
    }

    /// A value that a script wrote, in the form that a field of that kind takes: a recordset arrives as its ids.
    static func stored(_ value: Value, _ field: Field, _ model: ModelSchema, _ registry: Registry) throws -> Value {
        switch (field.kind, value) {
        case (.many2one, .list(let ids)):
            guard ids.count <= 1 else { throw Refusal.badValue(field.name, in: model.name, expected: "one record") }
            return ids.first ?? .null
        case (.one2many, .list(let ids)), (.many2many, .list(let ids)):
            // A plain list of ids stands for "exactly these"; lists of commands stay.
            guard ids.allSatisfy({ if case .int = $0 { true } else { false } }) else {
                guard let comodel = field.kind.comodel.flatMap(registry.model) else { return value }
                return .list(try ids.map { try command($0, comodel, registry) })
            }
            return [[6, 0, .list(ids)]]
        case (.binary, .text(let text)):
            guard let bytes = Base64.standard.decode(text) else { throw Refusal.badValue(field.name, in: model.name, expected: "Base64") }
            return .bytes(bytes)
        default: return value
        }
    }

    /// The values that a script wrote for one record, in the forms that the fields take.
    static func stored(_ values: ValueMap, _ model: ModelSchema, _ registry: Registry) throws -> ValueMap {
        var map = values
        for (index, entry) in map.entries.enumerated() {
            if let field = model.field(entry.name) { map.entries[index].value = try stored(entry.value, field, model, registry) }
        }
        return map
    }

    /// A command for a list whose last part may be the values of a record.
    private static func command(_ command: Value, _ comodel: ModelSchema, _ registry: Registry) throws -> Value {
        guard case .list(var parts) = command, parts.count == 3, case .map(let values) = parts[2] else { return command }
        parts[2] = .map(try stored(values, comodel, registry))
        return .list(parts)
    }
}
