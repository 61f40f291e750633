import Kernel

/// A cron expression: minute, hour, day of the month, month and day of the week.
///
/// Shape: five fields of numbers, names (`JAN`, `MON`), ranges, steps and lists, or `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`,
/// `@yearly`, `@annually`. Days of the month also `L` (the last), `L-2` (two before it) and `15W` (the nearest day from Monday to Friday);
/// days of the week 0 to 7, also `FRI#2` (the second of a month) and `FRIL` (the last one). When both days are given, either is enough.
/// Source: the manual page crontab(5) of Vixie cron; `L`, `W` and `#` as in Quartz.
public struct CronExpression: Sendable, Hashable {
    /// The most characters of an expression.
    public static let lengthLimit = 400

    /// As it was written.
    public let text: String
    let minutes: UInt64
    let hours: UInt64
    let months: UInt64
    let days: CronDays

    /// Reads an expression.
    ///
    /// - Throws: `cron.syntax` with the field, `cron.never` for one that no day meets.
    public init(_ text: String) throws {
        guard text.utf8.count <= CronExpression.lengthLimit else {
            throw Refusal.cron("at most \(CronExpression.lengthLimit) characters", text)
        }
        var fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        if fields.count == 1, let whole = CronExpression.names[fields[0].lowercased()] {
            fields = whole.split(separator: " ").map(String.init)
        }
        guard fields.count == 5 else { throw Refusal.cron("five fields: minute, hour, day of the month, month, day of the week", text) }
        self.text = text
        minutes = try CronField.minute.mask(fields[0])
        hours = try CronField.hour.mask(fields[1])
        months = try CronField.month.mask(fields[3])
        days = try CronDays(ofMonth: fields[2], ofWeek: fields[4])
        guard nextLocal(from: 0, before: CronExpression.horizonSeconds) != nil else {
            throw Refusal(
                "cron.never", .validation, "No day meets the schedule '\(text)'.", instruction: "Choose a day that the month has.")
        }
    }

    /// Within fifty years every day that there is has come, the 29th of February on each weekday included.
    static let horizonSeconds = 18_263 * 86_400
    /// What stands for "never": fifty years.
    public static let longestSeconds = horizonSeconds

    private static let names = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]

    /// Whether it names no hour, so that it is a rhythm rather than a time of day.
    var isRhythm: Bool { hours == 0xFF_FFFF }
}

/// One field of numbers: its bounds and names.
struct CronField {
    let title: String
    let range: ClosedRange<Int>
    var names: [String] = []

    static let minute = CronField(title: "minute", range: 0...59)
    static let hour = CronField(title: "hour", range: 0...23)
    static let dayOfMonth = CronField(title: "day of the month", range: 1...31)
    static let month = CronField(
        title: "month", range: 1...12,
        names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
    static let dayOfWeek = CronField(title: "day of the week", range: 0...7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])

    /// The numbers of a list as bits.
    func mask(_ text: String) throws -> UInt64 {
        try text.split(separator: ",", omittingEmptySubsequences: false).reduce(0) { try $0 | item(String($1)) }
    }

    /// The numbers of one item: `*`, `5`, `5-10`, each with `/2` after it.
    func item(_ text: String) throws -> UInt64 {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let body = parts.first else { throw Refusal.cron(title, text) }
        var step = 1
        if parts.count == 2 {
            guard let number = CronField.number(parts[1]), (1...60).contains(number) else { throw Refusal.cron(title, text) }
            step = number
        }
        let bounds = try bounds(body, hasStep: parts.count == 2, text)
        return stride(from: bounds.lowerBound, through: bounds.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private func bounds(_ body: String, hasStep: Bool, _ text: String) throws -> ClosedRange<Int> {
        if body == "*" || body == "?" { return range.upperBound == 7 ? 0...6 : range }
        let ends = body.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ value(String($0)) }), ends.count <= 2 else { throw Refusal.cron(title, text) }
        guard ends.count == 2 else { return first...(hasStep ? range.upperBound : first) }
        guard let last = value(String(ends[1])), first <= last else { throw Refusal.cron(title, text) }
        return first...last
    }

    /// A number within the bounds, or a name.
    func value(_ text: String) -> Int? {
        if let place = names.firstIndex(of: text.uppercased()) { return place + (range.lowerBound == 1 ? 1 : 0) }
        return CronField.number(text).flatMap { range.contains($0) ? $0 : nil }
    }

    static func number(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 3, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}

extension Refusal {
    /// An expression or a field that cannot be read.
    static func cron(_ expected: String, _ text: String) -> Refusal {
        Refusal(
            "cron.syntax", .validation, "'\(text.prefix(80))' does not fit the schedule: expected \(expected).",
            instruction: "Write for example '0 7 * * MON-FRI' for seven o'clock on working days.")
    }
}
