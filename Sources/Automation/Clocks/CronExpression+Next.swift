import Kernel

/// When a schedule is due.
extension CronExpression {
    /// The first moment after another at which the schedule is due.
    ///
    /// Times that a clock put forward never shows are due once, when the gap ends. Times that a clock put back shows twice are due the first
    /// time; a rhythm, which names no hour, goes on through both.
    /// - Returns: Nil when nothing is due within fifty years.
    public func next(after moment: Instant, in zone: ZoneTable) -> Instant? {
        var next = moment.seconds + 1
        let end = moment.seconds + CronExpression.horizonSeconds
        while next < end {
            let segment = zone.segment(at: Instant(seconds: next))
            let (first, last) = (max(segment.start, moment.seconds + 1), min(segment.end, end))
            var from = first + segment.offset
            if segment.start > Int.min / 8 {
                let before = zone.segment(at: Instant(seconds: segment.start - 1))
                let (shown, shows) = (segment.start + before.offset, segment.start + segment.offset)
                if shown < shows, segment.start > moment.seconds, nextLocal(from: shown, before: shows) != nil {
                    return Instant(seconds: segment.start)
                }
                if shown > shows, !isRhythm { from = max(from, shown) }
            }
            if let local = nextLocal(from: from, before: last + segment.offset) { return Instant(seconds: local - segment.offset) }
            next = segment.end
        }
        return nil
    }

    /// The next moments at which the schedule is due.
    public func upcoming(_ count: Int, after moment: Instant, in zone: ZoneTable) -> [Instant] {
        var result: [Instant] = []
        var last = moment
        while result.count < count, let next = next(after: last, in: zone) {
            result.append(next)
            last = next
        }
        return result
    }

    /// The first full minute of a clock that never changes, from one second on and before another, at which the schedule is due.
    func nextLocal(from start: Int, before end: Int) -> Int? {
        let first = WorkCalendar.floor(start + 59, 60) * 60
        var day = Day(number: WorkCalendar.floor(first, 86_400))
        var minute = (first - day.number * 86_400) / 60
        while day.number * 86_400 < end {
            guard let found = dueDay(from: day, before: end) else { return nil }
            if found != day { minute = 0 }
            if let due = dueMinute(from: minute) {
                let local = found.number * 86_400 + due * 60
                return local < end ? local : nil
            }
            day = found + 1
            minute = 0
        }
        return nil
    }

    /// The first day that counts, from a day on, of those that begin before a second.
    private func dueDay(from day: Day, before end: Int) -> Day? {
        var (year, month, first) = day.parts
        while Day(year, month, 1).number * 86_400 < end {
            if months & 1 << UInt64(month) != 0 {
                let mask = days.mask(year, month) & (UInt64.max << UInt64(first))
                if mask != 0 { return Day(year, month, mask.trailingZeroBitCount) }
            }
            first = 1
            month += 1
            if month == 13 { (year, month) = (year + 1, 1) }
        }
        return nil
    }

    /// The first minute of a day that counts, from a minute on.
    private func dueMinute(from minute: Int) -> Int? {
        let hour = minute / 60
        if hours & 1 << UInt64(hour) != 0 {
            let rest = minutes & (UInt64.max << UInt64(minute % 60))
            if rest != 0 { return hour * 60 + rest.trailingZeroBitCount }
        }
        let later = hour < 23 ? hours & (UInt64.max << UInt64(hour + 1)) : 0
        return later == 0 ? nil : later.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount
    }
}
