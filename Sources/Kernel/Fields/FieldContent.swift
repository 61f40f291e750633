import JSON

/// A Swift type that a field's value can be read as.
public protocol FieldContent: Sendable {
    /// Reads a stored value; what is not set becomes the type's own "nothing".
    init(fieldValue: Value)
    /// The value to store.
    var fieldValue: Value { get }
}

/// Content that may be absent: `Optional` of it is content too.
public protocol OptionalContent: FieldContent {
    /// Reads a stored value, or says that there is none.
    static func present(_ value: Value) -> Self?
}

extension Optional: FieldContent where Wrapped: OptionalContent {
    public init(fieldValue: Value) { self = Wrapped.present(fieldValue) }
    public var fieldValue: Value { self?.fieldValue ?? .null }
}

extension String: FieldContent {
    public init(fieldValue: Value) { self = fieldValue.textValue ?? "" }
    public var fieldValue: Value { .text(self) }
}

extension Bool: FieldContent {
    public init(fieldValue: Value) { self = !fieldValue.isFalsy }
    public var fieldValue: Value { .bool(self) }
}

extension Int: OptionalContent {
    public init(fieldValue: Value) { self = fieldValue.intValue ?? 0 }
    public var fieldValue: Value { .int(self) }
    public static func present(_ value: Value) -> Int? { value.intValue }
}

extension Double: FieldContent {
    public init(fieldValue: Value) {
        switch fieldValue {
        case .double(let double): self = double
        case .int(let int): self = Double(int)
        case .amount(let amount): self = amount.double
        default: self = 0
        }
    }
    public var fieldValue: Value { .double(self) }
}

extension Amount: FieldContent {
    public init(fieldValue: Value) {
        switch fieldValue {
        case .amount(let amount): self = amount
        case .int(let int): self = Amount(int)
        case .double(let double): self = Amount(double) ?? .zero
        default: self = .zero
        }
    }
    public var fieldValue: Value { .amount(self) }
}

extension Day: OptionalContent {
    public init(fieldValue: Value) { self = Day.present(fieldValue) ?? Day(number: 0) }
    public var fieldValue: Value { .day(self) }
    public static func present(_ value: Value) -> Day? {
        switch value {
        case .day(let day): day
        case .instant(let instant): instant.day
        default: nil
        }
    }
}

extension Instant: OptionalContent {
    public init(fieldValue: Value) { self = Instant.present(fieldValue) ?? Instant(seconds: 0) }
    public var fieldValue: Value { .instant(self) }
    public static func present(_ value: Value) -> Instant? {
        switch value {
        case .instant(let instant): instant
        case .day(let day): Instant(day)
        default: nil
        }
    }
}

extension Array: FieldContent where Element == UInt8 {
    /// Reads a stored value.
    public init(fieldValue: Value) { if case .bytes(let bytes) = fieldValue { self = bytes } else { self = [] } }
    public var fieldValue: Value { .bytes(self) }
}

extension JSON: FieldContent {
    /// Reads a stored value.
    public init(fieldValue: Kernel.Value) { if case .json(let json) = fieldValue { self = json } else { self = .null } }
    public var fieldValue: Kernel.Value { self == .null ? .null : .json(self) }
}

/// The choices of a selection, stored by raw value.
public protocol SelectionValue: OptionalContent, CaseIterable, RawRepresentable, Hashable where RawValue == String {
    /// What people read.
    var title: String { get }
}

extension SelectionValue {
    public init(fieldValue: Value) { self = Self.present(fieldValue) ?? Self.first }
    public var fieldValue: Value { .text(rawValue) }
    public static func present(_ value: Value) -> Self? { value.textValue.flatMap(Self.init(rawValue:)) }

    public var title: String {
        let words = rawValue.split(whereSeparator: { $0 == "_" || $0 == "-" }).joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private static var first: Self {
        guard let first = allCases.first else { preconditionFailure("A selection needs at least one choice.") }
        return first
    }
}
