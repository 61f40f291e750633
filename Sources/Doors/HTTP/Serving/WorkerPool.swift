import Glibc

/// A fixed number of threads that run Swift tasks and are allowed to block.
///
/// The cooperative pool has one thread per core; two tasks that wait for a disk would stall everything. Give this pool
/// to tasks as their executor preference: `Task(executorPreference: pool) { … }`.
public final class WorkerPool: TaskExecutor, @unchecked Sendable {
    // Everything below is read and changed while `mutex` is held.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []
    private var head = 0
    private var sleeping = 0
    private var threads = 0
    private var isStopped = false

    /// Starts the threads.
    ///
    /// - Parameter threads: 1 … 256; 8 to 16 suits two cores whose work waits for a database.
    /// - Throws: `http.no_thread` when the system refuses a thread.
    public init(threads: Int) throws(HTTPServerError) {
        precondition((1...256).contains(threads), "A worker pool has 1 to 256 threads.")
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
        for _ in 0..<threads { try startWorker() }
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `job` on one of the threads, in the order of arrival.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        jobs.append(job)
        let (wakes, isOrphaned) = (sleeping > 0, threads == 0)
        pthread_mutex_unlock(mutex)
        if wakes { pthread_cond_signal(condition) }
        // A task that outlives `stop` still ends: one thread comes back for it.
        if isOrphaned { try? startWorker() }
    }

    /// Lets the threads end once the queue is empty; a task that comes later is run by a thread made for it.
    ///
    /// A pool that is never stopped keeps its threads, and itself, for the life of the process.
    public func stop() {
        pthread_mutex_lock(mutex)
        isStopped = true
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(condition)
    }

    private func startWorker() throws(HTTPServerError) {
        pthread_mutex_lock(mutex)
        threads += 1
        pthread_mutex_unlock(mutex)
        do throws(HTTPServerError) {
            try startThread { self.work() }
        } catch {
            pthread_mutex_lock(mutex)
            threads -= 1
            pthread_mutex_unlock(mutex)
            throw error
        }
    }

    private func work() {
        while let job = nextJob() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// Waits for a job; nil tells the thread to end.
    private func nextJob() -> UnownedJob? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while head == jobs.count {
            if isStopped {
                threads -= 1
                return nil
            }
            sleeping += 1
            pthread_cond_wait(condition, mutex)
            sleeping -= 1
        }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        }
        return job
    }
}
