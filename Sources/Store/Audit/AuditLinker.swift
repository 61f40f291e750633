import Kernel

extension AuditChain {
    /// Entries that one statement takes out of those that wait.
    static let linkLimit = 1_000
    /// The setting whose row is locked by whoever chains.
    static let gate = "audit.chain"

    /// Chains what waits, in the order in which it was written, in the transaction of the connection; gives how many entries.
    ///
    /// Whoever chains holds the gate's row until the commit, so that there is one end of the chain. Until an entry is chained it can be
    /// changed unseen, as everything can that came after the last signed checkpoint: chaining comes before signing.
    @discardableResult static func link(_ connection: any SQLConnection, _ dialect: any SQLDialect) throws -> Int {
        guard dialect.chainsLater else { return 0 }
        let settings = Settings(connection, dialect)
        if try !settings.lock(gate) { return 0 }
        var linked = 0
        while true {
            let rows = try taken(connection)
            if rows.isEmpty { return linked }
            try chain(rows, connection, dialect)
            linked += rows.count
        }
    }

    private static func taken(_ connection: any SQLConnection) throws -> [Row] {
        let table = SystemTables.waitingTrail
        let sql =
            "DELETE FROM \(table) WHERE id IN (SELECT id FROM \(table) ORDER BY id LIMIT \(linkLimit)) "
            + "RETURNING id, at, user_id, kind, model, ids, detail"
        let forms: [ColumnForm] = [.integer, .text, .integer, .text, .text, .text, .text]
        let cells = try connection.query(sql, [], forms)
        // RETURNING keeps no order.
        let rows = stride(from: 0, to: cells.count, by: forms.count).map { Array(cells[$0..<$0 + forms.count]) }
        return rows.sorted { ($0[0].intValue ?? 0) < ($1[0].intValue ?? 0) }.map { row in
            let texts = row.map { $0.textValue ?? "" }
            return Row(at: texts[1], userId: row[2].intValue ?? 0, kind: texts[3], model: texts[4], ids: texts[5], detail: texts[6])
        }
    }
}

/// Chains entries that wait soon after their commit, a few at a time, where the database chains later.
final class AuditLinker: Sendable {
    private let isQueued = Locked(false)

    /// Entries were committed.
    func poke(_ driver: any StoreDriver) {
        let dialect = driver.dialect
        guard dialect.chainsLater,
            isQueued.withLock({ queued in
                defer { queued = true }; return !queued
            })
        else { return }
        driver.submit(
            WriteWork(.rows) { connection in
                // What is committed from now on asks again.
                self.isQueued.withLock { $0 = false }
                try AuditChain.link(connection, dialect)
            } done: { _ in
                self.isQueued.withLock { $0 = false }
            })
    }
}

extension Database {
    /// Chains the entries of the trail that are committed and wait for it; returns when nothing that came before the call waits.
    public func linkTrail() throws {
        let dialect = dialect
        guard dialect.chainsLater else { return }
        try systemBlocking { _ = try AuditChain.link($0, dialect) }
    }

    /// Entries were committed: they are chained, and signed when it is time.
    func trailGrew(by entries: Int) {
        linker.poke(driver)
        seal?.count(entries, self)
    }

    /// Runs a body while no other process that shares the database runs one here: start-up, migrations, first records.
    public func exclusively<Result>(_ body: () throws -> Result) throws -> Result { try driver.exclusively(body) }
}
