import Kernel

/// A schedule by intervals, as `ir.cron` counts them.
///
/// Minutes and hours are elapsed time; days, weeks and months keep the time of day of the user's zone. A month's end is the last day of a
/// shorter month. Runs that were missed are skipped, not made up for.
public struct IntervalSchedule: Sendable, Hashable {
    /// What is counted; the raw values are Odoo's.
    public enum Unit: String, Sendable, CaseIterable { case minutes, hours, days, weeks, months }

    /// The largest number.
    public static let numberLimit = 10_000

    /// How many units lie between two runs.
    public let number: Int
    /// What is counted.
    public let unit: Unit

    /// A schedule.
    ///
    /// - Throws: `schedule.interval` unless the number is from 1 to 10,000.
    public init(_ number: Int, _ unit: Unit) throws {
        guard (1...IntervalSchedule.numberLimit).contains(number) else {
            throw Refusal(
                "schedule.interval", .validation, "The interval number must be from 1 to \(IntervalSchedule.numberLimit).",
                instruction: "Give a positive number.")
        }
        self.number = number
        self.unit = unit
    }

    /// The first run after a moment of those that follow one by the interval; the run itself when it still lies ahead.
    public func next(from run: Instant, after moment: Instant, in zone: ZoneTable) -> Instant {
        if run > moment { return run }
        switch unit {
        case .minutes: return step(run, moment, number * 60)
        case .hours: return step(run, moment, number * 3_600)
        case .days: return stepDays(run, moment, number, zone)
        case .weeks: return stepDays(run, moment, number * 7, zone)
        case .months: return stepMonths(run, moment, zone)
        }
    }

    private func step(_ run: Instant, _ moment: Instant, _ seconds: Int) -> Instant {
        run + ((moment - run) / seconds + 1) * seconds
    }

    private func stepDays(_ run: Instant, _ moment: Instant, _ days: Int, _ zone: ZoneTable) -> Instant {
        let local = zone.local(run)
        // No zone moves by more than two days, so that this starts early enough and takes a few steps only.
        var count = max(1, (moment - run - 2 * 86_400) / (days * 86_400))
        while true {
            let next = zone.instant(local: local + count * days * 86_400)
            if next > moment { return next }
            count += 1
        }
    }

    /// Each step from the one before, so that the 31st becomes the 28th and stays it, as `ir.cron` has it.
    private func stepMonths(_ run: Instant, _ moment: Instant, _ zone: ZoneTable) -> Instant {
        let local = Instant(seconds: zone.local(run))
        var day = local.day
        while true {
            day = day.adding(months: number)
            let next = zone.instant(local: day.number * 86_400 + local.secondOfDay)
            if next > moment { return next }
        }
    }
}
