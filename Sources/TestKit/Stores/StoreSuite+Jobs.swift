import Kernel
import Store

extension StoreSuite {
    static let jobChecks = [
        Check(name: "a job goes to one worker, the most urgent first, and not before its time") { subject in
            let queue = JobQueue(subject.database)
            let now = subject.clock.now
            for (kind, priority, delay) in [("low", 9, 0), ("high", 1, 0), ("later", 1, 60)] {
                try await queue.enqueue(JobRequest(kind, payload: ["n": .int(priority)], runAt: now + delay, priority: priority))
            }
            let first = try await queue.claim(owner: "a", limit: 10)
            try expect(first.map(\.kind), ["high", "low"])
            try expect(first.first?.payload["n"], .int(1))
            try expect(try await queue.claim(owner: "b", limit: 10).count, 0)
            subject.clock.advance(seconds: 60)
            try expect(try await queue.claim(owner: "b", limit: 10).map(\.kind), ["later"])
        },
        Check(name: "a job of the same key is made once") { subject in
            let queue = JobQueue(subject.database)
            let made = [
                try await queue.enqueue(JobRequest("x", uniqueKey: "k")), try await queue.enqueue(JobRequest("x", uniqueKey: "k")),
                try await queue.enqueue(JobRequest("x")),
            ]
            try expect(made, [true, false, true])
        },
        Check(name: "a worker whose lease ran out can finish nothing") { subject in
            let queue = JobQueue(subject.database)
            try await queue.enqueue(JobRequest("x"))
            let late = try await queue.claim(owner: "a", leaseSeconds: 10)[0]
            subject.clock.advance(seconds: 11)
            try expect(try await queue.reap(), 1)
            let next = try await queue.claim(owner: "b")[0]
            try expect([next.id, next.attempt, next.lease.epoch], [late.id, 2, late.lease.epoch + 1])
            try await expectRefusal("job.stale_lease") { try await queue.complete(late.lease) }
            try await expectRefusal("job.stale_lease") { _ = try await queue.extend(late.lease) }
            try await expectRefusal("job.stale_lease") { try await queue.fail(late.lease, error: "x") }
            try await queue.complete(next.lease)
            try await expectRefusal("job.stale_lease") { try await queue.complete(next.lease) }
            try expect(try await queue.counts(), [.completed: 1])
        },
        Check(name: "a late worker's records are undone with its job") { subject in
            let queue = JobQueue(subject.database)
            try await queue.enqueue(JobRequest("x"))
            let late = try await queue.claim(owner: "a", leaseSeconds: 10)[0]
            subject.clock.advance(seconds: 11)
            try await queue.reap()
            _ = try await queue.claim(owner: "b")
            try await expectRefusal("job.stale_lease") {
                try await subject.database.write(as: .system, superuser: true) { env in
                    _ = try env.create(Tag.self, ["name": "effect"])
                    try env.unit.flush()
                    try JobTable(env)?.complete(late.lease, now: env.now)
                }
            }
            try expect(try await subject.database.inspect { try $0.first("SELECT count(*) FROM suite_tag", [], .integer) }, .int(0))
        },
        Check(name: "a failing job waits longer each time, is discarded, and can be driven again") { subject in
            let queue = JobQueue(subject.database)
            try await queue.enqueue(JobRequest("x"), maxAttempts: 3)
            var waits: [Int] = []
            var state = JobState.available
            while state != .discarded, waits.count < 5 {
                let started = subject.clock.now
                var claimed = try await queue.claim(owner: "a")
                while claimed.isEmpty {
                    subject.clock.advance(seconds: 1)
                    claimed = try await queue.claim(owner: "a")
                }
                waits.append(subject.clock.now - started)
                state = try await queue.fail(claimed[0].lease, error: "no answer")
            }
            try expect(waits, [0, 1, 2])
            try expect(try await queue.counts(), [.discarded: 1])
            try expect(try await queue.redrive([1]), 1)
            try expect(try await queue.claim(owner: "a").first?.attempt, 1)
        },
    ]
}
