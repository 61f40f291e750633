import JSON

/// One value of a field, a domain or a call: a compact enum over what a column can hold, plus lists and maps for calls.
///
/// Shape: `null` stands for "not set" whatever the type; doors turn it into their own word (`false` for Odoo's clients).
public enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case amount(Amount)
    case text(String)
    case day(Day)
    case instant(Instant)
    case ids([Int])
    case bytes([UInt8])
    case json(JSON)
    case list([Value])
    case map(ValueMap)
}

extension Value {
    /// Whether the value counts as "not set" in Odoo's sense: null, false, zero, and empty text, lists and bytes.
    public var isFalsy: Bool {
        switch self {
        case .null: true
        case .bool(let bool): !bool
        case .int(let int): int == 0
        case .double(let double): double == 0
        case .amount(let amount): amount == .zero
        case .text(let text): text.isEmpty
        case .ids(let ids): ids.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .list(let list): list.isEmpty
        case .map(let map): map.entries.isEmpty
        case .json(let json): json == .null
        case .day, .instant: false
        }
    }

    /// Whether nothing is stored.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The text, when the value is one.
    public var textValue: String? { if case .text(let text) = self { text } else { nil } }

    /// The whole number, when the value is one or is a double without a fraction.
    public var intValue: Int? {
        switch self {
        case .int(let int): int
        case .double(let double): Int(exactly: double)
        case .bool(let bool): bool ? 1 : 0
        default: nil
        }
    }

    /// The elements, when the value is a list or a list of ids.
    public var listValue: [Value]? {
        switch self {
        case .list(let list): list
        case .ids(let ids): ids.map { .int($0) }
        default: nil
        }
    }

    /// The members, when the value is a map.
    public var mapValue: ValueMap? { if case .map(let map) = self { map } else { nil } }

    /// The record ids in the value: an id, a list of ids, or nothing.
    public var idList: [Int]? {
        switch self {
        case .ids(let ids): return ids
        case .int(let id): return [id]
        case .null, .bool(false): return []
        case .list(let list):
            var ids: [Int] = []
            ids.reserveCapacity(list.count)
            for item in list {
                guard let id = item.intValue else { return nil }
                ids.append(id)
            }
            return ids
        default: return nil
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, Value)...) { self = .map(ValueMap(elements)) }
}
