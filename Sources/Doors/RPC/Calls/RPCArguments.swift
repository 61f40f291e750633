import Kernel

/// A call's arguments, bound to the parameters of its method by Python's rule.
struct RPCArguments: Sendable {
    let label: String
    private let names: [String]
    private let values: [Value?]

    /// Binds positional, then named arguments.
    ///
    /// - Throws: `rpc.bad_argument` in Python's words: too many, unknown, twice or missing.
    init(_ label: String, _ parameters: [RPCParameter], positional: ArraySlice<Value>, named: ValueMap) throws {
        self.label = label
        names = parameters.map(\.name)
        guard positional.count <= parameters.count else {
            throw Refusal.badArgument(
                "\(label)() takes \(parameters.count) positional arguments but \(positional.count) were given")
        }
        var values: [Value?] = positional.map { $0 }
        values += repeatElement(nil, count: parameters.count - positional.count)
        for entry in named.entries {
            guard let place = names.firstIndex(of: entry.name) else {
                throw Refusal.badArgument("\(label)() got an unexpected keyword argument '\(entry.name)'")
            }
            guard values[place] == nil else { throw Refusal.badArgument("\(label)() got multiple values for argument '\(entry.name)'") }
            values[place] = entry.value
        }
        for (place, parameter) in parameters.enumerated() where parameter.isRequired && values[place] == nil {
            throw Refusal.badArgument("\(label)() missing 1 required positional argument: '\(parameter.name)'")
        }
        self.values = values
    }

    /// The value of a parameter; nil when it was not given, or given as `None`.
    subscript(_ name: String) -> Value? {
        guard let place = names.firstIndex(of: name), let value = values[place], !value.isNull else { return nil }
        return value
    }

    /// Whether a parameter was given, if only as `None`.
    func has(_ name: String) -> Bool { names.firstIndex(of: name).map { values[$0] != nil } ?? false }

    /// All that were given, by name.
    var map: ValueMap {
        var map = ValueMap()
        for (name, value) in zip(names, values) { if let value { map.entries.append(ValueMap.Entry(name, value)) } }
        return map
    }

    func bad(_ name: String, _ expected: String) -> Refusal {
        .badArgument("The argument '\(name)' of \(label)() is not \(expected).")
    }

    /// A whole number that is not negative; `False` counts as not given.
    func count(_ name: String) throws -> Int? {
        guard let value = self[name], value != .bool(false) else { return nil }
        let number = if case .text(let text) = value { Int(text) } else { value.intValue }
        guard let number, number >= 0 else { throw bad(name, "a whole number from 0") }
        return number
    }

    /// A text; `False` counts as not given.
    func text(_ name: String) throws -> String? {
        guard let value = self[name], value != .bool(false) else { return nil }
        guard let text = value.textValue else { throw bad(name, "a text") }
        return text
    }

    /// A truth value.
    func flag(_ name: String) -> Bool { !(self[name]?.isFalsy ?? true) }

    /// A list of texts; one text counts as a list of it.
    func texts(_ name: String) throws -> [String]? {
        guard let value = self[name], value != .bool(false) else { return nil }
        if let text = value.textValue { return [text] }
        guard let list = value.listValue else { throw bad(name, "a list of names") }
        return try list.map { item in
            guard let text = item.textValue else { throw bad(name, "a list of names") }
            return text
        }
    }

    /// A domain; not given, every record.
    func domain(_ name: String = "domain") throws -> Domain { try self[name].map { try Domain.parse($0) } ?? .all }

    /// A map of values.
    func values(_ name: String) throws -> ValueMap {
        switch self[name] {
        case nil, .bool(false)?: return ValueMap()
        case .map(let map)?: return map
        default: throw bad(name, "an object of field values")
        }
    }

    /// A list of maps.
    func maps(_ name: String) throws -> [ValueMap] {
        guard let list = self[name]?.listValue else { throw bad(name, "a list of objects") }
        return try list.map { item in
            guard let map = item.mapValue else { throw bad(name, "a list of objects") }
            return map
        }
    }

    /// A list of anything.
    func list(_ name: String) throws -> [Value] {
        guard let value = self[name], value != .bool(false) else { return [] }
        guard let list = value.listValue else { throw bad(name, "a list") }
        return list
    }
}
