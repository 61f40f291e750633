import Kernel

/// What a working calendar says: hours of the week, days that differ, times when it is closed, and in which zone its clocks stand.
///
/// A value that can be written down and read again, so that what was measured with it can be measured once more years later.
public struct CalendarDefinition: Sendable, Hashable {
    /// The most hours, days and closures of one calendar.
    public static let lineLimit = 1_000
    /// The most special days and closures, each.
    public static let exceptionLimit = 20_000

    /// A stretch of a day in minutes after midnight, the end not included.
    public struct Span: Sendable, Hashable {
        /// The first minute.
        public let from: Int
        /// The first minute after it; 1440 is midnight.
        public let to: Int

        /// A stretch of a day.
        public init(_ from: Int, _ to: Int) {
            self.from = from
            self.to = to
        }
    }

    /// Working time on one day of the week.
    public struct Line: Sendable, Hashable {
        /// 1 for Monday to 7 for Sunday.
        public let weekday: Int
        /// The hours.
        public let span: Span
        /// 0 or 1 for calendars of two weeks; nil for every week.
        public let week: Int?
        /// The first day on which it holds.
        public let since: Day?
        /// The last day on which it holds.
        public let until: Day?

        /// Working time on one day of the week.
        public init(_ weekday: Int, _ span: Span, week: Int? = nil, since: Day? = nil, until: Day? = nil) {
            self.weekday = weekday
            self.span = span
            self.week = week
            self.since = since
            self.until = until
        }
    }

    /// A time when everything is closed, whatever the hours say.
    public struct Closure: Sendable, Hashable {
        /// When it begins.
        public let from: Instant
        /// When it is over.
        public let to: Instant

        /// A time when everything is closed.
        public init(_ from: Instant, _ to: Instant) {
            self.from = from
            self.to = to
        }
    }

    /// The IANA name of the zone.
    public let zone: String
    /// Whether it never closes: all hours of all days.
    public let isAlwaysOpen: Bool
    /// Hours of the week.
    public let lines: [Line]
    /// Days whose hours differ from the week's; no hours means closed.
    public let specialDays: [Day: [Span]]
    /// Times when it is closed.
    public let closures: [Closure]

    /// A calendar.
    ///
    /// - Throws: `calendar.*` when hours, days or numbers are out of bounds.
    public init(
        zone: String, isAlwaysOpen: Bool = false, lines: [Line] = [], specialDays: [Day: [Span]] = [:], closures: [Closure] = []
    ) throws {
        self.zone = zone.isEmpty ? "UTC" : zone
        self.isAlwaysOpen = isAlwaysOpen
        self.lines = lines
        self.specialDays = specialDays
        self.closures = closures
        try check()
    }

    private init(always zone: String) {
        self.zone = zone
        isAlwaysOpen = true
        (lines, specialDays, closures) = ([], [:], [])
    }

    /// The calendar that never closes: plain elapsed time.
    public static let always = CalendarDefinition(always: "UTC")

    private func check() throws {
        guard lines.count <= CalendarDefinition.lineLimit, specialDays.count <= CalendarDefinition.exceptionLimit,
            closures.count <= CalendarDefinition.exceptionLimit
        else {
            throw Refusal(
                "calendar.too_many", .limit,
                "A calendar holds at most \(CalendarDefinition.lineLimit) hours and \(CalendarDefinition.exceptionLimit) exceptions.",
                instruction: "Remove those of past years.")
        }
        for line in lines {
            guard (1...7).contains(line.weekday) else { throw Refusal.calendarHours("a weekday from Monday to Sunday") }
            guard line.week.map({ (0...1).contains($0) }) ?? true else { throw Refusal.calendarHours("the first or the second week") }
        }
        for span in lines.map(\.span) + specialDays.values.joined() {
            guard span.from >= 0, span.to <= 1_440, span.from < span.to else {
                throw Refusal.calendarHours("hours from 0 to 24 that end after they begin")
            }
        }
        guard closures.allSatisfy({ $0.from <= $0.to }) else { throw Refusal.calendarHours("times off that end after they begin") }
    }
}

extension Refusal {
    /// Hours that make no sense.
    static func calendarHours(_ expected: String) -> Refusal {
        Refusal("calendar.hours", .validation, "The calendar's hours must be \(expected).", instruction: "Correct the hours.")
    }
}
