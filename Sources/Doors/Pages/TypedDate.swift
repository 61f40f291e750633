import Kernel

/// Dates as people type them, read only when they can mean one day.
public enum TypedDate {
    /// What a page says about it.
    public static let hint = "For example, 1970-02-14 or 14 Feb 1970"

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]

    /// The day; nil when the text is none, or could be two (`3/4/1984`).
    public static func read(_ text: String) -> Day? {
        if let day = Day(text) { return day }
        let parts = text.split { " ./-,".contains($0) }.map { $0.lowercased() }
        guard parts.count == 3 else { return nil }
        if let month = month(parts[1]) { return day(parts[2], month, parts[0]) }
        if let month = month(parts[0]) { return day(parts[2], month, parts[1]) }
        if parts[0].utf8.count == 4, let month = Int(parts[1]) { return day(parts[0], month, parts[2]) }
        guard let first = Int(parts[0]), let second = Int(parts[1]) else { return nil }
        if first == second || first > 12 { return day(parts[2], second, parts[0]) }
        return second > 12 ? day(parts[2], first, parts[1]) : nil
    }

    /// The day in words: `14 February 1970`.
    public static func words(_ day: Day) -> String {
        let (year, month, date) = day.parts
        return "\(date) \(months[month - 1].prefix(1).uppercased())\(months[month - 1].dropFirst()) \(year)"
    }

    private static func month(_ text: String) -> Int? {
        guard text.count >= 3 else { return nil }
        return months.firstIndex { $0.hasPrefix(text) }.map { $0 + 1 }
    }

    private static func day(_ year: String, _ month: Int, _ date: String) -> Day? {
        guard year.utf8.count == 4, let year = Int(year), let date = Int(date) else { return nil }
        return Day(checking: year, month, date)
    }
}
