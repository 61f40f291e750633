import Kernel
import Testing

@testable import Clocks

/// Cron expressions against a walk over every minute, and at their bounds.
@Suite struct CronTests {
    /// One field with its numbers and how they are written.
    private struct Field {
        let numbers: Set<Int>
        let text: String

        init(_ range: ClosedRange<Int>, _ random: inout SeededNumbers) {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: (numbers, text) = (Set(range), "*")
            case 2:
                let step = Int.random(in: 1...20, using: &random)
                (numbers, text) = (Set(stride(from: range.lowerBound, through: range.upperBound, by: step)), "*/\(step)")
            case 3:
                let from = Int.random(in: range, using: &random)
                let to = Int.random(in: from...range.upperBound, using: &random)
                let step = Int.random(in: 1...4, using: &random)
                (numbers, text) = (Set(stride(from: from, through: to, by: step)), "\(from)-\(to)/\(step)")
            default:
                let list = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: range, using: &random) }
                (numbers, text) = (Set(list), list.map(String.init).joined(separator: ","))
            }
        }
    }

    /// An expression and what it means.
    private struct Schedule {
        let minute, hour, day, month, weekday: Field
        var text: String { [minute, hour, day, month, weekday].map(\.text).joined(separator: " ") }
        var isRhythm: Bool { hour.numbers.count == 24 }

        init(_ random: inout SeededNumbers) {
            minute = Field(0...59, &random)
            hour = Field(0...23, &random)
            day = Field(1...31, &random)
            month = Field(1...12, &random)
            weekday = Field(0...6, &random)
        }

        /// Whether a minute of the clock on the wall is due.
        func isDue(_ local: Int) -> Bool {
            let date = Instant(seconds: local * 60)
            let (_, month, day) = date.day.parts
            let (byDay, byWeek) = (self.day.numbers.contains(day), weekday.numbers.contains(date.day.isoWeekday % 7))
            let isLimit = self.day.text.hasPrefix("*") || weekday.text.hasPrefix("*")
            return minute.numbers.contains(date.secondOfDay / 60 % 60) && hour.numbers.contains(date.secondOfDay / 3_600)
                && self.month.numbers.contains(month) && (isLimit ? byDay && byWeek : byDay || byWeek)
        }
    }

    @Test("due times are those of a walk over every minute, through every change of the clocks")
    func everyMinute() throws {
        var random = SeededNumbers(SeededNumbers.seed("cron"))
        var invention = Invention(random: random)
        var due = 0
        for index in 0..<600 {
            let zone = try Zones.table(Zones.names[index % Zones.names.count])
            let schedule = Schedule(&random)
            guard let expression = try? CronExpression(schedule.text) else { continue }
            let start = Instant(seconds: invention.moment(near: zone).seconds / 60 * 60)
            let end = start + 5 * 86_400
            let expected = walk(schedule, zone, start, end)
            var found: [Instant] = []
            var last = start
            while let next = expression.next(after: last, in: zone), next < end {
                found.append(next)
                last = next
            }
            due += found.count
            #expect(found == expected, "\(schedule.text) in \(zone.name) from \(start)")
        }
        #expect(due > 10_000)
    }

    private func walk(_ schedule: Schedule, _ zone: ZoneTable, _ start: Instant, _ end: Instant) -> [Instant] {
        var result: [Instant] = []
        // A day before, so that what was shown before a clock went back is known.
        var second = start.seconds - 100_000 / 60 * 60
        var shown = zone.local(Instant(seconds: second - 60)) / 60
        var latest = shown
        while second < end.seconds {
            let local = zone.local(Instant(seconds: second)) / 60
            let skipped = local > shown + 1 ? ((shown + 1)..<local).contains(where: schedule.isDue) : false
            let isRepeated = local <= latest && !schedule.isRhythm
            if skipped || schedule.isDue(local) && !isRepeated, second > start.seconds { result.append(Instant(seconds: second)) }
            latest = max(latest, local)
            shown = local
            second += 60
        }
        return result
    }

    @Test("half past two runs once at three when that hour is left out, and once when it comes twice")
    func daylightSaving() throws {
        let zone = try Zones.table("America/Chicago")
        let nightly = try CronExpression("30 2 * * *")
        let spring = nightly.upcoming(3, after: try Zones.moment("2026-03-07 12:00:00"), in: zone)
        #expect(spring.map(\.description) == ["2026-03-08 08:00:00", "2026-03-09 07:30:00", "2026-03-10 07:30:00"])
        let early = try CronExpression("30 1 * * *")
        let autumn = early.upcoming(2, after: try Zones.moment("2026-11-01 00:00:00"), in: zone)
        #expect(autumn.map(\.description) == ["2026-11-01 06:30:00", "2026-11-02 07:30:00"])
        let quarters = try CronExpression("*/15 * * * *").upcoming(9, after: try Zones.moment("2026-11-01 05:59:00"), in: zone)
        #expect(quarters.map(\.seconds) == (0..<9).map { quarters[0].seconds + $0 * 900 })
    }

    @Test(
        "names, last days, nearest weekdays and numbered weekdays are understood",
        arguments: [
            ("0 7 * * MON-FRI", "2026-03-09 07:00:00"), ("@daily", "2026-03-07 00:00:00"), ("@hourly", "2026-03-06 18:00:00"),
            ("@weekly", "2026-03-08 00:00:00"), ("@monthly", "2026-04-01 00:00:00"), ("@yearly", "2027-01-01 00:00:00"),
            ("0 0 L * *", "2026-03-31 00:00:00"), ("0 0 L-2 FEB *", "2027-02-26 00:00:00"), ("0 0 15W 8 *", "2026-08-14 00:00:00"),
            ("0 0 1W AUG *", "2026-08-03 00:00:00"), ("0 0 LW 5 *", "2026-05-29 00:00:00"), ("0 0 * * FRI#2", "2026-03-13 00:00:00"),
            ("0 0 * * 5L", "2026-03-27 00:00:00"), ("0 0 29 2 *", "2028-02-29 00:00:00"), ("0 0 13 * FRI", "2026-03-13 00:00:00"),
            ("5,35 9-17/4 * * 1", "2026-03-09 09:05:00"), ("0 12 * * 7", "2026-03-08 12:00:00"),
        ])
    func forms(_ text: String, _ expected: String) throws {
        let next = try CronExpression(text).next(after: try Zones.moment("2026-03-06 17:30:00"), in: .utc)
        #expect(next?.description == expected)
    }

    @Test(
        "what is no schedule is refused with a code",
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *",
            "5-1 * * * *", "a * * * *", "* * * JANUARY *", "* * * * FRI#6", "1,,2 * * * *", "1-2-3 * * * *", "*/2/2 * * * *", "@often",
            "+1 * * * *", "* * W * *", "* * 0W * *",
        ])
    func refusals(_ text: String) {
        #expect(throws: (any Error).self) { try CronExpression(text) }
        do { _ = try CronExpression(text) } catch { #expect((error as? Refusal)?.code == "cron.syntax") }
    }

    @Test(
        "a day that never comes is refused instead of being searched for ever",
        arguments: ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31W 2 *"])
    func never(_ text: String) {
        do { _ = try CronExpression(text) } catch { #expect((error as? Refusal)?.code == "cron.never") }
        #expect(throws: (any Error).self) { try CronExpression(text) }
    }
}
