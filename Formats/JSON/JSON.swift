/// One JSON value (RFC 8259).
///
/// Numbers are kept in the narrowest form that loses nothing by default: `.int` when the text has no fraction or
/// exponent and fits 64 bits, else `.double`. `.number` holds the text itself and arises only when parsing with
/// `numbers: .literal`, so that a decimal such as `1.50` keeps its precision.
///
/// Equality is by form and order: `.int(1)` differs from `.double(1)`, and members in another order differ.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// A number as it was written, for example `1.50`; text that is not a JSON number is written as a string.
    case number(String)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON {
    /// An integer value.
    public init(_ value: Int) { self = .int(Int64(value)) }

    /// A string value.
    public init(_ value: String) { self = .string(value) }

    /// Whether the value is `null`.
    public var isNull: Bool { self == .null }

    /// The string, or nil for any other kind of value.
    public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

    /// The integer, or nil for any other kind of value; a number with a fraction or exponent is not an integer here.
    public var intValue: Int? { if case .int(let value) = self { Int(value) } else { nil } }

    /// The truth value, or nil for any other kind of value.
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// Any number as the nearest binary floating point value, or nil for any other kind of value.
    public var doubleValue: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        case .number(let literal): Double(literal)
        default: nil
        }
    }

    /// The elements, or nil for any other kind of value.
    public var arrayValue: [JSON]? { if case .array(let value) = self { value } else { nil } }

    /// The object, or nil for any other kind of value.
    public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// The member of that name, or nil when there is none or the value is no object.
    public subscript(_ key: String) -> JSON? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    /// The element at that place, or nil when there is none or the value is no array.
    public subscript(_ index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}
