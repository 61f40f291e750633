import Crypto
import Glibc
import Kernel
import Store

/// PostgreSQL behind the store: many writers at once, kept apart by the database, and readers on snapshots.
///
/// Several processes may share a database. What keeps them apart is transactions, rows that are locked and unique keys, nothing else.
public final class PostgresDriver: StoreDriver {
    /// PostgreSQL's words.
    public let dialect: any SQLDialect = PostgresDialect()
    /// Where the database is.
    public let address: PostgresAddress
    private let options: PostgresOptions
    private let readers: PostgresPool
    private let writerPool: PostgresPool
    private let writers: PostgresWriters
    private let presence: PostgresPresence
    private let pulse: PostgresPulse

    /// Opens a database, which must be there; its tables are made by `migrate()`.
    ///
    /// - Throws: `store.unreachable` when it cannot be reached, `store.failed` when it refuses us.
    public init(_ address: PostgresAddress, options: PostgresOptions = PostgresOptions()) throws {
        self.address = address
        var options = options
        options.node = Hex.encode(SystemRandomSource().bytes(8))
        self.options = options
        presence = PostgresPresence(patience: options.patienceSeconds)
        let counts = PostgresCounts()
        readers = PostgresPool(address, options, presence, limit: options.readers, counts)
        writerPool = PostgresPool(address, options, presence, limit: options.writers, counts)
        try PostgresGround.prepare(address, options)
        let writers = PostgresWriters(PostgresRunner(writerPool, options, presence), options, presence)
        self.writers = writers
        pulse = PostgresPulse(address, options, presence) { [weak writers] in writers?.refuseWaiting() }
        pulse.start()
    }

    deinit {
        pulse.stop()
        if !isWriting { close() }
    }

    /// This node's name among all that share the database.
    public var node: String { options.node }

    /// Nodes that shared the database and have shown no sign of life for some seconds.
    public var silentNodes: Set<String> { pulse.silentNodes }

    /// Other nodes whose sign of life changes while this looks, for as long as makes a silent one: a row alone may be that of a node which was killed.
    public func liveNodes() throws -> [String] {
        do { return try PostgresGround.live(address, options) } catch let failure as SQLFailure { throw failure.refusal(nil) }
    }

    /// Whether the server answers, as was found out in the last seconds.
    public var isAnswering: Bool? { presence.isAnswering }

    /// Has a body called when another node put jobs into a queue, or fell silent; nil ends it.
    public func onNews(_ body: (@Sendable () -> Void)?) { pulse.onNews(body) }

    /// Puts work into the writers' queue; more than `queueLimit` is refused with `store.busy`.
    public func submit(_ work: WriteWork) { writers.submit(work) }

    /// Runs a body on a snapshot, on this thread; a connection that turns out to be gone before it is replaced. The body runs a second time
    /// when it began with something remembered that is old, or on a connection that was gone, and then without hoping.
    public func withSnapshot<Result>(_ body: (any SQLConnection) throws -> Result) throws -> Result {
        let deadline = Deadline(seconds: options.waitSeconds)
        do { return try hopefully(deadline, body) ?? certainly(deadline, body) } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    /// Runs a body on a transaction that begins with its first question; nil when it is to be done again.
    private func hopefully<Result>(_ deadline: Deadline, _ body: (any SQLConnection) throws -> Result) throws -> Result? {
        let connection = try begun(deadline, isHopeful: true)
        defer { readers.give(connection) }
        defer { connection.leave() }
        do {
            let result = try body(connection)
            try connection.open()
            return connection.isMisled ? nil : result
        } catch {
            // It may have refused by what it remembered, before it asked anything.
            try? connection.open()
            if connection.isMisled || !connection.hasBegun && connection.failure?.kind == .lost { return nil }
            throw error
        }
    }

    private func certainly<Result>(_ deadline: Deadline, _ body: (any SQLConnection) throws -> Result) throws -> Result {
        let connection = try begun(deadline, isHopeful: false)
        defer { readers.give(connection) }
        defer { connection.leave() }
        return try body(connection)
    }

    /// A reader's connection with a transaction; a database that is away is waited for.
    private func begun(_ deadline: Deadline, isHopeful: Bool) throws -> PostgresConnection {
        while true {
            do {
                let connection = try readers.take()
                do {
                    try connection.beginCounted("REPEATABLE READ READ ONLY", isHopeful: isHopeful)
                    return connection
                } catch {
                    connection.rollback()
                    readers.give(connection)
                    throw error
                }
            } catch let failure as SQLFailure {
                guard failure.kind == .lost, !deadline.isOver, !presence.isGivenUp else { throw failure }
                usleep(100_000)
            }
        }
    }

    /// PostgreSQL's words, for whoever holds a connection without a driver.
    package static var words: any SQLDialect { PostgresDialect() }

    /// Opens a database for reading only, for the offline verifier.
    package static func readOnly<Result>(_ address: PostgresAddress, _ body: (any SQLConnection) throws -> Result) throws -> Result {
        do {
            let connection = try PostgresConnection(address, PostgresOptions())
            try connection.begin("REPEATABLE READ READ ONLY")
            defer { connection.rollback() }
            return try body(connection)
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    /// Whether this is one of the writers' threads.
    public var isWriting: Bool { PostgresWriters.isCurrent }

    /// Runs a body while no other process that shares the database runs one here.
    public func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
        let connection: PostgresConnection
        do { connection = try PostgresGround.locked(address, options) } catch let failure as SQLFailure { throw failure.refusal(nil) }
        defer { connection.rollback() }
        return try body()
    }

    /// Both pools, and what waits for a writer.
    public var load: StoreLoad {
        var load = StoreLoad()
        (load.waitingWrites, load.commits) = writers.load
        load.pools = [readers.load("readers"), writerPool.load("writers")]
        return load
    }

    /// Finishes what waits and closes all connections.
    public func close() {
        pulse.stop()
        writers.close()
        writerPool.close()
        readers.close()
    }
}

/// What the driver keeps in a database for itself: marks of commits, and the row that one process at a time may lock.
enum PostgresGround {
    /// Where nodes show that they live.
    static let nodes = "baton_node"

    /// Makes the driver's tables when they are not there, and forgets marks that nobody can ask for any more.
    static func prepare(_ address: PostgresAddress, _ options: PostgresOptions) throws {
        do { try make(address, options) } catch let failure as SQLFailure {
            // Another process may have made the same at the same moment.
            guard failure.kind == .conflict else { throw failure.refusal(nil) }
            do { try make(address, options) } catch let failure as SQLFailure { throw failure.refusal(nil) }
        }
    }

    private static func make(_ address: PostgresAddress, _ options: PostgresOptions) throws {
        let connection = try PostgresConnection(address, options)
        let known = try connection.first(
            "SELECT count(*) FROM pg_catalog.pg_class WHERE relname IN ('baton_commit', 'baton_gate', 'baton_change', 'baton_node') "
                + "AND relnamespace = current_schema()::regnamespace", [], .integer)
        if known?.intValue != 4 {
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS baton_commit (mark text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
                CREATE TABLE IF NOT EXISTS baton_change (
                    model text PRIMARY KEY, stamp bigint NOT NULL DEFAULT 0, at timestamptz NOT NULL DEFAULT now());
                CREATE TABLE IF NOT EXISTS baton_node (
                    name text PRIMARY KEY, beat bigint NOT NULL DEFAULT 0, at timestamptz NOT NULL DEFAULT now());
                CREATE TABLE IF NOT EXISTS baton_gate (id int PRIMARY KEY);
                INSERT INTO baton_gate VALUES (1) ON CONFLICT DO NOTHING
                """)
        }
        try connection.execute("DELETE FROM baton_commit WHERE at < now() - interval '\(options.markDays) days'")
        try connection.execute("DELETE FROM baton_node WHERE at < now() - interval '\(options.markDays) days'")
    }

    /// Nodes other than this whose number rises within the seconds that make a silent one; ends as soon as one is seen.
    static func live(_ address: PostgresAddress, _ options: PostgresOptions) throws -> [String] {
        let connection = try PostgresConnection(address, options)
        func beats() throws -> [String: String] {
            let rows = try connection.rows("SELECT name, beat FROM \(nodes) WHERE name <> '\(options.node)'", width: 2)
            return Dictionary(rows.map { ($0[0], $0[1]) }) { $1 }
        }
        let before = try beats()
        let end = Deadline(milliseconds: 1_000 * options.pulseSeconds * options.missedPulses)
        while !before.isEmpty, !end.isOver {
            let risen = try beats().filter { $0.value != before[$0.key] }
            if !risen.isEmpty { return risen.keys.sorted() }
            usleep(100_000)
        }
        return []
    }

    /// A connection that holds the gate's row until it is closed or its transaction ends.
    static func locked(_ address: PostgresAddress, _ options: PostgresOptions) throws -> PostgresConnection {
        let connection = try PostgresConnection(address, options)
        try connection.begin("READ COMMITTED")
        try connection.open()
        let seconds = options.migrationSeconds
        let sql =
            "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '\(seconds)s'; "
            + "SELECT id FROM baton_gate WHERE id = 1 FOR UPDATE"
        try connection.execute(sql, within: Deadline(seconds: seconds))
        return connection
    }
}
