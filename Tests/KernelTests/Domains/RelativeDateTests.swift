import Testing

@testable import Kernel

@Suite("Dates reckoned from now") struct RelativeDateTests {
    /// A Wednesday, 15:04:05 on the wall clock.
    private static let now = Instant(Day(2026, 3, 4), secondOfDay: 54_245)

    @Test(
        "the table of steps",
        arguments: [
            ("today", "2026-03-04"), ("now", "2026-03-04 15:04:05"), ("-7d", "2026-02-25 15:04:05"), ("+2w", "2026-03-18 15:04:05"),
            ("today -7d", "2026-02-25"), ("today =1d", "2026-03-01"), ("today =31d =2m", "2026-02-28"), ("today =1m =1d", "2026-01-01"),
            ("today +1m =1d -1d", "2026-03-31"), ("today -1y", "2025-03-04"), ("=1d", "2026-03-01 00:00:00"),
            ("=6m", "2026-06-04 00:00:00"),
            ("now +3H", "2026-03-04 18:04:05"), ("now -16H", "2026-03-03 23:04:05"), ("=3H", "2026-03-04 03:00:00"),
            ("=30M", "2026-03-04 15:30:00"), ("=9S", "2026-03-04 15:04:09"), ("today +3H", "2026-03-04 03:00:00"),
            ("-90M", "2026-03-04 13:34:05"),
            ("today =monday", "2026-03-02"), ("=monday -1w", "2026-02-23 00:00:00"), ("today +monday", "2026-03-09"),
            ("today -friday", "2026-02-27"), ("today +wednesday", "2026-03-04"), ("today =sunday", "2026-03-08"),
            ("today =week_start", "2026-03-02"), ("today =2024y =29d =2m", "2024-02-29"),
        ])
    func table(_ row: (text: String, expected: String)) {
        let found =
            switch RelativeDate.parse(row.text, localNow: RelativeDateTests.now, weekStart: 1) {
            case .day(let day)?: day.description
            case .local(let moment)?: moment.description
            case nil: "nothing"
            }
        #expect(found == row.expected)
    }

    @Test("weeks begin on Sunday where people say so")
    func sunday() {
        let start = RelativeDate.weekStart(language: "en_US")
        #expect(RelativeDate.parse("today =week_start", localNow: RelativeDateTests.now, weekStart: start) == .day(Day(2026, 3, 1)))
        #expect(RelativeDate.parse("today =sunday", localNow: RelativeDateTests.now, weekStart: start) == .day(Day(2026, 3, 1)))
        #expect(RelativeDate.weekStart(language: "de_DE") == 1)
    }

    @Test(
        "what is no such date is nothing",
        arguments: [
            "", "tomorrow", "today 7d", "today +d", "7d", "+-7d", "=40d", "=13m", "=0d", "=24H", "=1w", "today ++1d", "today +1x",
            "today +99999999999999999999d", "today +9000y", "-999999w", "today +someday", String(repeating: "+1d ", count: 30),
        ])
    func nothing(_ text: String) {
        #expect(RelativeDate.parse(text, localNow: RelativeDateTests.now, weekStart: 1) == nil)
    }
}
