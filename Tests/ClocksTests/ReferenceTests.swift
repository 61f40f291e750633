import Foundation
import JSON
import Kernel
import Testing

@testable import Clocks

/// Everything that is measured here is measured again by a reference in Python that knows nothing of this code.
@Suite(.enabled("Python with zoneinfo is absent", { Reference.isThere })) struct ReferenceTests {
    /// A pool of calendars, each with the moment around which its exceptions lie.
    private func pool(_ invention: inout Invention, _ count: Int) throws -> [(calendar: WorkCalendar, around: Instant)] {
        try (0..<count).map { index in
            let zone = try Zones.table(Zones.names[index % Zones.names.count])
            let around = invention.moment(near: zone)
            return (WorkCalendar(try invention.calendar(zone.name, around: around), zone: zone), around)
        }
    }

    private func asked(_ pool: [(calendar: WorkCalendar, around: Instant)], _ key: String, _ list: [JSON]) -> JSON {
        var members: [String: JSON] = ["offsets": [], "questions": [], "histories": []]
        members[key] = .array(list)
        members["calendars"] = .array(pool.map(\.calendar.definition.json))
        return .object(JSONObject(members.map { JSONObject.Member(key: $0.key, value: $0.value) }))
    }

    private func told(_ instant: Instant?) -> JSON { instant.map { JSON($0.seconds) } ?? .null }

    @Test("zones have the offsets that zoneinfo finds, to the end of the next century")
    func offsets() throws {
        var random = SeededNumbers(SeededNumbers.seed("zones"))
        let tables = try Zones.names.map { try Zones.table($0) }
        var list: [JSON] = []
        var mine: [JSON] = []
        for index in 0..<20_000 {
            let zone = tables[index % tables.count]
            var second = Int.random(in: -1_000_000_000...7_200_000_000, using: &random)
            let end = zone.segment(at: Instant(seconds: second)).end
            if Bool.random(using: &random), end < 7_200_000_000 { second = end + Int.random(in: -1...1, using: &random) }
            list.append([JSON(zone.name), JSON(second)])
            mine.append(JSON(zone.offset(at: Instant(seconds: second))))
        }
        let answers = try Reference.answers(to: asked([], "offsets", list))["offsets"]?.arrayValue ?? []
        #expect(answers.count == mine.count)
        for index in mine.indices where mine[index] != answers[index] {
            Issue.record("\(list[index].text()): \(mine[index]) \(answers[index])")
        }
    }

    @Test("calendars measure, add and open as the reference does")
    func calendars() throws {
        var invention = Invention(random: SeededNumbers(SeededNumbers.seed("calendars")))
        let pool = try pool(&invention, 120)
        var list: [JSON] = []
        var mine: [JSON] = []
        for index in 0..<6_000 {
            let (calendar, around) = pool[index % pool.count]
            let at = around + Int.random(in: -4_000_000...4_000_000, using: &invention.random)
            let (kind, number, answer): (String, Int, JSON)
            switch index / pool.count % 4 {
            case 0:
                number = Int.random(in: 0...5_000_000, using: &invention.random)
                (kind, answer) = ("worked", JSON(calendar.seconds(from: at, to: at + number)))
            case 1:
                number = Int.random(in: -500_000...500_000, using: &invention.random)
                (kind, answer) = ("add", told(calendar.adding(seconds: number, to: at)))
            case 2: (kind, number, answer) = ("opening", 0, told(calendar.nextOpening(from: at)))
            default:
                number = Int.random(in: -12...12, using: &invention.random)
                (kind, answer) = ("days", told(calendar.adding(days: number, to: at)))
            }
            list.append([JSON(index % pool.count), JSON(kind), JSON(at.seconds), JSON(number)])
            mine.append(answer)
        }
        let answers = try Reference.answers(to: asked(pool, "questions", list))["questions"]?.arrayValue ?? []
        #expect(answers.count == mine.count)
        for index in mine.indices where mine[index] != answers[index] {
            Issue.record("\(list[index].text()) here \(mine[index].text()), there \(answers[index].text())")
        }
    }

    @Test("10,000 random histories of clocks have the reference's minutes, warnings and breaches")
    func histories() throws {
        var invention = Invention(random: SeededNumbers(SeededNumbers.seed("histories")))
        let pool = try pool(&invention, 150)
        var list: [JSON] = []
        var mine: [JSON] = []
        for index in 0..<10_000 {
            let place = index % (pool.count - 2)
            let keys = (place...(place + 2)).map(String.init)
            let start = pool[place].around + Int.random(in: -2_000_000...2_000_000, using: &invention.random)
            let (events, asOf) = invention.history(start, calendars: keys)
            let calendars = Dictionary(uniqueKeysWithValues: (place...(place + 2)).map { (String($0), pool[$0].calendar) })
            let reading = try ServiceClock(events, calendars: calendars).reading(at: asOf)
            mine.append([
                JSON(reading.state.rawValue), JSON(reading.elapsedSeconds), told(reading.warnAt), told(reading.breachAt),
                .bool(reading.isWarned), .bool(reading.isBreached),
            ])
            let written = events.map { event -> JSON in
                [
                    JSON(event.at.seconds), JSON(event.kind.rawValue), JSON(Int(event.calendar) ?? 0), JSON(event.targetMinutes),
                    JSON(event.warnPercent),
                ]
            }
            list.append([.array(written), JSON(asOf.seconds)])
        }
        let answers = try Reference.answers(to: asked(pool, "histories", list))["histories"]?.arrayValue ?? []
        #expect(answers.count == mine.count)
        for index in mine.indices where mine[index] != answers[index] {
            Issue.record("\(list[index].text()) here \(mine[index].text()), there \(answers[index].text())")
        }
    }
}
