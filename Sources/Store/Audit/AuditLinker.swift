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
            let rows = try taken(connection, dialect)
            if rows.isEmpty { return linked }
            try chain(rows, connection, dialect)
            linked += rows.count
        }
    }

    /// Chains in a copy what was committed and not chained yet where it was copied from.
    static func adopt(_ reading: any SQLConnection, _ writing: any SQLConnection, _ dialect: any SQLDialect) throws {
        let sql = "SELECT id, at, user_id, kind, model, ids, detail FROM \(SystemTables.waitingTrail) ORDER BY id"
        try chain(rows(try reading.query(sql, [], forms)), writing, dialect)
    }

    private static let forms: [ColumnForm] = [.integer, .text, .integer, .text, .text, .text, .text]

    /// The next entries, which leave the table of those that wait.
    private static func taken(_ connection: any SQLConnection, _ dialect: any SQLDialect) throws -> [Row] {
        let table = SystemTables.waitingTrail
        let page = "SELECT max(id) FROM (SELECT id FROM \(table) ORDER BY id LIMIT \(linkLimit)) page"
        guard let last = try connection.first(page, [], .integer)?.intValue else { return [] }
        let sql = "DELETE FROM \(table) WHERE id <= \(dialect.placeholder(1)) RETURNING id, at, user_id, kind, model, ids, detail"
        // RETURNING keeps no order.
        return rows(try connection.query(sql, [.int(last)], forms))
    }

    private static func rows(_ cells: ContiguousArray<Value>) -> [Row] {
        let rows = stride(from: 0, to: cells.count, by: forms.count).map { Array(cells[$0..<$0 + forms.count]) }
        return rows.sorted { ($0[0].intValue ?? 0) < ($1[0].intValue ?? 0) }.map { row in
            let texts = row.map { $0.textValue ?? "" }
            return Row(at: texts[1], userId: row[2].intValue ?? 0, kind: texts[3], model: texts[4], ids: texts[5], detail: texts[6])
        }
    }
}

/// Chains entries that wait soon after their commit, one transaction of a process at a time, where the database chains later.
///
/// A transaction chains whatever came while the last one was resting: one for each commit would cost as much as the commit.
final class AuditLinker: Sendable {
    /// How long entries gather.
    static let rest = Duration.milliseconds(100)

    private let state = Locked((isRunning: false, isAsked: false))

    /// Entries were committed.
    func poke(_ driver: any StoreDriver) {
        guard driver.dialect.chainsLater else { return }
        let begins = state.withLock { state in
            defer { state = (true, state.isRunning) }
            return !state.isRunning
        }
        if begins { submitRested(driver) }
    }

    private func submit(_ driver: any StoreDriver) {
        let dialect = driver.dialect
        driver.submit(
            WriteWork(.rows) { connection in
                try AuditChain.link(connection, dialect)
            } done: { [weak driver] error in
                // Entries that came meanwhile may have been committed too late to be seen; after a failure the next commit asks again.
                let again = self.state.withLock { state in
                    defer { state = (state.isAsked && error == nil, false) }
                    return state.isAsked && error == nil
                }
                if again, let driver { self.submitRested(driver) }
            })
    }

    private func submitRested(_ driver: any StoreDriver) {
        Task { [weak driver] in
            try? await Task.sleep(for: AuditLinker.rest)
            guard let driver else { return self.state.withLock { $0 = (false, false) } }
            self.submit(driver)
        }
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
