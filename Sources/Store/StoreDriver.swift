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
    /// Runs a body while no other process that shares the database runs one here: for bringing tables up to date and planting first records.
    func exclusively<Result>(_ body: () throws -> Result) throws -> Result
    /// Has a body called when another process has written, before the next work of this one sees it: what is remembered may be old.
    func onOthers(_ body: @escaping @Sendable () -> Void)
    /// Has a body called when another process put jobs into a queue, or fell silent; nil ends it. Only a hint: nobody may rely on it.
    func onNews(_ body: (@Sendable () -> Void)?)
    /// This process's name among all that share the database; empty where it has the database to itself.
    var node: String { get }
    /// Processes that shared the database and have shown no sign of life for some seconds.
    var silentNodes: Set<String> { get }
    /// Other processes that share the database and show signs of life; looks for some seconds, on this thread.
    func liveNodes() throws -> [String]
    /// Whether the database answers, where that is found out all the time; nil where one has to ask.
    var isAnswering: Bool? { get }
    /// What the driver carries at the moment, for whoever watches.
    var load: StoreLoad { get }
    /// Finishes what was submitted and lets go of the database. Later calls are refused.
    func close()
}

extension StoreDriver {
    /// A database that one process has to itself needs nothing for it.
    public func exclusively<Result>(_ body: () throws -> Result) throws -> Result { try body() }
    /// A driver that counts nothing.
    public var load: StoreLoad { StoreLoad() }
    /// A driver that cannot tell calls nobody.
    public func onOthers(_ body: @escaping @Sendable () -> Void) {}
    /// Where there are no others there is no news.
    public func onNews(_ body: (@Sendable () -> Void)?) {}
    /// There are no others.
    public var node: String { "" }
    /// There are no others.
    public var silentNodes: Set<String> { [] }
    /// There are no others.
    public func liveNodes() throws -> [String] { [] }
    /// One has to ask.
    public var isAnswering: Bool? { nil }
}

/// Work of one transaction.
public struct WriteWork: Sendable {
    /// What the work may rely on while others write, too.
    public enum Isolation: Sendable {
        /// As if nobody else wrote: for business logic, which reads, decides and writes. It may be run again from its beginning.
        case serial
        /// Each statement sees what is committed, and rows that it changes or locks are its own: for the store's own tables.
        case rows
    }

    /// What the work relies on.
    public let isolation: Isolation
    /// The work itself, on a writer's thread; an error undoes it and nothing else. It runs again when the database could not keep it apart
    /// from others' work, or when the connection was lost before its commit.
    public let run: @Sendable (any SQLConnection) throws -> Void
    /// Called once: with nil after the commit is durable, else with the reason.
    public let done: @Sendable ((any Error)?) -> Void

    /// Work, and who is told of its end.
    public init(
        _ isolation: Isolation = .serial, run: @escaping @Sendable (any SQLConnection) throws -> Void,
        done: @escaping @Sendable ((any Error)?) -> Void
    ) {
        self.isolation = isolation
        self.run = run
        self.done = done
    }
}
