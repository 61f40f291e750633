import Glibc
import HTTPServer
import Testing

@Suite struct WorkerPoolTests {
    @Test("tasks that block do not keep others from running, up to the number of threads")
    func blocks() async throws {
        let pool = try WorkerPool(threads: 8)
        let running = Counter()
        // Each waits until all eight run at once.
        let tasks = (0..<8).map { _ in
            Task(executorPreference: pool) {
                running.add()
                for _ in 0..<2_000 where running.value < 8 { usleep(5_000) }
                return running.value
            }
        }
        for task in tasks { #expect(await task.value == 8) }
        pool.stop()
    }

    @Test("what was queued before the stop, and what comes after it, is still run")
    func stops() async throws {
        let pool = try WorkerPool(threads: 1)
        let done = Counter()
        let early = (0..<50).map { _ in
            Task(executorPreference: pool) {
                usleep(1_000)
                done.add()
            }
        }
        pool.stop()
        for task in early { await task.value }
        #expect(done.value == 50)
        usleep(50_000)
        _ = await Task(executorPreference: pool) { done.add() }.value
        #expect(done.value == 51)
    }
}
