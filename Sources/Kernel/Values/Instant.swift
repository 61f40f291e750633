/// A moment in UTC, to the second.
///
/// Shape: seconds since 1970-01-01T00:00:00Z; written as `YYYY-MM-DD HH:MM:SS`, the form of Odoo's API and of the tables.
public struct Instant: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int

    /// The moment so many seconds after 1970-01-01T00:00:00Z.
    public init(seconds: Int) { self.seconds = seconds }

    /// The moment of a day at so many seconds after midnight UTC.
    public init(_ day: Day, secondOfDay: Int = 0) { seconds = day.number * 86_400 + secondOfDay }

    /// Reads `YYYY-MM-DD`, optionally with `HH:MM[:SS[.fff]]` after a space or a `T` and a final `Z`; nil when it is not a moment.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)) else { return nil }
        if bytes.count == 10 {
            self.init(day)
            return
        }
        guard bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T") else { return nil }
        guard let time = Instant.secondOfDay(bytes[11...]) else { return nil }
        self.init(day, secondOfDay: time)
    }

    private static func secondOfDay(_ bytes: ArraySlice<UInt8>) -> Int? {
        var numbers: [Int] = []
        var current = 0
        var digits = 0
        loop: for (offset, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39:
                current = current * 10 + Int(byte - 0x30)
                digits += 1
                if digits > 2 { return nil }
            case UInt8(ascii: ":"):
                guard digits == 2, numbers.count < 2 else { return nil }
                numbers.append(current)
                current = 0
                digits = 0
            case UInt8(ascii: "."), UInt8(ascii: "Z"):
                let rest = bytes.dropFirst(offset + 1)
                guard rest.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "Z") }) else { return nil }
                break loop
            default: return nil
            }
        }
        guard digits == 2, numbers.count >= 1 else { return nil }
        numbers.append(current)
        if numbers.count == 2 { numbers.append(0) }
        guard numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
        return numbers[0] * 3_600 + numbers[1] * 60 + numbers[2]
    }

    /// The day in UTC.
    public var day: Day { Day(number: seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400) }

    /// Seconds after midnight UTC.
    public var secondOfDay: Int { seconds - day.number * 86_400 }

    public static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }
    /// The moment so many seconds later.
    public static func + (instant: Instant, seconds: Int) -> Instant { Instant(seconds: instant.seconds + seconds) }
    /// The moment so many seconds earlier.
    public static func - (instant: Instant, seconds: Int) -> Instant { Instant(seconds: instant.seconds - seconds) }
    /// How many seconds lie between.
    public static func - (left: Instant, right: Instant) -> Int { left.seconds - right.seconds }
}

extension Instant: CustomStringConvertible {
    public var description: String {
        let (year, month, day) = self.day.parts
        let second = secondOfDay
        return String(unsafeUninitializedCapacity: 19) { buffer in
            Digits.write(year, 4, buffer, at: 0)
            buffer[4] = UInt8(ascii: "-")
            Digits.write(month, 2, buffer, at: 5)
            buffer[7] = UInt8(ascii: "-")
            Digits.write(day, 2, buffer, at: 8)
            buffer[10] = UInt8(ascii: " ")
            Digits.write(second / 3_600, 2, buffer, at: 11)
            buffer[13] = UInt8(ascii: ":")
            Digits.write(second / 60 % 60, 2, buffer, at: 14)
            buffer[16] = UInt8(ascii: ":")
            Digits.write(second % 60, 2, buffer, at: 17)
            return 19
        }
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, as ISO 8601, FHIR and JSON logs want it.
    public var iso8601: String { description.replacing(" ") + "Z" }
}

extension String {
    fileprivate func replacing(_ space: Character) -> String { String(map { $0 == space ? "T" : $0 }) }
}
