import Foundation
import Kernel

@testable import Clocks

/// The machine's compiled zones, and ways to say moments.
enum Zones {
    static func table(_ name: String) throws -> ZoneTable {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name)))
        guard let table = ZoneTable(name: name, tzif: bytes) else { throw Refusal("test.zone", .missing, name) }
        return table
    }

    /// Zones with a past: summer time on both halves of the earth, half hours, changes at midnight, days left out, negative summer time.
    static let names = [
        "America/Chicago", "America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "America/Havana",
        "Europe/Berlin", "Europe/London", "Europe/Dublin", "Africa/Casablanca", "Africa/Cairo", "Asia/Kolkata", "Asia/Kathmandu",
        "Asia/Tehran", "Asia/Beirut", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Pacific/Auckland",
        "Antarctica/Troll", "Asia/Gaza", "America/Asuncion", "UTC",
    ]

    static func moment(_ text: String) throws -> Instant {
        guard let moment = Instant(text) else { throw Refusal("test.moment", .missing, text) }
        return moment
    }
}

/// Numbers that a seed decides.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A seed that a variable of the environment may fix, said aloud so that a failure can be repeated.
    static func seed(_ test: String) -> UInt64 {
        let seed = ProcessInfo.processInfo.environment["BATON_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999_999)
        print("\(test): seed \(seed); repeat with BATON_SEED=\(seed)")
        return seed
    }
}

/// Calendars, moments and histories made up from a seed.
struct Invention {
    var random: SeededNumbers

    /// Between 1996 and 2044, often near a change of the clocks there.
    mutating func moment(near zone: ZoneTable) -> Instant {
        let second = Int.random(in: 820_454_400...2_335_219_200, using: &random)
        guard Int.random(in: 0..<3, using: &random) == 0 else { return Instant(seconds: second) }
        let segment = zone.segment(at: Instant(seconds: second))
        guard segment.end < 2_335_219_200 else { return Instant(seconds: second) }
        return Instant(seconds: segment.end + Int.random(in: -100_000...100_000, using: &random))
    }

    mutating func span() -> CalendarDefinition.Span {
        let from = Int.random(in: 0..<1_439, using: &random)
        let to = Int.random(in: (from + 1)...1_440, using: &random)
        return CalendarDefinition.Span(from, to)
    }

    mutating func calendar(_ zoneName: String, around moment: Instant) throws -> CalendarDefinition {
        if Int.random(in: 0..<12, using: &random) == 0 { return try CalendarDefinition(zone: zoneName, isAlwaysOpen: true) }
        var lines: [CalendarDefinition.Line] = []
        for weekday in 1...7 where Int.random(in: 0..<7, using: &random) < 5 {
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let kind = Int.random(in: 0..<10, using: &random)
                lines.append(
                    CalendarDefinition.Line(
                        weekday, span(), week: kind == 0 ? Int.random(in: 0...1, using: &random) : nil,
                        since: kind == 1 ? moment.day - 20 : nil, until: kind == 2 ? moment.day + 20 : nil))
            }
        }
        lines.append(CalendarDefinition.Line(3, CalendarDefinition.Span(600, 660)))
        var days: [Day: [CalendarDefinition.Span]] = [:]
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            days[moment.day + Int.random(in: -40...40, using: &random)] = Bool.random(using: &random) ? [] : [span()]
        }
        let closures = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            let from = moment + Int.random(in: -3_000_000...3_000_000, using: &random)
            return CalendarDefinition.Closure(from, from + Int.random(in: 0...600_000, using: &random))
        }
        return try CalendarDefinition(zone: zoneName, lines: lines, specialDays: days, closures: closures)
    }

    mutating func history(_ start: Instant, calendars: [String]) -> (events: [ClockEvent], asOf: Instant) {
        let kinds: [ClockEvent.Kind] = [.pause, .resume, .pause, .resume, .stop, .reset, .calendar, .target, .start]
        var at = start
        func promise(_ random: inout SeededNumbers) -> (Int, Int) {
            (
                [0, 1, 30, 120, 480, 2_400, 10_080].randomElement(using: &random) ?? 1,
                [0, 50, 75, 80, 100].randomElement(using: &random) ?? 0
            )
        }
        let first = promise(&random)
        var events = [
            ClockEvent(
                .start, at: at, calendar: calendars.randomElement(using: &random) ?? "", targetMinutes: first.0, warnPercent: first.1)
        ]
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let kind = kinds.randomElement(using: &random) ?? .pause
            if kind == .stop, Int.random(in: 0..<3, using: &random) > 0 { continue }
            at = at + Int.random(in: -3_600...400_000, using: &random)
            let next = promise(&random)
            events.append(
                ClockEvent(
                    kind, at: at, calendar: calendars.randomElement(using: &random) ?? "", targetMinutes: next.0, warnPercent: next.1))
        }
        return (events, at + Int.random(in: 0...900_000, using: &random))
    }
}
