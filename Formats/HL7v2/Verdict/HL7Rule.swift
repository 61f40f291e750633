/// What a primitive data type demands of its values.
///
/// An absent value and HL7's null `""` satisfy every rule. Days and hours are checked by their first digit only, as HL7's own patterns do.
/// Source: HL7 v2 chapter 2A, DT, TM, DTM, NM, SI, TN.
enum HL7Rule: Sendable {
    case free, integer, number, date, time, moment, phone, code, formatted, withdrawn

    static let codeLength = 200
    static let formattedLength = 32_000

    init(type: String) {
        switch type {
        case "SI": self = .integer
        case "NM": self = .number
        case "DT": self = .date
        case "TM": self = .time
        case "DTM": self = .moment
        case "TN": self = .phone
        case "ID", "IS": self = .code
        case "FT": self = .formatted
        case "X": self = .withdrawn
        default: self = .free
        }
    }

    /// What the value should be, for an error's sentence.
    var demand: String {
        switch self {
        case .free: "anything"
        case .integer: "a whole number without a sign"
        case .number: "a number with optional decimals"
        case .date: "a date YYYY[MM[DD]]"
        case .time: "a time HH[MM[SS[.SSSS]]][+/-ZZZZ]"
        case .moment: "a date and time YYYY[MM[DD[HH[MM[SS[.SSSS]]]]]][+/-ZZZZ]"
        case .phone: "a telephone number [NN ][(999)]999-9999[X99999][B99999][C any text]"
        case .code: "at most \(Self.codeLength) characters"
        case .formatted: "at most \(Self.formattedLength) characters"
        case .withdrawn: "empty, for this version has withdrawn it"
        }
    }

    /// Whether a value that is neither empty nor null keeps the rule.
    func allows(_ value: String, in version: HL7Version) -> Bool {
        var text = HL7Pattern(value)
        switch self {
        case .free: return true
        case .withdrawn: return false
        case .code: return value.utf16.count <= Self.codeLength
        case .formatted: return value.utf16.count <= Self.formattedLength
        case .integer: text.digits()
        case .number:
            text.skip("+-")
            text.digits()
            text.skip(".")
            text.digits()
        case .date: text.date()
        case .time:
            text.clock(minutesNeeded: false)
            text.offset()
        case .moment:
            if text.date() { text.clock(minutesNeeded: version < .v25) }
            text.offset()
        case .phone: return text.phone()
        }
        return text.isAtEnd
    }
}

/// Eats what a pattern allows from the front of a text; what is left over does not fit.
struct HL7Pattern {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func digits() { rest = rest.drop { Self.isDigit($0) } }

    @discardableResult
    mutating func skip(_ any: String) -> Bool {
        guard let first = rest.first, any.utf8.contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    /// `YYYY[MM[DD]]`; whether it is complete.
    @discardableResult
    mutating func date() -> Bool { take("dddd") && take("1d") && take("dd") }

    /// `HH[MM[SS[.S[S[S[S]]]]]]`.
    mutating func clock(minutesNeeded: Bool) {
        guard minutesNeeded ? take("2d5d") : take("2d") && take("5d"), take("5d") else { return }
        _ = take(".dddd") || take(".ddd") || take(".dd") || take(".d")
    }

    mutating func offset() { _ = take("+dddd") || take("-dddd") }

    mutating func phone() -> Bool {
        _ = take("dd ") || take("d ")
        _ = take("(ddd)")
        guard take("ddd-dddd") else { return false }
        for mark in ["X", "B"] where skipIfDigitFollows(mark) {
            for _ in 0..<5 { _ = take("d") }
        }
        return isAtEnd || rest.first == UInt8(ascii: "C")
    }

    private mutating func skipIfDigitFollows(_ mark: String) -> Bool {
        let before = rest
        if skip(mark), let next = rest.first, Self.isDigit(next) { return true }
        rest = before
        return false
    }

    /// Takes a shape: `d` is a digit, `1`, `2`, `5` a digit up to that one, anything else itself.
    private mutating func take(_ shape: StaticString) -> Bool {
        var probe = rest
        for offset in 0..<shape.utf8CodeUnitCount {
            guard let byte = probe.popFirst(), Self.fits(byte, shape.utf8Start[offset]) else { return false }
        }
        rest = probe
        return true
    }

    private static func fits(_ byte: UInt8, _ shape: UInt8) -> Bool {
        switch shape {
        case UInt8(ascii: "d"): isDigit(byte)
        case UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "5"): byte >= UInt8(ascii: "0") && byte <= shape
        default: byte == shape
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
