import Kernel
import Store

/// SQLite behind the store: one file, one writer that groups commits, and readers on snapshots.
public final class SQLiteDriver: StoreDriver {
    /// SQLite's words.
    public let dialect: any SQLDialect = SQLiteDialect()
    /// SQLite's words, for whoever holds a connection without a driver.
    package static var words: any SQLDialect { SQLiteDialect() }
    /// Where the database file stands.
    public let path: String
    private let writer: SQLiteWriter
    private let readers: SQLiteReaders

    /// Opens a database file, making it when it is not there.
    ///
    /// - Throws: `store.failed` when the file cannot be opened, `store.corrupt` when it is not a database.
    public init(path: String, options: SQLiteOptions = SQLiteOptions()) throws {
        self.path = path
        do {
            let connection = try SQLiteConnection(path: path, readOnly: false)
            try connection.execute(options.pragmas(writer: true))
            writer = SQLiteWriter(connection, options)
            readers = SQLiteReaders(path: path, options)
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    deinit {
        // Whoever forgot to close must not leave a thread behind; on the writer's own thread there is nothing to wait for.
        if !isWriting { close() }
    }

    /// Puts work into the writer's queue; more than `queueLimit` is refused with `store.busy`.
    public func submit(_ work: WriteWork) { writer.submit(work) }

    /// Has a body called when another process has written to the file, before the next work of this one.
    public func onOthers(_ body: @escaping @Sendable () -> Void) { writer.onOthers(body) }

    /// Runs a body on a reader's snapshot, on this thread.
    public func withSnapshot<Result>(_ body: (any SQLConnection) throws -> Result) throws -> Result { try readers.withSnapshot(body) }

    /// Whether this is the writer's thread.
    public var isWriting: Bool { writer.isCurrent }

    /// Readers, and what waits for the one writer.
    public var load: StoreLoad {
        var load = StoreLoad()
        (load.waitingWrites, load.commits) = writer.load
        load.pools = [readers.load]
        return load
    }

    /// Finishes what waits, writes the log into the file and closes it.
    public func close() {
        writer.close()
        readers.close()
    }

    /// Writes a database file anew, so that nothing of what was deleted or replaced can be read from it; needs as much room again.
    ///
    /// - Throws: `store.busy` when somebody else is at work on it, `store.full`.
    public static func sweep(path: String) throws {
        do {
            let connection = try SQLiteConnection(path: path, readOnly: false)
            try connection.execute("PRAGMA synchronous = FULL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    /// Opens a database file for reading only, for the offline verifier: nothing is written, not even beside the file.
    ///
    /// - Parameter immutable: The file's folder cannot be written, so that SQLite must not look for changes by others.
    public static func readOnly<Result>(
        path: String, immutable: Bool = false, _ body: (any SQLConnection) throws -> Result
    ) throws -> Result {
        do {
            let connection = try SQLiteConnection(path: path, readOnly: true, immutable: immutable)
            try connection.execute("PRAGMA query_only = ON; BEGIN")
            return try body(connection)
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }
}
