import Base
import Foundation
import Kernel
import Store
import TestKit
import Testing

@testable import Engine
@testable import Schedules

/// No run is lost and none is doubled, whatever crashes and however the clock jumps.
@Suite struct CrashTests {
    /// Hundreds of steps of time passing, clocks jumping and processes dying at every place of a run.
    @Test("over hundreds of crashes and jumps of the clock each due time is run once, and each run leads to the next")
    func simulation() async throws {
        let seed = ProcessInfo.processInfo.environment["BATON_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999)
        print("schedules: seed \(seed); repeat with BATON_SEED=\(seed)")
        var random = Luck(seed)
        let keys = ["bell.one", "bell.two", "bell.three"]
        let bell = try Bell()
        for key in keys {
            bell.on(key) { turn in
                let cron = turn.env.record(Cron.self, try Reference.require(key, turn.env))
                try Bell.mark(turn, "run \(key)|\(cron.next?.description ?? "")|\(turn.env.now)")
            }
        }
        try bell.cron("bell.two") { try $0.write(["cron_expression": "*/40 * * * *", "tz": "America/Chicago"]) }
        try bell.cron("bell.three") { try $0.write(["interval_type": "days", "tz": "Europe/Berlin"]) }
        var latest = bell.world.clock.now
        for step in 0..<700 {
            latest = max(latest, bell.world.clock.now)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                // Less than a day in all, beyond which a clock is known to have been wrong.
                let most = 80_000 - (latest - bell.world.clock.now)
                if most > 0 { bell.world.clock.advance(seconds: -Int.random(in: 1...most, using: &random)) }
            case 1: bell.world.clock.advance(seconds: Int.random(in: 1...200_000, using: &random))
            case 2, 3: try await die(bell, step, afterWork: false)
            case 4, 5: try await die(bell, step, afterWork: true)
            case 6: try bell.world.act { try CronKeeper.mend($0) }
            default:
                bell.world.clock.advance(seconds: Int.random(in: 1...3_000, using: &random))
                try await bell.drain()
            }
        }
        // Leases end, and everything that was due is done.
        for _ in 0..<4 {
            bell.world.clock.advance(seconds: 30_000)
            try await bell.drain()
        }
        var count = 0
        for key in keys { count += try check(bell, key) }
        #expect(count > 100)
    }

    /// A process takes what is due and dies: before its work, or after the work's transaction and before it could say so.
    private func die(_ bell: Bell, _ step: Int, afterWork: Bool) async throws {
        let queue = JobQueue(bell.world.database)
        let handler = CronRunner(bell.world.database).handler
        for job in try await queue.claim(Dispatch.queue, owner: "dead \(step)", limit: 2) where afterWork {
            _ = try? await handler.attempt(job)
        }
    }

    /// The runs of a schedule: due times rise, none occurs twice, and each is the one that follows the run before.
    private func check(_ bell: Bell, _ key: String) throws -> Int {
        let runs = try bell.marks(key + "|%").map { $0.split(separator: "|").map(String.init) }
        let moments = try runs.map { (due: try #require(Instant($0[1])), at: try #require(Instant($0[2]))) }
        #expect(Set(moments.map(\.due)).count == moments.count, "\(key): a due time was run twice")
        try bell.cron(key) { cron in
            let table = try Timetable(cron)
            for (first, second) in zip(moments, moments.dropFirst()) {
                #expect(second.due == table.next(due: first.due, after: first.at), "\(key): a run was lost after \(first.due)")
            }
            let last = try #require(moments.last)
            #expect(cron.next == table.next(due: last.due, after: last.at))
            #expect(cron.failures == 0)
        }
        return moments.count
    }

    @Test("two processes on one database, and one that is killed, run each schedule exactly once")
    func processes() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-cron-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("baton.sqlite").path
        let count = 200
        let prepared = try Probe.start("prepare", file, count)
        prepared.process.waitUntilExit()
        try #require(prepared.process.terminationStatus == 0)
        let victim = try Probe.start("run", file, 60)
        // It has done some, and has much before it.
        var begun = ""
        while begun.filter({ $0 == "\n" }).count < 20 {
            let more = victim.output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the first process ended by itself")
            begun += String(decoding: more, as: UTF8.self)
        }
        kill(victim.process.processIdentifier, SIGKILL)
        victim.process.waitUntilExit()
        let workers = [try Probe.start("run", file, 60), try Probe.start("run", file, 60)]
        for worker in workers { worker.process.waitUntilExit() }
        let report = try Probe.start("report", file, count)
        let lines = String(decoding: report.output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n")
        let runs = lines.filter { $0.hasPrefix("run:") }
        print("who ran how many: \(lines.filter { $0.hasPrefix("process:") })")
        #expect(runs.count == count)
        // A counter holds the number that comes next.
        #expect(Set(runs.compactMap { $0.split(separator: " ").last }).count == 1, "each as often as every other")
        let made = lines.filter { $0.hasPrefix("made:") }
        #expect(made.count == count && Set(made).count == count, "each run made its record, and none twice")
        #expect(lines.contains("trail:whole"))
        let first = try #require(runs.first?.split(separator: " ").last.flatMap { Int($0) })
        let total = lines.filter { $0.hasPrefix("process:") }.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        #expect(first <= 2)
        #expect(total.count >= 2, "more than one process did the work")
        #expect(lines.contains { $0.hasPrefix("process:\(victim.process.processIdentifier) ") }, "what was killed had done some of it")
        #expect(total.reduce(0, +) - (first == 2 ? total.count : 0) == count)
    }
}

/// The probe, run as processes of their own.
private enum Probe {
    static let path: String = {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..").standardizedFileURL
        let places = [own, root.appendingPathComponent(".build/debug")].map { $0.appendingPathComponent("ScheduleProbe").path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "ScheduleProbe is missing"
    }()

    static func start(_ what: String, _ file: String, _ number: Int) throws -> (process: Process, output: Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = [what, file, String(number)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        return (process, output)
    }
}

/// Numbers that a seed decides.
struct Luck: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
