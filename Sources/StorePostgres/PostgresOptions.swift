/// How a PostgreSQL store is opened: its limits, each in seconds or in numbers of connections.
public struct PostgresOptions: Sendable {
    /// Connections that write at the same time, each on a thread of its own.
    public var writers = 8
    /// Connections that read at the same time.
    public var readers = 8
    /// Units of work that may wait for a writer; more are refused with `store.busy`.
    public var queueLimit = 4_096
    /// Seconds that a reader waits for a free connection before `store.busy`.
    public var waitSeconds = 30
    /// Seconds until a connection must stand.
    public var connectSeconds = 10
    /// Seconds after which the database gives a statement up by itself.
    public var statementSeconds = 30
    /// Seconds beyond that after which a database that does not even say so counts as lost.
    public var graceSeconds = 2
    /// Seconds that a row held by others is waited for.
    public var lockSeconds = 10
    /// Seconds after which the database ends a transaction whose program does nothing: a node that froze must not hold its rows.
    public var idleTransactionSeconds = 60
    /// Seconds that one statement of a migration may take.
    public var migrationSeconds = 3_600
    /// Seconds for which a unit of work is tried again when others were in its way or the database was away.
    public var unitSeconds = 40
    /// How often a unit of work is tried while others are in its way.
    public var attempts = 50
    /// Seconds until every transaction that does not know of a newly counted model is over.
    public var settleSeconds = 600
    /// Seconds for which calls wait for a server that says nothing; after that they are refused at once until it answers again.
    public var patienceSeconds = 8
    /// Whether other nodes are told of new jobs by `NOTIFY`, and listened to; without it they find them when they look next.
    public var tells = true
    /// Seconds between two signs of life, and until one that is not answered counts as missed.
    public var pulseSeconds = 1
    /// Signs of life that a node may miss before others take its jobs.
    public var missedPulses = 3
    /// The name of this node, unlike that of any other.
    var node = ""
    /// Days after which the marks of commits are forgotten.
    public var markDays = 2

    /// The usual options.
    public init() {}
}
