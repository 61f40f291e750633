import Kernel
import Store

/// Connections that read: each body sees one snapshot, on the caller's thread.
final class SQLiteReaders: Sendable {
    private let pool: LentPool<SQLiteConnection>

    init(path: String, _ options: SQLiteOptions) {
        let busy = "All \(options.readers) database readers are busy."
        pool = LentPool(limit: options.readers, waitSeconds: options.readerWaitSeconds, busy: busy) {
            let connection = try SQLiteConnection(path: path, readOnly: true)
            try connection.execute(options.pragmas(writer: false))
            return connection
        }
    }

    func withSnapshot<Result>(_ body: (any SQLConnection) throws -> Result) throws -> Result {
        let connection = try pool.take()
        defer { pool.give(connection) }
        do {
            try connection.run("BEGIN")
            defer { _ = try? connection.run("COMMIT") }
            return try body(connection)
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    var load: StoreLoad.Pool { pool.load("readers") }

    func close() { pool.close() }
}
