import Base
import Foundation
import Kernel
import Store
import TestKit
import Testing

@testable import Engine
@testable import Schedules

/// Daily schedules where clocks are changed by law and by hand, and processes die: every day has its run, and none has two.
@Suite struct DaylightTests {
    /// Places whose clocks are put forward or back in March or April 2026, at night or at midnight, by an hour or half of one; and one that is not.
    private static let zones = [
        "America/Chicago", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Kolkata",
    ]

    @Test(
        "over weeks with changes of daylight saving, clocks set back and ahead and crashes, each local day is run exactly once",
        arguments: 0..<7)
    func days(_ place: Int) async throws {
        let seed = ProcessInfo.processInfo.environment["BATON_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999)
        print("daylight: seed \(seed); repeat with BATON_SEED=\(seed)")
        var random = Luck(seed &+ UInt64(place))
        let bell = try Bell()
        let key = "bell.one"
        bell.on(key) { turn in
            let cron = turn.env.record(Cron.self, try Reference.require(key, turn.env))
            try Bell.mark(turn, "run \(cron.next?.description ?? "")")
        }
        let (hour, minute) = (Int.random(in: 0...3, using: &random), Int.random(in: 0...59, using: &random))
        let zone = Self.zones[place]
        try bell.cron(key) { cron in
            try cron.write(["cron_expression": .text("\(minute) \(hour) * * *"), "tz": .text(zone)])
            try cron.write(["nextcall": .instant(try Timetable(cron).next(due: cron.env.now, after: cron.env.now))])
        }
        let end = bell.world.clock.now + 60 * 86_400
        var step = 0
        while bell.world.clock.now < end {
            step += 1
            switch Int.random(in: 0..<10, using: &random) {
            case 0: bell.world.clock.advance(seconds: -Int.random(in: 1...10_000, using: &random))
            case 1: try await die(bell, step, afterWork: false)
            case 2: try await die(bell, step, afterWork: true)
            case 3: try bell.world.act { try CronKeeper.mend($0) }
            default:
                bell.world.clock.advance(seconds: Int.random(in: 1...25_000, using: &random))
                try await bell.drain()
            }
        }
        for _ in 0..<4 {
            bell.world.clock.advance(seconds: 12_000)
            try await bell.drain()
        }
        try check(try bell.marks(), zone, hour * 60 + minute, until: bell.world.clock.now)
    }

    private func die(_ bell: Bell, _ step: Int, afterWork: Bool) async throws {
        let handler = CronRunner(bell.world.database).handler
        for job in try await JobQueue(bell.world.database).claim(Dispatch.queue, owner: "dead \(step)", limit: 1) where afterWork {
            _ = try? await handler.attempt(job)
        }
    }

    /// Asks Foundation's calendar, which knows the zones by itself.
    private func check(_ marks: [String], _ name: String, _ wanted: Int, until now: Instant) throws {
        let zone = try #require(TimeZone(identifier: name))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let dates = try marks.map { mark in
            Date(timeIntervalSince1970: TimeInterval(try #require(Instant(String(mark.dropFirst("run ".count)))).seconds))
        }
        let days = dates.map { calendar.startOfDay(for: $0) }
        #expect(Set(days).count == days.count, "\(name): a day was run twice")
        #expect(days.count >= 57, "\(name): \(days.count) runs in sixty days")
        for (first, second) in zip(days, days.dropFirst()) {
            let (one, next) = (calendar.ordinality(of: .day, in: .era, for: first), calendar.ordinality(of: .day, in: .era, for: second))
            #expect(try #require(next) - (try #require(one)) == 1, "\(name): a day was lost after \(first)")
        }
        for (date, day) in zip(dates, days) {
            let noon = day.addingTimeInterval(13 * 3_600)
            let changes = zone.secondsFromGMT(for: day.addingTimeInterval(-1)) != zone.secondsFromGMT(for: noon)
            let parts = calendar.dateComponents([.hour, .minute], from: date)
            let minutes = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
            #expect(minutes == wanted || changes && minutes > wanted && minutes <= wanted + 60, "\(name): \(date) is no \(wanted)")
        }
        let last = try #require(days.last)
        #expect(calendar.dateComponents([.day], from: last, to: Date(timeIntervalSince1970: TimeInterval(now.seconds))).day ?? 9 <= 1)
    }
}
