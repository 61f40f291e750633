/// One time zone as a table: from when on which offset from UTC holds.
///
/// A value: the same bytes give the same answers on every machine and at every time. Dates from 1800 to 9999 can be asked for; after the last
/// year that is spelled out, the zone's own rule goes on, which repeats with the Gregorian calendar every 400 years.
public struct ZoneTable: Sendable, Hashable {
    /// A stretch of time in which one offset holds.
    public struct Segment: Sendable, Hashable {
        /// The first second of it, in UTC.
        public let start: Int
        /// The first second after it.
        public let end: Int
        /// Seconds east of UTC.
        public let offset: Int

        /// A stretch from one second to before another.
        public init(start: Int, end: Int, offset: Int) {
            self.start = start
            self.end = end
            self.offset = offset
        }
    }

    /// Seconds in 400 Gregorian years, after which calendar and rules repeat.
    static let cycle = 146_097 * 86_400

    /// The IANA name.
    public let name: String
    /// The seconds at which the offset changes, rising.
    let changes: [Int]
    /// The offsets: the first before all changes, then one after each.
    let offsets: [Int]
    /// The seconds from which on the table repeats every 400 years; nil for a zone that keeps its last offset.
    let repeatsFrom: Int?

    init(name: String, changes: [Int], offsets: [Int], repeatsFrom: Int?) {
        precondition(offsets.count == changes.count + 1, "an offset follows each change")
        self.name = name
        self.changes = changes
        self.offsets = offsets
        self.repeatsFrom = repeatsFrom
    }

    /// UTC.
    public static let utc = ZoneTable(name: "UTC", changes: [], offsets: [0], repeatsFrom: nil)

    /// Seconds east of UTC at a moment.
    public func offset(at moment: Instant) -> Int {
        let (seconds, _) = reduced(moment.seconds)
        return offsets[place(seconds)]
    }

    /// The stretch of one offset that a moment is in.
    public func segment(at moment: Instant) -> Segment {
        let (seconds, shift) = reduced(moment.seconds)
        let place = place(seconds)
        let start = place == 0 ? Int.min / 4 : changes[place - 1] + shift
        let end = place < changes.count ? changes[place] + shift : Int.max / 4
        return Segment(start: start, end: end, offset: offsets[place])
    }

    /// The stretches of one offset that meet a span of time, cut to it.
    public func segments(from start: Int, to end: Int) -> [Segment] {
        var result: [Segment] = []
        var next = start
        while next < end {
            let segment = segment(at: Instant(seconds: next))
            result.append(Segment(start: next, end: min(segment.end, end), offset: segment.offset))
            next = segment.end
        }
        return result
    }

    /// The moment at which clocks there show a time; the first one where they show it twice, the end of the gap where they never do.
    ///
    /// - Parameter local: Seconds from 1970-01-01 00:00 to what the clock shows, as if it showed UTC.
    public func instant(local: Int) -> Instant {
        // No zone is further from UTC than 26 hours.
        for segment in segments(from: local - 93_600, to: local + 93_600) {
            if local < segment.start + segment.offset { return Instant(seconds: segment.start) }
            if local < segment.end + segment.offset { return Instant(seconds: local - segment.offset) }
        }
        return Instant(seconds: local - offset(at: Instant(seconds: local)))
    }

    /// What clocks there show at a moment: seconds from 1970-01-01 00:00 as if it were UTC.
    public func local(_ moment: Instant) -> Int { moment.seconds + offset(at: moment) }

    /// How many changes lie at or before a second.
    private func place(_ seconds: Int) -> Int {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The same second within the part of the table that is spelled out, and how far it was moved.
    private func reduced(_ seconds: Int) -> (Int, Int) {
        guard let repeatsFrom, seconds >= repeatsFrom + ZoneTable.cycle else { return (seconds, 0) }
        let shift = (seconds - repeatsFrom) / ZoneTable.cycle * ZoneTable.cycle
        return (seconds - shift, shift)
    }
}
