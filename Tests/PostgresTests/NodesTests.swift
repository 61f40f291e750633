import Engine
import Foundation
import Kernel
import TestKit
import Testing

@testable import Store
@testable import StorePostgres

@Suite(hasServer) struct NodesTests {
    /// A runner on a node that looks by itself only each minute, and how often it did a job.
    private func runner(_ database: Database, pollSeconds: Double = 60) -> (JobRunner, Locked<[Int]>) {
        let done = Locked<[Int]>([])
        var options = JobOptions(queues: [JobOptions.Queue("default")])
        (options.pollSeconds, options.leaseSeconds, options.owner) = (pollSeconds, 600, database.node)
        let handler = JobHandler("x", records: { job, _ in done.withLock { $0.append(job.payload["n"]?.intValue ?? -1) } })
        return (JobRunner(database: database, handlers: [handler], options: options), done)
    }

    private func wait(_ seconds: Double, until isMet: () throws -> Bool) async throws -> Double? {
        let start = Date()
        while Date().timeIntervalSince(start) < seconds {
            if try isMet() { return Date().timeIntervalSince(start) }
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }

    @Test("a job queued on one node is begun on another at once, through pgbouncer in session mode too", arguments: [false, true])
    func wakeUp(_ isPooled: Bool) async throws {
        if isPooled, !PoolerServer.isInstalled { return }
        let server = try PostgresServer.shared.get()
        let pooler = isPooled ? try PoolerServer(server) : nil
        defer { pooler?.stop() }
        let scratch = try Scratch(server, port: pooler?.port)
        let other = try scratch.node(port: pooler?.port)
        defer { other.close() }
        let (runner, done) = runner(other)
        runner.start()
        // Its first look is over, and the next would be in a minute.
        try await Task.sleep(for: .milliseconds(700))
        var seconds: [Double] = []
        for number in 0..<5 {
            try await JobQueue(scratch.database).enqueue(JobRequest("x", payload: ["n": .int(number)]))
            seconds.append(try #require(try await wait(10) { done.withLock { Set($0).count } == number + 1 }))
        }
        await runner.stop()
        #expect(seconds.sorted()[2] < 1, "\(seconds)")
    }

    @Test("a job of a unit of work that is undone wakes nobody, and one that is kept is heard of only after its commit")
    func newsAfterCommit() async throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let calls = Locked(0)
        other.onJobs { calls.withLock { $0 += 1 } }
        try await Task.sleep(for: .milliseconds(700))
        let before = calls.withLock { $0 }
        _ = try? await scratch.database.write(as: .system, superuser: true) { env in
            try env.unit.transaction.enqueue(JobRequest("x"))
            throw Refusal("test.stop", .invalid, "Stop.")
        }
        try await Task.sleep(for: .milliseconds(300))
        #expect(calls.withLock { $0 } == before)
        try await scratch.database.write(as: .system, superuser: true) { env in
            try env.unit.transaction.enqueue(JobRequest("x"))
            usleep(200_000)
            #expect(calls.withLock { $0 } == before)
        }
        #expect(try await wait(5) { calls.withLock { $0 } > before } != nil)
    }

    @Test("without notifications jobs are found when a node looks next")
    func withoutNews() async throws {
        var options = Scratch.options
        options.tells = false
        let scratch = try Scratch(options: options)
        let other = try scratch.node(options: options)
        defer { other.close() }
        let (runner, done) = runner(other, pollSeconds: 0.3)
        runner.start()
        for number in 0..<20 { try await JobQueue(scratch.database).enqueue(JobRequest("x", payload: ["n": .int(number)])) }
        #expect(try await wait(20) { done.withLock { Set($0).count } == 20 } != nil)
        await runner.stop()
        // Others in its way may have it run again before its commit.
        #expect(try await JobQueue(scratch.database).counts() == [.completed: 20])
    }

    @Test("a line that listens and is cut comes back, and what was said meanwhile is looked for")
    func cutLine() async throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let (runner, done) = runner(other)
        runner.start()
        try await Task.sleep(for: .milliseconds(700))
        let end =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '\(scratch.name)' AND pid <> pg_backend_pid()"
        #expect(try scratch.number(end) > 0)
        try await JobQueue(scratch.database).enqueue(JobRequest("x", payload: ["n": 1]))
        #expect(try await wait(10) { done.withLock { !$0.isEmpty } } != nil)
        await runner.stop()
    }

    @Test("the jobs of a node that shows no sign of life are taken by others within seconds, and what it finishes late is refused")
    func silentNode() async throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        try await JobQueue(scratch.database).enqueue(JobRequest("x", payload: ["n": 7]))
        let held = try #require(try await JobQueue(scratch.database).claim(owner: "gone", limit: 1, leaseSeconds: 600).first)
        // It showed itself once and does no longer.
        try scratch.server.query("INSERT INTO baton_node (name, beat) VALUES ('gone', 5)", in: scratch.name)
        let (runner, done) = runner(other)
        runner.start()
        let seconds = try #require(try await wait(20) { done.withLock { Set($0) } == [7] })
        await runner.stop()
        #expect(seconds < 8, "\(seconds)")
        await #expect(throws: Refusal.self) { try await JobQueue(scratch.database).complete(held.lease) }
        #expect(try await JobQueue(scratch.database).counts() == [.completed: 1])
        // Nodes that live are nobody's prey.
        #expect(scratch.database.silentNodes == ["gone"])
        #expect(other.silentNodes == ["gone"])
    }

    @Test("notes are counted by all nodes together, end by themselves, and have limits")
    func notes() async throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let rooms = [scratch.database, other].map { SharedNotes($0, room: "count", limit: 100) }
        try await atOnce(60) { number in
            try await rooms[number % 2].change(["one"]) { notes, now in
                notes[0] = SharedNote(String((notes[0].flatMap { Int($0.text) } ?? 0) + 1), until: now + 60)
            }
        }
        #expect(try await rooms[1].find("one")?.text == "60")
        scratch.clock.advance(seconds: 61)
        #expect(try await rooms[0].find("one") == nil)
        let full = Refusal("test.full", .unavailable, "Full.")
        let few = SharedNotes(other, room: "few", limit: 2, byteLimit: 100, overflow: .refuse(full))
        for key in ["a", "b"] {
            try await few.change([key]) { notes, now in notes[0] = SharedNote("x", bytes: [1, 2, 3], until: now + 60) }
        }
        await #expect(throws: full) { try await few.change(["c"]) { notes, now in notes[0] = SharedNote("x", until: now + 60) } }
        try await few.change(["a"]) { notes, _ in notes[0] = nil }
        await #expect(throws: full) {
            try await few.change(["c"]) { notes, now in notes[0] = SharedNote("x", bytes: [UInt8](repeating: 0, count: 98), until: now + 60)
            }
        }
        try await few.change(["c"]) { notes, now in notes[0] = SharedNote("x", until: now + 60) }
        #expect(try scratch.number("SELECT count(*) FROM baton_note WHERE room = 'few'") == 2)
    }

    @Test("a rate is that of all nodes together")
    func rate() async throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let rates = [scratch.database, other].map { SharedRate($0, room: "door", burst: 6, secondsEach: 10) }
        var waits: [Int?] = []
        for number in 0..<8 { waits.append(try await rates[number % 2].take("203.0.113.7")) }
        #expect(waits == [nil, nil, nil, nil, nil, nil, 10, 10])
        #expect(try await rates[0].take("203.0.113.8") == nil)
        scratch.clock.advance(seconds: 10)
        #expect(try await rates[1].take("203.0.113.7") == nil)
        #expect(try await rates[0].take("203.0.113.7") == 10)
    }
}
