import Kernel
import Testing

@testable import Clocks

/// The examples that the user's page on clocks shows, and calendars at their bounds.
@Suite struct CalendarTests {
    private let office = [1, 2, 3, 4, 5].flatMap { day in
        [CalendarDefinition.Line(day, .init(8 * 60, 12 * 60)), CalendarDefinition.Line(day, .init(13 * 60, 17 * 60))]
    }

    private func calendar(_ zone: String, _ lines: [CalendarDefinition.Line]) throws -> WorkCalendar {
        WorkCalendar(try CalendarDefinition(zone: zone, lines: lines), zone: try Zones.table(zone))
    }

    @Test("a night shift has an hour less in spring and an hour more in autumn")
    func nightShift() throws {
        let night = (1...7).map { CalendarDefinition.Line($0, .init(0, 6 * 60)) }
        let calendar = try calendar("America/Chicago", night)
        let spring = try Zones.moment("2026-03-08 00:00:00")
        let autumn = try Zones.moment("2026-11-01 00:00:00")
        #expect(calendar.minutes(from: spring, to: spring + 86_400) == 5 * 60)
        #expect(calendar.minutes(from: autumn, to: autumn + 86_400) == 7 * 60)
        #expect(calendar.minutes(from: spring + 86_400, to: spring + 2 * 86_400) == 6 * 60)
    }

    @Test("480 working minutes from Friday three o'clock end on Monday at three, over a holiday on Tuesday")
    func weekend() throws {
        let calendar = try calendar("Europe/Berlin", office)
        let friday = try Zones.moment("2026-03-27 14:00:00")  // 15:00 in Berlin, two days before the clocks go forward
        #expect(calendar.adding(minutes: 480, to: friday) == (try Zones.moment("2026-03-30 13:00:00")))
        let closed = WorkCalendar(
            try CalendarDefinition(zone: "Europe/Berlin", lines: office, specialDays: [Day(2026, 3, 30): []]), zone: calendar.zone)
        #expect(closed.adding(minutes: 480, to: friday) == (try Zones.moment("2026-03-31 13:00:00")))
    }

    @Test("two sites measure the same stretch by their own clocks")
    func twoSites() throws {
        let (chicago, berlin) = (try calendar("America/Chicago", office), try calendar("Europe/Berlin", office))
        let start = try Zones.moment("2026-06-01 07:00:00")
        #expect(chicago.minutes(from: start, to: start + 8 * 3_600) == 2 * 60)
        #expect(berlin.minutes(from: start, to: start + 8 * 3_600) == 7 * 60)
    }

    @Test("two working days from Thursday morning end on Friday evening, as plan_days has it")
    func workingDays() throws {
        let calendar = try calendar("UTC", office)
        let thursday = try Zones.moment("2026-03-05 09:00:00")
        #expect(calendar.adding(days: 2, to: thursday) == (try Zones.moment("2026-03-06 17:00:00")))
        #expect(calendar.adding(days: 3, to: thursday) == (try Zones.moment("2026-03-09 17:00:00")))
        #expect(calendar.adding(days: -2, to: thursday) == (try Zones.moment("2026-03-04 08:00:00")))
        #expect(calendar.days(from: thursday, to: thursday + 7 * 86_400) == 6)
    }

    @Test("a calendar without hours gives up after fifty years instead of searching for ever")
    func neverOpen() throws {
        let calendar = try calendar("UTC", [])
        let now = try Zones.moment("2026-03-05 09:00:00")
        #expect(calendar.adding(minutes: 1, to: now) == nil)
        #expect(calendar.adding(minutes: -1, to: now) == nil)
        #expect(calendar.nextOpening(from: now) == nil)
        #expect(calendar.adding(days: 1, to: now) == nil)
    }

    @Test("hours that make no sense are refused with a code")
    func refusals() throws {
        func code(_ body: () throws -> Void) -> String? {
            do { try body() } catch { return (error as? Refusal)?.code }
            return nil
        }
        #expect(code { _ = try CalendarDefinition(zone: "UTC", lines: [.init(8, .init(0, 1))]) } == "calendar.hours")
        #expect(code { _ = try CalendarDefinition(zone: "UTC", lines: [.init(1, .init(600, 600))]) } == "calendar.hours")
        #expect(code { _ = try CalendarDefinition(zone: "UTC", lines: [.init(1, .init(0, 1_441))]) } == "calendar.hours")
        #expect(code { _ = try CalendarDefinition(json: ["lines": [["day": 1]]]) } == "calendar.unreadable")
        let many = Array(repeating: CalendarDefinition.Line(1, .init(0, 1)), count: CalendarDefinition.lineLimit + 1)
        #expect(code { _ = try CalendarDefinition(zone: "UTC", lines: many) } == "calendar.too_many")
        let lost = try CalendarDefinition(zone: "Nowhere/Else", lines: [])
        #expect(code { _ = try WorkCalendar(lost, zones: { _ in nil }) } == "calendar.zone")
        #expect(code { _ = try ServiceClock([.init(.start, at: .init(seconds: 0), calendar: "x")], calendars: [:]) } == "clock.calendar")
    }

    @Test("ten years of working time are measured in microseconds once they are known")
    func speed() throws {
        let calendar = try calendar("America/Chicago", office)
        let start = try Zones.moment("2026-03-05 09:00:00")
        _ = calendar.seconds(from: start, to: start + 3_650 * 86_400)
        let clock = ContinuousClock()
        let time = clock.measure { for second in 0..<1_000 { _ = calendar.seconds(from: start + second, to: start + 3_650 * 86_400) } }
        // 115 blocks each time; a walk over days or minutes would take a hundred times longer.
        #expect(time < .milliseconds(500))
    }
}
