import Kernel

/// Counting days on which work is done.
extension WorkCalendar {
    /// How far a search for working days goes: fifty years.
    static let horizonDays = 18_263

    /// The end of the so-many-th working day from a moment on, its own day counted while working time is left of it; for a negative number
    /// the beginning of the so-many-th working day before.
    ///
    /// The same count as Odoo's `plan_days`.
    /// - Returns: Nil when there are too few working days within fifty years.
    public func adding(days: Int, to start: Instant) -> Instant? {
        if days == 0 { return start }
        let first = Day(number: WorkCalendar.floor(zone.local(start), 86_400))
        let step = days > 0 ? 1 : -1
        var left = abs(days)
        for distance in 0...WorkCalendar.horizonDays {
            let (begin, end) = bounds(of: first + step * distance)
            let from = days > 0 ? max(begin, start) : begin
            let to = days > 0 ? end : min(end, start)
            let worked = from < to ? seconds(from: from, to: to) : 0
            guard worked > 0 else { continue }
            left -= 1
            if left == 0 { return days > 0 ? adding(seconds: worked, to: from) : adding(seconds: -worked, to: to) }
        }
        return nil
    }

    /// On how many days there is working time between two moments.
    public func days(from start: Instant, to end: Instant) -> Int {
        guard start < end else { return 0 }
        let first = WorkCalendar.floor(zone.local(start), 86_400)
        let last = WorkCalendar.floor(zone.local(end), 86_400)
        return (first...max(first, last)).prefix(WorkCalendar.horizonDays).count { number in
            let (begin, close) = bounds(of: Day(number: number))
            let (from, to) = (max(begin, start), min(close, end))
            return from < to && seconds(from: from, to: to) > 0
        }
    }

    /// When a day begins and when the next one does, by the clock there.
    private func bounds(of day: Day) -> (Instant, Instant) {
        (zone.instant(local: day.number * 86_400), zone.instant(local: (day.number + 1) * 86_400))
    }
}
