import Kernel

/// A working calendar in its time zone, ready to measure.
///
/// A moment is working time when the clock on the wall there stands within the hours: where clocks are put back, hours between count twice,
/// where they are put forward, hours that nobody saw count not at all. What was computed is remembered by blocks of 32 days.
public final class WorkCalendar: Sendable {
    /// How far a search for working time goes: fifty years.
    static let horizonBlocks = 571
    /// Blocks that are remembered, after which memory is emptied.
    static let memoryLimit = 2_000

    /// What it says.
    public let definition: CalendarDefinition
    /// Its zone.
    public let zone: ZoneTable
    /// Whether it is plain elapsed time.
    let isPlain: Bool
    private let hours: DayHours
    private let closures: [(start: Int, end: Int)]
    private let memory = Locked<[Int: WorkBlock]>([:])

    /// A calendar in its zone, whose table must be the one that the definition names.
    public init(_ definition: CalendarDefinition, zone: ZoneTable) {
        self.definition = definition
        self.zone = zone
        isPlain = definition == .always
        hours = DayHours(definition)
        closures = WorkCalendar.joined(definition.closures.map { ($0.from.seconds, $0.to.seconds) })
    }

    /// A calendar with its zone's table.
    ///
    /// - Throws: `calendar.zone` when the zone is not known.
    public convenience init(_ definition: CalendarDefinition, zones: (String) -> ZoneTable?) throws {
        guard let zone = zones(definition.zone) else {
            throw Refusal(
                "calendar.zone", .validation, "There is no time zone '\(definition.zone)'.",
                instruction: "Give an IANA name such as Europe/Berlin.")
        }
        self.init(definition, zone: zone)
    }

    /// The calendar that never closes: plain elapsed time.
    public static let always = WorkCalendar(.always, zone: .utc)

    func block(_ index: Int) -> WorkBlock {
        if let known = memory.withLock({ $0[index] }) { return known }
        let block = makeBlock(index)
        memory.withLock { memory in
            if memory.count >= WorkCalendar.memoryLimit { memory.removeAll() }
            memory[index] = block
        }
        return block
    }

    private func makeBlock(_ index: Int) -> WorkBlock {
        let start = index * WorkBlock.length
        var pieces: [(start: Int, end: Int)] = []
        for segment in zone.segments(from: start, to: start + WorkBlock.length) {
            let (first, last) = (segment.start + segment.offset, segment.end + segment.offset)
            for number in WorkCalendar.floor(first, 86_400)...WorkCalendar.floor(last - 1, 86_400) {
                for span in hours.spans(of: number) {
                    let from = max(number * 86_400 + span.from * 60, first)
                    let to = min(number * 86_400 + span.to * 60, last)
                    if from < to { pieces.append((from - segment.offset, to - segment.offset)) }
                }
            }
        }
        return WorkBlock(without(closures, WorkCalendar.joined(pieces)))
    }

    /// What is left of pieces when others are cut out; both rise and do not overlap.
    private func without(_ holes: [(start: Int, end: Int)], _ pieces: [(start: Int, end: Int)]) -> [(start: Int, end: Int)] {
        guard !holes.isEmpty, let first = pieces.first else { return pieces }
        var result: [(start: Int, end: Int)] = []
        var hole = holes.firstIndex { $0.end > first.start } ?? holes.count
        for piece in pieces {
            var start = piece.start
            while hole < holes.count, holes[hole].end <= start { hole += 1 }
            var next = hole
            while next < holes.count, holes[next].start < piece.end {
                if holes[next].start > start { result.append((start, holes[next].start)) }
                start = max(start, holes[next].end)
                next += 1
            }
            if start < piece.end { result.append((start, piece.end)) }
        }
        return result
    }

    /// Pieces in order, those that touch or overlap made one, empty ones left out.
    static func joined(_ pieces: [(Int, Int)]) -> [(start: Int, end: Int)] {
        var result: [(start: Int, end: Int)] = []
        for piece in pieces.sorted(by: <) where piece.0 < piece.1 {
            if let last = result.last, piece.0 <= last.end {
                result[result.count - 1].end = max(last.end, piece.1)
            } else {
                result.append((piece.0, piece.1))
            }
        }
        return result
    }

    static func floor(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : (number - divisor + 1) / divisor
    }
}

/// The hours of any day, by its number: special ones first, else those of its weekday.
private struct DayHours: Sendable {
    private let isAlwaysOpen: Bool
    private let special: [Int: [CalendarDefinition.Span]]
    /// By week and weekday, for lines that hold at all times.
    private let weeks: [[CalendarDefinition.Span]]
    private let dated: [CalendarDefinition.Line]

    init(_ definition: CalendarDefinition) {
        isAlwaysOpen = definition.isAlwaysOpen
        special = Dictionary(uniqueKeysWithValues: definition.specialDays.map { ($0.key.number, $0.value) })
        let plain = definition.lines.filter { $0.since == nil && $0.until == nil }
        dated = definition.lines.filter { $0.since != nil || $0.until != nil }
        weeks = (0..<14).map { place in
            plain.filter { ($0.week ?? place / 7) == place / 7 && $0.weekday == place % 7 + 1 }.map(\.span)
        }
    }

    func spans(of number: Int) -> [CalendarDefinition.Span] {
        if let own = special[number] { return own }
        if isAlwaysOpen { return [CalendarDefinition.Span(0, 1_440)] }
        let day = Day(number: number)
        // Weeks are counted from the first of January of the year 1, a Monday, as Odoo counts them.
        let week = WorkCalendar.floor(number + 719_162, 7) & 1
        let weekly = weeks[week * 7 + day.isoWeekday - 1]
        if dated.isEmpty { return weekly }
        let extra = dated.filter { line in
            line.weekday == day.isoWeekday && (line.week ?? week) == week && (line.since ?? day) <= day && (line.until ?? day) >= day
        }
        return weekly + extra.map(\.span)
    }
}
