import Kernel
import Testing

@testable import Clocks

/// What must hold for every calendar, whatever its hours.
@Suite struct LawTests {
    private func sample(_ name: String, _ body: (WorkCalendar, Instant, inout SeededNumbers) throws -> Void) throws {
        var invention = Invention(random: SeededNumbers(SeededNumbers.seed(name)))
        for index in 0..<400 {
            let zone = try Zones.table(Zones.names[index % Zones.names.count])
            let around = invention.moment(near: zone)
            let calendar = WorkCalendar(try invention.calendar(zone.name, around: around), zone: zone)
            for _ in 0..<10 {
                let at = around + Int.random(in: -3_000_000...3_000_000, using: &invention.random)
                try body(calendar, at, &invention.random)
            }
        }
    }

    @Test("what was added is what is measured, forward and backward")
    func addThenMeasure() throws {
        try sample("add") { calendar, at, random in
            let seconds = Int.random(in: 1...2_000_000, using: &random)
            let later = try #require(calendar.adding(seconds: seconds, to: at))
            #expect(calendar.seconds(from: at, to: later) == seconds)
            #expect(calendar.seconds(from: at, to: later - 1) == seconds - 1, "the first such moment")
            let earlier = try #require(calendar.adding(seconds: -seconds, to: at))
            #expect(calendar.seconds(from: earlier, to: at) == seconds)
            #expect(calendar.seconds(from: earlier + 1, to: at) == seconds - 1, "the last such moment")
        }
    }

    @Test("working time adds up, never falls, and is never more than time")
    func additive() throws {
        try sample("additive") { calendar, at, random in
            let middle = at + Int.random(in: 0...4_000_000, using: &random)
            let end = middle + Int.random(in: 0...4_000_000, using: &random)
            let (first, second) = (calendar.seconds(from: at, to: middle), calendar.seconds(from: middle, to: end))
            #expect(first >= 0 && first <= middle - at)
            #expect(first + second == calendar.seconds(from: at, to: end))
            #expect(calendar.seconds(from: end, to: at) == -(first + second))
        }
    }

    @Test("the next opening is working time, and nothing lies before it")
    func openings() throws {
        try sample("openings") { calendar, at, _ in
            let opening = try #require(calendar.nextOpening(from: at))
            #expect(calendar.isOpen(at: opening))
            #expect(calendar.seconds(from: at, to: opening) == 0)
            #expect(calendar.isOpen(at: at) == (opening == at))
        }
    }

    @Test("a calendar that is written and read again measures the same, and equal calendars are written alike")
    func written() throws {
        try sample("written") { calendar, at, _ in
            let again = try CalendarDefinition(json: calendar.definition.json)
            #expect(again.json.text() == calendar.definition.json.text())
            let other = WorkCalendar(again, zone: calendar.zone)
            #expect(other.seconds(from: at, to: at + 5_000_000) == calendar.seconds(from: at, to: at + 5_000_000))
        }
    }

    @Test("a clock reads the same after each event as all events read at once, and never goes back")
    func clocks() throws {
        var invention = Invention(random: SeededNumbers(SeededNumbers.seed("clock laws")))
        for index in 0..<1_000 {
            let zone = try Zones.table(Zones.names[index % Zones.names.count])
            let around = invention.moment(near: zone)
            let calendars = ["a": WorkCalendar(try invention.calendar(zone.name, around: around), zone: zone)]
            let (events, asOf) = invention.history(around, calendars: ["a", ""])
            let whole = try ServiceClock(events, calendars: calendars)
            let again = try ServiceClock(events, calendars: calendars)
            #expect(whole.reading(at: asOf) == again.reading(at: asOf))
            let earlier = whole.reading(at: asOf).elapsedSeconds
            #expect(whole.reading(at: asOf + 3_600).elapsedSeconds >= earlier)
            if let breach = whole.reading(at: asOf).breachAt, whole.state == .running, breach > asOf {
                #expect(!whole.reading(at: breach - 1).isBreached)
                #expect(whole.reading(at: breach).isBreached)
            }
        }
    }
}
