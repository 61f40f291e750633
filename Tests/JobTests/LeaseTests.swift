import Base
import Engine
import Kernel
import Store
import Testing

@Suite struct LeaseTests {
    @Test("a job of a worker that died is done by another one, once its lease has run out")
    func deadWorker() async throws {
        let bench = try Bench()
        try await bench.queue.enqueue(JobRequest("count"))
        let dead = try await bench.queue.claim(owner: "dead", leaseSeconds: 60)
        #expect(dead.count == 1)
        let runner = bench.runner([bench.counting("count")])
        #expect(try await runner.drain() == 0)
        bench.world.clock.advance(seconds: 61)
        #expect(try await runner.drain() == 1)
        #expect(bench.done == ["count 2"])
        #expect(try await bench.queue.counts() == [.completed: 1])
    }

    @Test("a worker that died in the last attempt leaves an exception")
    func deadInLastAttempt() async throws {
        let bench = try Bench()
        try await bench.queue.enqueue(JobRequest("count"), maxAttempts: 1)
        _ = try await bench.queue.claim(owner: "dead", leaseSeconds: 60)
        bench.world.clock.advance(seconds: 61)
        #expect(try await bench.runner([bench.counting("count")]).drain() == 0)
        #expect(try await bench.queue.counts() == [.discarded: 1])
        #expect(try bench.partners("Exception of job 1") == 1)
    }

    @Test("a worker that comes late writes nothing")
    func lateWorker() async throws {
        let bench = try Bench()
        let (clock, queue, tally) = (bench.world.clock, bench.queue, bench.tally)
        let slow = JobHandler(
            "slow",
            outside: { job in
                // Another worker takes the job over while this one is at work.
                clock.advance(seconds: 61)
                try await queue.reap()
                let taken = try await queue.claim(owner: "quick")
                tally.withLock { $0.append("taken \(taken.count)") }
                return { env in try env.create(Partner.self, ["name": "Written late"]) }
            })
        try await queue.enqueue(JobRequest("slow"))
        try await bench.runner([slow]).drain()
        #expect(bench.done == ["taken 1"])
        #expect(try bench.partners("Written late") == 0)
        #expect(try await queue.counts() == [.running: 1])
    }

    @Test("no more jobs of a queue run at a time than it allows")
    func concurrency() async throws {
        let bench = try Bench()
        let present = Locked((now: 0, most: 0))
        let handler = JobHandler(
            "wait",
            outside: { _ in
                present.withLock { count in
                    count.now += 1
                    count.most = max(count.most, count.now)
                }
                try await Task.sleep(for: .milliseconds(20))
                present.withLock { $0.now -= 1 }
                return { _ in }
            })
        for _ in 0..<10 { try await bench.queue.enqueue(JobRequest("wait")) }
        let runner = bench.runner([handler]) { $0.queues = [JobOptions.Queue("default", concurrency: 3)] }
        #expect(try await runner.drain() == 10)
        #expect(present.withLock { $0.most } == 3)
    }
}

@Suite struct RunningTests {
    @Test("a commit that brings a job wakes the runner")
    func wakesOnCommit() async throws {
        let bench = try Bench()
        let runner = bench.runner([bench.counting("count")]) { $0.pollSeconds = 3_600 }
        runner.start()
        try await Task.sleep(for: .milliseconds(100))
        try bench.world.act { env in try env.unit.transaction.enqueue(JobRequest("count")) }
        #expect(await eventually { bench.done == ["count 1"] })
        await runner.stop()
    }

    @Test("without a word the queues are asked now and then")
    func polls() async throws {
        let bench = try Bench()
        let runner = bench.runner([bench.counting("count")]) { $0.pollSeconds = 0.05 }
        runner.start()
        let (dialect, now) = (bench.world.database.dialect, bench.world.clock.now)
        // Past the hook, as another process would.
        try await bench.world.database.system { _ = try JobTable($0, dialect).insert(JobRequest("count"), now: now) }
        #expect(await eventually { bench.done == ["count 1"] })
        await runner.stop()
    }

    @Test("stopping lets a job in hand finish and takes no other")
    func stopsGracefully() async throws {
        let bench = try Bench()
        let begun = Locked(0)
        let handler = JobHandler(
            "slow",
            outside: { _ in
                begun.withLock { $0 += 1 }
                try await Task.sleep(for: .milliseconds(200))
                return { _ in }
            })
        let runner = bench.runner([handler]) { $0.queues = [JobOptions.Queue("default", concurrency: 1)] }
        for _ in 0..<3 { try await bench.queue.enqueue(JobRequest("slow")) }
        runner.start()
        #expect(await eventually { begun.withLock { $0 } == 1 })
        await runner.stop()
        #expect(try await bench.queue.counts() == [.completed: 1, .available: 2])
    }
}
