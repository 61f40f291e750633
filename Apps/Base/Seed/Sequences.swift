import Kernel

/// Numbers of documents: `REF/2026/00042`.
public enum Sequences {
    /// The next number of the sequence with a code; nil when there is none.
    public static func next(_ code: String, _ env: Environment) throws -> String? {
        let superuser = env.asSuperuser("numbers are drawn by whoever makes a document")
        let own = Domain.where("company_id", .equal, .int(env.companyId)) | .where("company_id", .equal, false)
        let found = try superuser.search(Sequence.self, .where("code", .equal, .text(code)) & own, order: "company_id", limit: 1)
        return try found.first.map { try next(of: $0) }
    }

    /// The next number of a sequence.
    ///
    /// Without gaps the counter belongs to the unit of work and is rolled back with it; a standard sequence draws from the same counter,
    /// whose gaps then come only from documents deleted later.
    public static func next(of sequence: Record<Sequence>) throws -> String {
        let env = sequence.env
        let step = max(sequence.step, 1)
        let drawn = try env.unit.transaction.nextNumber("ir.sequence.\(sequence.id)", step: step)
        let number = sequence.next + drawn - step
        var digits = String(number)
        while digits.count < sequence.padding { digits = "0" + digits }
        return expand(sequence.prefix, env) + digits + expand(sequence.suffix, env)
    }

    /// Replaces `%(year)s` and its kin.
    static func expand(_ pattern: String, _ env: Environment) -> String {
        guard pattern.contains("%(") else { return pattern }
        let day = env.today
        let (year, month, dayOfMonth) = day.parts
        let second = env.now.secondOfDay
        let week = day.isoWeek
        let parts: [(String, String)] = [
            ("year", pad(year, 4)), ("month", pad(month, 2)), ("day", pad(dayOfMonth, 2)), ("y", pad(year % 100, 2)),
            ("doy", pad(day.dayOfYear, 3)), ("woy", pad(week.week, 2)), ("weekday", String(day.isoWeekday % 7)),
            ("h24", pad(second / 3_600, 2)), ("h12", pad((second / 3_600 + 11) % 12 + 1, 2)), ("min", pad(second / 60 % 60, 2)),
            ("sec", pad(second % 60, 2)), ("isoyear", pad(week.year, 4)), ("isoy", pad(week.year % 100, 2)), ("isoweek", pad(week.week, 2)),
        ]
        var result = pattern
        for prefix in ["", "range_", "current_"] {
            for (name, value) in parts { result = replace("%(\(prefix)\(name))s", value, in: result) }
        }
        return result
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func replace(_ mark: String, _ value: String, in text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let range = rest.firstRange(of: mark) {
            result += rest[..<range.lowerBound] + value
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
