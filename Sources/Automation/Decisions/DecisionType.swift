import FEEL
import JSON
import Kernel

/// What sort of value a column holds.
///
/// Times and moments without an offset count as UTC, so that all values of a column can be ordered.
public enum DecisionType: String, Sendable, Hashable, CaseIterable {
    case string, number, integer, boolean, date, time, dateTime
    case daysDuration = "dayTimeDuration"
    case yearsDuration = "yearMonthDuration"

    /// The kind of FEEL's values that the column holds.
    public var kind: FEELValue.Kind {
        switch self {
        case .string: .string
        case .number, .integer: .number
        case .boolean: .boolean
        case .date: .date
        case .time: .time
        case .dateTime: .dateTime
        case .daysDuration: .daysDuration
        case .yearsDuration: .yearsDuration
        }
    }

    /// The type that DMN's documents name; nil when it is none of ours.
    public init?(typeRef: String) {
        let name = typeRef.split(separator: ":").last.map(String.init) ?? ""
        switch name {
        case "double", "decimal", "float": self = .number
        case "int", "long", "short": self = .integer
        case "date and time", "datetime": self = .dateTime
        case "days and time duration": self = .daysDuration
        case "years and months duration": self = .yearsDuration
        default: self.init(rawValue: name)
        }
    }

    /// Whether the value may stand in the column; `null` may not.
    public func accepts(_ value: FEELValue) -> Bool {
        if self == .integer, case .number(let number) = value { return number.isWhole }
        return value.kind == kind
    }

    /// The type of a value of FEEL; nil for `null` and lists.
    public static func of(_ value: FEELValue) -> DecisionType? { allCases.first { $0 != .integer && $0.kind == value.kind } }

    /// The value that JSON means in such a column: dates, times and durations as text; nil when it is none.
    public func value(_ json: JSON) -> FEELValue? {
        switch json {
        case .null: return .null
        case .bool(let value): return checked(.boolean(value))
        case .int(let value): return checked(.number(FEELNumber(Int(value))))
        case .double(let value): return FEELNumber("\(value)").flatMap { checked(.number($0)) }
        case .number(let text): return FEELNumber(text).flatMap { checked(.number($0)) }
        case .string(let text): return value(text)
        case .array, .object: return nil
        }
    }

    /// The value that a text means in such a column; nil when it means none.
    public func value(_ text: String) -> FEELValue? {
        switch self {
        case .string: .string(text)
        case .number, .integer: FEELNumber(text).flatMap { checked(.number($0)) }
        case .boolean: text == "true" ? .boolean(true) : text == "false" ? .boolean(false) : nil
        case .date: FEELDate(text).map { .date($0) }
        case .time: FEELTime(text).map { .time($0).inUTC }
        case .dateTime: FEELDateTime(text).map { .dateTime($0).inUTC }
        case .daysDuration, .yearsDuration: FEELValue.duration(text).flatMap { checked($0) }
        }
    }

    /// The value that a field's value means in such a column; nil when it means none. Text, days and moments become what the column holds.
    public func value(_ value: Value) -> FEELValue? {
        switch value {
        case .null: return .null
        case .bool(let value): return self == .boolean ? .boolean(value) : value ? nil : .null
        case .int(let value): return checked(.int(value))
        case .double(let value): return FEELNumber("\(value)").flatMap { checked(.number($0)) }
        case .amount(let amount): return checked(.number(FEELNumber(units: amount.units, places: 6)))
        case .text(let text): return self.value(text)
        case .day(let day): return checked(FEELDate(number: day.number).map { .date($0) } ?? .null)
        case .instant(let instant):
            if self == .date { return FEELDate(number: instant.day.number).map { .date($0) } }
            return checked(FEELDateTime(secondsSince1970: instant.seconds).map { .dateTime($0) } ?? .null)
        case .json(let json): return self.value(json)
        case .ids, .bytes, .list, .map: return nil
        }
    }

    private func checked(_ value: FEELValue) -> FEELValue? { accepts(value) ? value : nil }
}

extension FEELValue {
    /// The same value, with an offset of zero where a time had none.
    var inUTC: FEELValue {
        switch self {
        case .time(let time) where time.offset == nil: FEELTime(nanoseconds: time.nanoseconds, offset: 0).map { .time($0) } ?? self
        case .dateTime(let moment) where moment.time.offset == nil:
            FEELTime(nanoseconds: moment.time.nanoseconds, offset: 0).map { .dateTime(FEELDateTime(moment.date, $0)) } ?? self
        case .list(let values): .list(values.map(\.inUTC))
        default: self
        }
    }

    /// The value as JSON; numbers keep all their digits, dates, times and durations are text.
    public var json: JSON {
        switch self {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .number(let number): number.int.map { .int(Int64($0)) } ?? .number(number.description)
        case .list(let values): .array(values.map(\.json))
        default: .string(plainText)
        }
    }

    /// The value as a field holds it. A number with at most six places is an amount, one with more the nearest binary number.
    public var fieldValue: Value {
        switch self {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .number(let number):
            number.int.map { .int($0) } ?? number.units(places: 6).map { .amount(Amount(units: $0)) } ?? .double(number.double)
        case .string(let text): .text(text)
        case .date(let date): .day(Day(number: date.number))
        case .dateTime(let moment): .instant(Instant(seconds: moment.secondsSince1970))
        case .list(let values): .list(values.map(\.fieldValue))
        default: .text(plainText)
        }
    }
}
