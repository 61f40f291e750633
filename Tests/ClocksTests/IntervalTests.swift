import Kernel
import Testing

@testable import Clocks

/// Intervals as `ir.cron` counts them.
@Suite struct IntervalTests {
    private func next(_ number: Int, _ unit: IntervalSchedule.Unit, _ run: String, _ now: String, _ zone: String) throws -> String {
        try IntervalSchedule(number, unit).next(from: try Zones.moment(run), after: try Zones.moment(now), in: try Zones.table(zone))
            .description
    }

    @Test("missed runs are skipped: the next one lies ahead and keeps step")
    func skipped() throws {
        #expect(try next(15, .minutes, "2026-03-01 10:05:00", "2026-03-06 12:00:00", "UTC") == "2026-03-06 12:05:00")
        #expect(try next(2, .weeks, "2026-01-05 06:00:00", "2026-03-06 12:00:00", "UTC") == "2026-03-16 06:00:00")
        #expect(try next(1, .hours, "2026-03-06 12:00:00", "2026-03-06 12:00:00", "UTC") == "2026-03-06 13:00:00")
        #expect(try next(1, .hours, "2026-03-06 12:30:00", "2026-03-06 12:00:00", "UTC") == "2026-03-06 12:30:00", "what lies ahead stays")
    }

    @Test("days keep the time of day of the zone while hours are elapsed time")
    func daylightSaving() throws {
        #expect(try next(1, .days, "2026-03-07 15:00:00", "2026-03-07 15:00:01", "America/Chicago") == "2026-03-08 14:00:00")
        #expect(try next(24, .hours, "2026-03-07 15:00:00", "2026-03-07 15:00:01", "America/Chicago") == "2026-03-08 15:00:00")
        #expect(try next(1, .months, "2026-06-30 22:00:00", "2026-07-01 12:00:00", "Europe/Berlin") == "2026-07-31 22:00:00")
    }

    @Test("the 31st becomes the last day of a shorter month")
    func months() throws {
        #expect(try next(1, .months, "2026-01-31 08:00:00", "2026-01-31 08:00:00", "UTC") == "2026-02-28 08:00:00")
        #expect(try next(12, .months, "2024-02-29 08:00:00", "2026-01-31 08:00:00", "UTC") == "2026-02-28 08:00:00")
    }

    @Test("the next run is the first of the steps that lies ahead, whatever was missed")
    func laws() throws {
        var random = SeededNumbers(SeededNumbers.seed("intervals"))
        for index in 0..<2_000 {
            let zone = try Zones.table(Zones.names[index % Zones.names.count])
            let unit = try #require(IntervalSchedule.Unit.allCases.randomElement(using: &random))
            let schedule = try IntervalSchedule(Int.random(in: 1...40, using: &random), unit)
            let run = Instant(seconds: Int.random(in: 1_000_000_000...2_000_000_000, using: &random))
            let now = run + Int.random(in: 0...20_000_000, using: &random)
            let next = schedule.next(from: run, after: now, in: zone)
            #expect(next > now)
            #expect(schedule.next(from: run, after: next - 1, in: zone) == next, "nothing lies between")
            #expect(schedule.next(from: next, after: now, in: zone) == next)
        }
    }

    @Test("numbers out of bounds are refused", arguments: [0, -1, 10_001])
    func refusals(_ number: Int) {
        do {
            _ = try IntervalSchedule(number, .days)
            Issue.record("nothing was refused")
        } catch { #expect((error as? Refusal)?.code == "schedule.interval") }
    }
}
