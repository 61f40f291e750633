import Kernel
import Store

/// Connections of one kind of work, up to a limit.
final class PostgresPool: Sendable {
    private let pool: LentPool<PostgresConnection>
    private let presence: PostgresPresence

    init(_ address: PostgresAddress, _ options: PostgresOptions, _ presence: PostgresPresence, limit: Int, _ counts: PostgresCounts) {
        let ids = PostgresIds()
        self.presence = presence
        let busy = "All \(limit) connections to the database are busy."
        pool = LentPool(limit: limit, waitSeconds: options.waitSeconds, busy: busy) {
            try PostgresConnection(address, options, presence, ids, counts)
        }
    }

    /// A connection for this thread alone, until `give`.
    ///
    /// - Throws: `SQLFailure` of the kind `lost` when the server cannot be reached; `store.busy`, `store.closed`.
    func take() throws -> PostgresConnection {
        while true {
            // While the server says nothing nobody else needs to find that out by waiting.
            if presence.isGivenUp { throw SQLFailure(.lost, code: 0, message: PostgresPresence.reason) }
            let connection = try pool.take()
            if connection.link.isAlive { return connection }
            pool.drop()
        }
    }

    /// Gives a connection back; one that was lost is thrown away.
    func give(_ connection: PostgresConnection) { if connection.link.isLost { pool.drop() } else { pool.give(connection) } }

    /// Throws a connection away that was taken.
    func drop(_ connection: PostgresConnection) { pool.drop() }

    func load(_ name: String) -> StoreLoad.Pool { pool.load(name) }

    func close() { pool.close() }
}
