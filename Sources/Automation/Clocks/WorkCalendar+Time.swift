import Kernel

/// Measuring and adding working time, in seconds.
extension WorkCalendar {
    /// Working seconds between two moments; negative when the second is the earlier.
    public func seconds(from start: Instant, to end: Instant) -> Int {
        if end < start { return -seconds(from: end, to: start) }
        if isPlain { return end - start }
        let (first, last) = (index(start.seconds), index(end.seconds))
        let head = block(first).worked(until: start.seconds)
        if first == last { return block(first).worked(until: end.seconds) - head }
        var sum = block(first).total - head + block(last).worked(until: end.seconds)
        for index in (first + 1)..<last { sum += block(index).total }
        return sum
    }

    /// Whole working minutes between two moments, rounded down.
    public func minutes(from start: Instant, to end: Instant) -> Int { WorkCalendar.floor(seconds(from: start, to: end), 60) }

    /// The moment by which so many working seconds have passed: the first one after, the last one before when the number is negative.
    ///
    /// - Returns: Nil when the calendar has too little working time within fifty years.
    public func adding(seconds: Int, to start: Instant) -> Instant? {
        if seconds == 0 { return start }
        if isPlain { return start + seconds }
        return seconds > 0 ? forward(seconds, from: start) : back(-seconds, from: start)
    }

    /// The moment by which so many working minutes have passed. See `adding(seconds:to:)`.
    public func adding(minutes: Int, to start: Instant) -> Instant? {
        let (seconds, isTooMuch) = minutes.multipliedReportingOverflow(by: 60)
        return isTooMuch ? nil : adding(seconds: seconds, to: start)
    }

    /// Whether a moment is working time.
    public func isOpen(at moment: Instant) -> Bool {
        let block = block(index(moment.seconds))
        let place = block.piece(beginningBy: moment.seconds)
        return place >= 0 && moment.seconds < block.ends[place]
    }

    /// The moment itself when it is working time, else when working time begins next; nil when it does not within fifty years.
    public func nextOpening(from moment: Instant) -> Instant? {
        if isOpen(at: moment) { return moment }
        let first = index(moment.seconds)
        for index in first...(first + WorkCalendar.horizonBlocks) {
            let block = block(index)
            let place = index == first ? block.piece(beginningBy: moment.seconds) + 1 : 0
            if place < block.starts.count { return Instant(seconds: block.starts[place]) }
        }
        return nil
    }

    private func forward(_ seconds: Int, from start: Instant) -> Instant? {
        let first = index(start.seconds)
        var wanted = seconds + block(first).worked(until: start.seconds)
        for index in first...(first + WorkCalendar.horizonBlocks) {
            let block = block(index)
            if wanted <= block.total { return Instant(seconds: block.second(after: wanted)) }
            wanted -= block.total
        }
        return nil
    }

    private func back(_ seconds: Int, from start: Instant) -> Instant? {
        let first = index(start.seconds)
        var wanted = seconds
        for index in stride(from: first, through: first - WorkCalendar.horizonBlocks, by: -1) {
            let block = block(index)
            let worked = index == first ? block.worked(until: start.seconds) : block.total
            if wanted <= worked { return Instant(seconds: block.second(before: worked - wanted)) }
            wanted -= worked
        }
        return nil
    }

    private func index(_ seconds: Int) -> Int { WorkCalendar.floor(seconds, WorkBlock.length) }
}
