import Kernel

/// A database as the store needs it: one place where writes are put in order and made durable, and snapshots for reading.
public protocol StoreDriver: AnyObject, Sendable {
    var dialect: any SQLDialect { get }
    /// Runs work in a transaction of its own and says when it is on disk; several may share one commit. Never blocks the caller.
    func submit(_ work: WriteWork)
    /// Runs a body on a snapshot, on this thread, which may block.
    func withSnapshot<Result>(_ body: (any SQLConnection) throws -> Result) throws -> Result
    /// Whether this thread is the one that writes, where waiting for a write would wait for ever.
    var isWriting: Bool { get }
    /// Has a body called when another process has written, before the next work of this one sees it: what is remembered may be old.
    func onOthers(_ body: @escaping @Sendable () -> Void)
    /// Finishes what was submitted and lets go of the database. Later calls are refused.
    func close()
}

extension StoreDriver {
    /// A driver that cannot tell calls nobody.
    public func onOthers(_ body: @escaping @Sendable () -> Void) {}
}

/// Work of one transaction.
public struct WriteWork: Sendable {
    /// The work itself, on the writer's thread; an error undoes it and nothing else.
    public let run: @Sendable (any SQLConnection) throws -> Void
    /// Called once: with nil after the commit is durable, else with the reason.
    public let done: @Sendable ((any Error)?) -> Void

    /// Work, and who is told of its end.
    public init(run: @escaping @Sendable (any SQLConnection) throws -> Void, done: @escaping @Sendable ((any Error)?) -> Void) {
        self.run = run
        self.done = done
    }
}
