import JSON

/// Turning what a caller sends into what the field stores, or refusing it.
extension Field {
    /// The longest text that any field takes, in bytes.
    public static let textLimit = 16 << 20
    /// The most bytes of a field that keeps them in its row.
    public static let inlineLimit = 1 << 20

    /// The stored form of a value for a column of this field.
    ///
    /// Unset values (`null`, `false` for anything but booleans) become null; numbers and booleans then read as zero and false.
    package func normalised(_ value: Value, in model: ModelSchema) throws -> Value {
        switch kind {
        case .boolean: return .bool(try flag(value, model))
        case .integer, .many2oneReference: return try whole(value, model)
        case .float: return try measure(value, model)
        case .monetary: return try money(value, model)
        case .char, .text, .html: return try text(value, model)
        case .selection(let items): return try choice(value, items, model)
        case .date: return try date(value, model)
        case .datetime: return try moment(value, model)
        case .many2one: return try link(value, model)
        case .reference: return try reference(value, model)
        case .json: return json(value)
        case .binary: return try bytes(value, model)
        case .one2many, .many2many: return value
        }
    }

    private func bad(_ model: ModelSchema, _ expected: String) -> Refusal { .badValue(name, in: model.name, expected: expected) }

    private func flag(_ value: Value, _ model: ModelSchema) throws -> Bool {
        switch value {
        case .bool(let bool): return bool
        case .null: return false
        case .int(let int): return int != 0
        case .text(let text):
            switch text.lowercased() {
            case "true", "1", "yes", "t": return true
            case "false", "0", "no", "f", "": return false
            default: throw bad(model, "true or false")
            }
        default: throw bad(model, "true or false")
        }
    }

    private func whole(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .bool(true): return .int(1)
        case .int: return value
        case .double(let double):
            guard let int = Int(exactly: double.rounded(.towardZero)) else { throw bad(model, "a whole number") }
            return .int(int)
        case .text(let text):
            if text.isEmpty { return .null }
            guard let int = Int(text) else { throw bad(model, "a whole number") }
            return .int(int)
        default: throw bad(model, "a whole number")
        }
    }

    private func measure(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .double(let double):
            guard double.isFinite else { throw bad(model, "a number") }
            return .double(rounded(double))
        case .int(let int): return .double(Double(int))
        case .amount(let amount): return .double(rounded(amount.double))
        case .text(let text):
            if text.isEmpty { return .null }
            guard let double = Double(text), double.isFinite else { throw bad(model, "a number") }
            return .double(rounded(double))
        default: throw bad(model, "a number")
        }
    }

    /// To the field's places; a half goes away from zero, also where the binary number lies a hair below it.
    private func rounded(_ double: Double) -> Double {
        guard let places = traits.digits?.places else { return double }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = double * scale
        guard scaled.magnitude < 9_007_199_254_740_992 else { return double }
        return (scaled + (scaled < 0 ? -1 : 1) * scaled.ulp).rounded(.toNearestOrAwayFromZero) / scale
    }

    private func bytes(_ value: Value, _ model: ModelSchema) throws -> Value {
        guard case .bytes(let bytes) = value else { return value == .bool(false) ? .null : value }
        if bytes.isEmpty { return .null }
        if traits.isInline, bytes.count > Field.inlineLimit { throw bad(model, "at most \(Field.inlineLimit) bytes") }
        if traits.isImage, PictureForm(bytes) == nil { throw bad(model, "a picture: PNG, JPEG, GIF or WebP") }
        return value
    }

    private func money(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .amount: return value
        case .int(let int):
            guard int.magnitude < 9_000_000_000_000 else { throw bad(model, "an amount below 9,000,000,000,000") }
            return .amount(Amount(int))
        case .double(let double):
            guard let amount = Amount(double) else { throw bad(model, "an amount") }
            return .amount(amount)
        case .text(let text):
            if text.isEmpty { return .null }
            guard let amount = Amount(text) else { throw bad(model, "an amount with at most six places") }
            return .amount(amount)
        default: throw bad(model, "an amount")
        }
    }

    private func text(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .text(let text):
            guard text.utf8.count <= Field.textLimit else { throw bad(model, "a text of at most \(Field.textLimit) bytes") }
            guard !text.utf8.contains(0) else { throw bad(model, "a text without NUL") }
            if traits.size > 0, text.count > traits.size { throw bad(model, "a text of at most \(traits.size) characters") }
            return kind == .html && traits.isSanitised ? .text(HTMLSanitiser.clean(text)) : value
        case .int(let int): return .text(String(int))
        case .double(let double): return .text(String(double))
        case .bool(true): return .text("True")
        default: throw bad(model, "a text")
        }
    }

    private func choice(_ value: Value, _ items: [SelectionItem], _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .text(let text):
            if text.isEmpty { return .null }
            guard items.contains(where: { $0.value == text }) else {
                throw bad(model, "one of " + items.map(\.value).joined(separator: ", "))
            }
            return value
        case .int(let int): return try choice(.text(String(int)), items, model)
        default: throw bad(model, "one of " + items.map(\.value).joined(separator: ", "))
        }
    }

    private func date(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .day: return value
        case .instant(let instant): return .day(instant.day)
        case .text(let text):
            if text.isEmpty { return .null }
            guard let day = Day(text) ?? Instant(text)?.day else { throw bad(model, "a day (YYYY-MM-DD)") }
            return .day(day)
        default: throw bad(model, "a day (YYYY-MM-DD)")
        }
    }

    private func moment(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .instant: return value
        case .day(let day): return .instant(Instant(day))
        case .text(let text):
            if text.isEmpty { return .null }
            guard let instant = Instant(text) else { throw bad(model, "a moment (YYYY-MM-DD HH:MM:SS)") }
            return .instant(instant)
        default: throw bad(model, "a moment (YYYY-MM-DD HH:MM:SS)")
        }
    }

    private func link(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .int(let id): return id > 0 ? value : .null
        case .ids(let ids) where ids.count <= 1: return ids.first.map { .int($0) } ?? .null
        case .text(let text):
            guard let id = Int(text) else { throw bad(model, "the id of a record") }
            return .int(id)
        default: throw bad(model, "the id of a record")
        }
    }

    private func reference(_ value: Value, _ model: ModelSchema) throws -> Value {
        switch value {
        case .null, .bool(false): return .null
        case .text(let text):
            if text.isEmpty { return .null }
            let parts = text.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, Int(parts[1]) != nil else { throw bad(model, "model,id") }
            return value
        default: throw bad(model, "model,id")
        }
    }

    private func json(_ value: Value) -> Value {
        switch value {
        case .null, .bool(false), .json(.null): .null
        case .json: value
        default: .json(value.asJSON)
        }
    }
}

extension Value {
    /// The value as JSON, in the plain form that JSON fields and audit details keep.
    public var asJSON: JSON {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .int(let int): .int(Int64(int))
        case .double(let double): .double(double)
        case .amount(let amount): .number(amount.description)
        case .text(let text): .string(text)
        case .day(let day): .string(day.description)
        case .instant(let instant): .string(instant.description)
        case .ids(let ids): .array(ids.map { .int(Int64($0)) })
        case .bytes(let bytes): .string("\(bytes.count) bytes")
        case .json(let json): json
        case .list(let list): .array(list.map(\.asJSON))
        case .map(let map): .object(JSONObject(map.entries.map { JSONObject.Member(key: $0.name, value: $0.value.asJSON) }))
        }
    }
}
