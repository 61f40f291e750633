import Glibc
import Kernel

/// Threads that may block: database reads run on them, and so may whole requests of a door.
///
/// As a task executor (`withTaskExecutorPreference(pool)`) it carries a request's tasks, so that a read costs no change of thread.
public final class WorkerPool: TaskExecutor, @unchecked Sendable {
    /// The most pieces of work that wait at a time; more are refused.
    public static let queueLimit = 20_000

    private struct State {
        var queue = WaitingLine<@Sendable () -> Void>()
        var waiting = 0
        var stopped = false
    }
    private var state = State()
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    /// A pool of so many threads.
    public init(threads: Int, name: String = "worker") {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wakeUp, nil)
        for _ in 0..<threads {
            OwnThread.start(name) { [self] in loop() }
        }
    }

    /// Pieces of work that wait, and threads that have none.
    public var load: (waiting: Int, idle: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return (state.queue.count, state.waiting)
    }

    /// Whether this thread belongs to a pool of ours and may block.
    public static var isCurrent: Bool { pthread_getspecific(OwnThread.mark) != nil }

    /// Takes a task's job.
    public func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        // A task's job cannot be refused; its number is limited where tasks are made.
        add { [self] in unowned.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// Runs a body on one of the threads; false when too much waits.
    public func submit(_ body: @escaping @Sendable () -> Void) -> Bool {
        pthread_mutex_lock(mutex)
        let full = state.stopped || state.queue.count >= WorkerPool.queueLimit
        pthread_mutex_unlock(mutex)
        if full { return false }
        add(body)
        return true
    }

    /// Lets the threads end after what waits already.
    public func stop() {
        pthread_mutex_lock(mutex)
        state.stopped = true
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(wakeUp)
    }

    private func add(_ body: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(mutex)
        state.queue.append(body)
        let wake = state.waiting > 0
        pthread_mutex_unlock(mutex)
        if wake { pthread_cond_signal(wakeUp) }
    }

    private func loop() {
        while let body = next() { body() }
    }

    private func next() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let body = state.queue.popFirst() { return body }
            if state.stopped { return nil }
            state.waiting += 1
            pthread_cond_wait(wakeUp, mutex)
            state.waiting -= 1
        }
    }
}

/// Threads of our own, which may block.
public enum OwnThread {
    /// Bytes of stack, as deep recursion of rules and computed fields may need them.
    static let stackBytes = 4 << 20

    static let mark: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Starts a thread that runs the body and ends.
    public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let box = Unmanaged.passRetained(ThreadBody(name, body)).toOpaque()
        let result = pthread_create(&thread, &attributes, runThread, box)
        precondition(result == 0, "the system gives no more threads")
        pthread_attr_destroy(&attributes)
    }
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(_ name: String, _ run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

// At file scope, so that no actor's isolation sticks to the C callback.
private func runThread(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let raw else { return nil }
    pthread_setspecific(OwnThread.mark, UnsafeRawPointer(bitPattern: 1))
    Unmanaged<ThreadBody>.fromOpaque(raw).takeRetainedValue().run()
    return nil
}
