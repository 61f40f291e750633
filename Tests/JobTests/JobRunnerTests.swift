import Base
import Engine
import Kernel
import Store
import Testing

@Suite struct JobRunnerTests {
    @Test("a job changes records and is completed in one transaction")
    func recordsAndCompletion() async throws {
        let bench = try Bench()
        let handler = JobHandler(
            "greet",
            records: { job, env in
                try env.create(Partner.self, ["name": job.payload["name"] ?? .null])
            })
        try await bench.queue.enqueue(JobRequest("greet", payload: ["name": "Hello"]))
        #expect(try await bench.runner([handler]).drain() == 1)
        #expect(try bench.partners("Hello") == 1)
        #expect(try await bench.queue.counts() == [.completed: 1])
    }

    @Test("a job whose records are refused leaves nothing behind and is tried again")
    func refusedRecords() async throws {
        let bench = try Bench()
        let handler = JobHandler(
            "greet",
            records: { _, env in
                try env.create(Partner.self, ["name": "Half done"])
                throw Refusal("test.refused", .validation, "No.")
            })
        try await bench.queue.enqueue(JobRequest("greet"))
        try await bench.runner([handler]).drain()
        #expect(try bench.partners("Half done") == 0)
        #expect(try await bench.queue.counts() == [.retryable: 1])
    }

    @Test("a job that fails for the last time is discarded together with its exception")
    func lastAttempt() async throws {
        let bench = try Bench()
        let runner = bench.runner([JobHandler("break", outside: { _ in throw Refusal("test.broken", .internalFault, "Broken.") })])
        try await bench.queue.enqueue(JobRequest("break"), maxAttempts: 3)
        var attempts = 0
        for _ in 0..<3 {
            attempts += try await runner.drain()
            bench.world.clock.advance(seconds: 3_600)
        }
        #expect(attempts == 3)
        #expect(try await bench.queue.counts() == [.discarded: 1])
        #expect(bench.discarded.withLock { $0 } == ["test.broken: Broken."])
        #expect(try bench.partners("Exception of job 1") == 1)
    }

    @Test("each failure waits longer than the one before, by the clock that is given")
    func backOff() async throws {
        let bench = try Bench()
        let tally = bench.tally
        let runner = bench.runner([
            JobHandler(
                "break",
                outside: { job in
                    tally.withLock { $0.append("\(job.attempt)") }
                    throw Refusal("test.broken", .internalFault, "Broken.")
                })
        ])
        try await bench.queue.enqueue(JobRequest("break"))
        try await runner.drain()
        #expect(try await runner.drain() == 0)
        bench.world.clock.advance(seconds: 2)
        #expect(try await runner.drain() == 1)
        bench.world.clock.advance(seconds: 1)
        #expect(try await runner.drain() == 0)
        bench.world.clock.advance(seconds: 2)
        #expect(try await runner.drain() == 1)
        #expect(bench.done == ["1", "2", "3"])
    }

    @Test("a hopeless job is discarded at its first attempt")
    func hopeless() async throws {
        let bench = try Bench()
        let runner = bench.runner([JobHandler("hope", outside: { _ in throw JobFailure.hopeless(reason: "Nobody is there.") })])
        try await bench.queue.enqueue(JobRequest("hope"))
        try await runner.drain()
        #expect(try await bench.queue.counts() == [.discarded: 1])
        #expect(bench.discarded.withLock { $0 } == ["Nobody is there."])
    }

    @Test("a job of a kind that nobody knows waits for a program that does")
    func unknownKind() async throws {
        let bench = try Bench()
        try await bench.queue.enqueue(JobRequest("future"))
        try await bench.runner([]).drain()
        #expect(try await bench.queue.counts() == [.retryable: 1])
    }

    @Test("jobs of other queues are left alone")
    func otherQueues() async throws {
        let bench = try Bench()
        try await bench.queue.enqueue(JobRequest("mail.send", queue: "mail"))
        #expect(try await bench.runner([bench.counting("mail.send")]).drain() == 0)
        #expect(try await bench.queue.counts("mail") == [.available: 1])
    }
}
