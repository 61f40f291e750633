/// One value of FEEL.
///
/// Source: OMG DMN 1.3, 10.3.2.3. Times and moments with an offset are equal when they are the same instant; those without
/// are not comparable with those that have one.
public enum FEELValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(FEELNumber)
    case string(String)
    case date(FEELDate)
    case time(FEELTime)
    case dateTime(FEELDateTime)
    /// A duration of days and time, in nanoseconds.
    case nanoseconds(Int)
    /// A duration of years and months, in months.
    case months(Int)
    case list([FEELValue])

    /// What sort of value it is.
    public enum Kind: String, Sendable, Hashable {
        case null, boolean, number, string, date, time, dateTime, daysDuration, yearsDuration, list
    }

    /// What sort of value this is.
    public var kind: Kind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .date: .date
        case .time: .time
        case .dateTime: .dateTime
        case .nanoseconds: .daysDuration
        case .months: .yearsDuration
        case .list: .list
        }
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// A whole number.
    public static func int(_ number: Int) -> FEELValue { .number(FEELNumber(number)) }
}

extension FEELValue {
    /// -1, 0 or 1; nil when the two cannot be ordered, as values of different kinds cannot.
    public func order(_ other: FEELValue) -> Int? {
        switch (self, other) {
        case (.number(let left), .number(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.string(let left), .string(let right)): left == right ? 0 : left < right ? -1 : 1
        case (.date(let left), .date(let right)): sign(left.number, right.number)
        case (.time(let left), .time(let right)): (left.offset == nil) == (right.offset == nil) ? sign(left.position, right.position) : nil
        case (.dateTime(let left), .dateTime(let right)):
            (left.time.offset == nil) == (right.time.offset == nil) ? sign(left.position, right.position) : nil
        case (.nanoseconds(let left), .nanoseconds(let right)): sign(left, right)
        case (.months(let left), .months(let right)): sign(left, right)
        default: nil
        }
    }

    /// Whether the two are equal as FEEL sees it; nil when they are of different kinds.
    public func isEqual(_ other: FEELValue) -> Bool? {
        switch (self, other) {
        case (.null, .null): true
        case (.null, _), (_, .null): false
        case (.boolean(let left), .boolean(let right)): left == right
        case (.list(let left), .list(let right)): left.count == right.count && zip(left, right).allSatisfy { $0.isEqual($1) == true }
        default: order(other).map { $0 == 0 }
        }
    }
}

private func sign<Number: Comparable>(_ left: Number, _ right: Number) -> Int { left == right ? 0 : left < right ? -1 : 1 }

extension FEELValue: CustomStringConvertible {
    /// The value as FEEL writes it; what is written reads back as the same value.
    public var description: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .number(let value): value.description
        case .string(let value): FEELText.quoted(value)
        case .date(let value): "date(\"\(value)\")"
        case .time(let value): "time(\"\(value)\")"
        case .dateTime(let value): "date and time(\"\(value)\")"
        case .nanoseconds(let value): "duration(\"\(FEELDuration.text(nanoseconds: value))\")"
        case .months(let value): "duration(\"\(FEELDuration.text(months: value))\")"
        case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
        }
    }

    /// The value without quotes and functions, as a cell of text or JSON holds it.
    public var plainText: String {
        switch self {
        case .string(let value): value
        case .date(let value): value.description
        case .time(let value): value.description
        case .dateTime(let value): value.description
        case .nanoseconds(let value): FEELDuration.text(nanoseconds: value)
        case .months(let value): FEELDuration.text(months: value)
        default: description
        }
    }

    /// Reads `P1DT2H` or `P1Y6M`; nil when that is no duration.
    public static func duration(_ text: String) -> FEELValue? { FEELDuration.parse(text) }
}

/// Text in quotes.
public enum FEELText {
    /// The text as a literal of FEEL: in quotes, with quotes, backslashes and line ends escaped.
    public static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
