import CPostgres
import Kernel
import Store

/// One connection to a PostgreSQL server, used by one thread at a time.
final class PostgresConnection: SQLConnection {
    /// Prepared statements that are remembered; with more, all are forgotten.
    static let statementLimit = 600
    /// Rows that are sent before their answers are read.
    static let batchLimit = 256

    /// A statement as it was prepared for arguments of some types.
    struct Prepared {
        let name: String
        let types: [UInt32]
    }

    let link: PostgresLink
    let options: PostgresOptions
    /// The first failure of the present transaction, which has given it up.
    private(set) var failure: SQLFailure?
    /// Whether the present transaction may have changed something.
    private(set) var hasChanged = false
    /// How often models were changed when the present transaction began.
    private(set) var stamps: ChangeStamps?
    /// Whether the present transaction put a job into a queue, so that other nodes are told.
    private var hasJobs = false
    private var statements: [String: [Prepared]] = [:]
    private var prepared = 0
    /// Tables changed under prepared statements.
    private var isStale = false

    init(_ address: PostgresAddress, _ options: PostgresOptions, _ presence: PostgresPresence? = nil) throws {
        self.options = options
        link = try PostgresLink.open(address, options, presence)
        // Said after connecting, not while: pgbouncer takes no options with the greeting.
        try execute(
            """
            SET statement_timeout = '\(options.statementSeconds)s'; SET lock_timeout = '\(options.lockSeconds)s';
            SET idle_in_transaction_session_timeout = '\(options.idleTransactionSeconds)s'; SET TimeZone = 'UTC';
            SET DateStyle = 'ISO, YMD'; SET client_min_messages = warning; SET standard_conforming_strings = on
            """)
    }

    var deadline: Deadline { Deadline(seconds: options.statementSeconds + options.graceSeconds) }

    // MARK: Transactions

    /// Begins a transaction.
    func begin(_ level: String) throws {
        try reset()
        try execute("BEGIN ISOLATION LEVEL " + level)
    }

    /// Begins a transaction and reads, in the same message, how often models were changed.
    func beginCounted(_ level: String) throws {
        try reset()
        let sql = "SELECT model, stamp, at < now() - interval '\(options.settleSeconds) seconds' FROM " + ChangeCounts.table
        try link.check(PQsendQuery(link.handle, "BEGIN ISOLATION LEVEL " + level + "; " + sql))
        let result = try checked(try link.result(deadline))
        // The simple protocol answers in text.
        let words = (0..<result.rows).map { row in (0..<3).map { result.text(row, $0) } }
        let settled = words.filter { $0[2] == "t" }.map { ($0[0], Int($0[1]) ?? 0) }
        stamps = ChangeStamps(counts: Dictionary(settled) { $1 }, counted: Set(words.map { $0[0] }))
    }

    private func reset() throws {
        failure = nil
        hasChanged = false
        hasJobs = false
        stamps = nil
        guard isStale else { return }
        try execute("DEALLOCATE ALL")
        statements.removeAll()
        isStale = false
    }

    /// Ends the transaction, keeping what it did; `last` runs before, in the same message.
    func commit(_ last: String = "") throws {
        if let failure { throw failure }
        let news = hasJobs && options.tells ? PostgresPulse.news(from: options.node) : ""
        link.isUnconfirmed = false
        try execute(last + news + "COMMIT")
        // The wait for another server's copy was cut short: a failover may lose what stands here already.
        if link.isUnconfirmed { throw SQLFailure(.lost, code: 0, message: "the commit was not confirmed by the standby") }
    }

    func announceJobs() { hasJobs = true }

    /// Ends the transaction, undoing what it did.
    func rollback() { try? execute("ROLLBACK", in: PQTRANS_INTRANS) }

    /// The rows of the last of several statements, as text.
    func rows(_ sql: String, width: Int) throws -> [[String]] {
        failure = nil
        try link.check(PQsendQuery(link.handle, sql))
        let result = try checked(try link.result(deadline))
        return (0..<result.rows).map { row in (0..<width).map { result.text(row, $0) } }
    }

    /// Runs statements that are not worth preparing; several are separated by semicolons.
    func execute(_ sql: String, within deadline: Deadline? = nil) throws {
        try link.check(PQsendQuery(link.handle, sql))
        _ = try checked(try link.result(deadline ?? self.deadline))
    }

    private func execute(_ sql: String, in status: PGTransactionStatusType) throws {
        let present = PQtransactionStatus(link.handle)
        if present == status || present == PQTRANS_INERROR { try execute(sql) }
    }

    @discardableResult private func checked(_ result: PostgresResult) throws -> PostgresResult {
        guard result.isError else { return result }
        let found = PostgresFailures.failure(result.pointer)
        if failure == nil { failure = found }
        if PostgresFailures.isStale(found) { isStale = true }
        throw found
    }

    /// Runs a call on the line, remembering what ended the transaction.
    private func guarded<Result>(_ body: () throws -> Result) throws -> Result {
        if let failure { throw failure }
        do { return try body() } catch let found as SQLFailure {
            if failure == nil { failure = found }
            throw found
        }
    }
}

extension PostgresConnection {
    func query(_ sql: String, _ arguments: [Value], _ forms: [ColumnForm]) throws -> ContiguousArray<Value> {
        let result = try run(sql, with: arguments)
        let cells = PostgresCells(result)
        var values = ContiguousArray<Value>()
        values.reserveCapacity(result.rows * forms.count)
        for row in 0..<result.rows { for column in forms.indices { values.append(cells.value(row, column, forms[column])) } }
        return values
    }

    func fetch(_ sql: String, _ arguments: [Value], _ forms: [ColumnForm]) throws -> FetchedRows {
        let result = try run(sql, with: arguments)
        let cells = PostgresCells(result)
        var ids: [Int] = []
        ids.reserveCapacity(result.rows)
        var values = ContiguousArray<Value>()
        values.reserveCapacity(result.rows * forms.count)
        for row in 0..<result.rows {
            ids.append(cells.integer(row, 0))
            for column in forms.indices { values.append(cells.value(row, column + 1, forms[column])) }
        }
        return FetchedRows(ids: ids, width: forms.count, cells: values)
    }

    @discardableResult func run(_ sql: String, _ arguments: [Value]) throws -> Int {
        if arguments.isEmpty, PostgresConnection.changesTables(sql) { return try alter(sql) }
        return try run(sql, with: arguments).changed
    }

    func reserveIds(table: String, count: Int) throws -> [Int] {
        let sql = "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)"
        return Array(try query(sql, [.text("\"" + table + "\""), .int(count)], [.integer]).compactMap(\.intValue))
    }

    func checkDeferred() throws { try guarded { try execute("SET CONSTRAINTS ALL IMMEDIATE") } }

    /// Migrations may take long; they are not prepared.
    private func alter(_ sql: String) throws -> Int {
        hasChanged = true
        let seconds = options.migrationSeconds
        let long = "SET LOCAL statement_timeout = '\(seconds)s'; SET LOCAL lock_timeout = '\(options.statementSeconds)s'; "
        try guarded { try execute(long + sql, within: Deadline(seconds: seconds)) }
        return 0
    }

    private static func changesTables(_ sql: String) -> Bool { sql.hasPrefix("CREATE ") || sql.hasPrefix("ALTER ") }

    private func run(_ sql: String, with values: [Value]) throws -> PostgresResult {
        try guarded {
            if !sql.hasPrefix("SELECT") { hasChanged = true }
            let statement = try statement(sql, values.map(PostgresArguments.type))
            try send(statement, try PostgresArguments(values))
            return try checked(try link.result(deadline))
        }
    }

    private func send(_ statement: Prepared, _ arguments: PostgresArguments) throws {
        try arguments.withPointers { pointers in
            try link.check(
                PQsendQueryPrepared(
                    link.handle, statement.name, Int32(arguments.count), pointers, arguments.lengths, arguments.formats, 1))
        }
    }

    /// The prepared statement for arguments of these types, of which an unknown one fits any.
    private func statement(_ sql: String, _ types: [UInt32]) throws -> Prepared {
        let known = statements[sql] ?? []
        if let found = known.first(where: { PostgresConnection.fits(types, $0.types) }) { return found }
        if statements.count >= PostgresConnection.statementLimit || known.count >= 32 {
            try execute("DEALLOCATE ALL")
            statements.removeAll()
        }
        // What is null now is given the type that it had before, so that one statement serves both.
        var types = types
        for (index, type) in types.enumerated() where type == PostgresArguments.TypeId.unknown {
            types[index] = known.last?.types[index] ?? type
        }
        prepared += 1
        let statement = Prepared(name: "b\(prepared)", types: types)
        try link.check(PQsendPrepare(link.handle, statement.name, sql, Int32(types.count), types))
        try checked(try link.result(deadline))
        statements[sql, default: []].append(statement)
        return statement
    }

    private static func fits(_ types: [UInt32], _ prepared: [UInt32]) -> Bool {
        for (index, type) in types.enumerated() where type != PostgresArguments.TypeId.unknown && type != prepared[index] { return false }
        return true
    }
}

extension PostgresConnection {
    func run(_ sql: String, rows: [[Value]]) throws {
        guard rows.count > 1 else {
            for row in rows { try run(sql, row) }
            return
        }
        hasChanged = true
        try guarded {
            let types = PostgresConnection.types(of: rows)
            for start in stride(from: 0, to: rows.count, by: PostgresConnection.batchLimit) {
                let batch = rows[start..<min(start + PostgresConnection.batchLimit, rows.count)]
                if let types { try pipeline(try statement(sql, types), batch) } else { for row in batch { try run(sql, row) } }
            }
        }
    }

    /// The types that fit all rows; nil when a column has values of several.
    private static func types(of rows: [[Value]]) -> [UInt32]? {
        var types = rows[0].map(PostgresArguments.type)
        for row in rows.dropFirst() {
            for (index, value) in row.enumerated() {
                let type = PostgresArguments.type(of: value)
                if type == PostgresArguments.TypeId.unknown || type == types[index] { continue }
                guard types[index] == PostgresArguments.TypeId.unknown else { return nil }
                types[index] = type
            }
        }
        return types
    }

    /// Sends all rows, then reads all answers: one journey instead of one for each row.
    private func pipeline(_ statement: Prepared, _ rows: ArraySlice<[Value]>) throws {
        let arguments = try rows.map { try PostgresArguments($0) }
        try link.check(PQenterPipelineMode(link.handle))
        for row in arguments { try send(statement, row) }
        try link.check(PQpipelineSync(link.handle))
        let deadline = deadline
        try link.flush(deadline)
        var first: PostgresResult?
        var isSynchronised = false
        while !isSynchronised {
            // A nil ends the answer to one row.
            guard let result = try link.next(deadline) else { continue }
            if result.status == PGRES_PIPELINE_SYNC { isSynchronised = true }
            if result.isError, first == nil { first = result }
        }
        try link.check(PQexitPipelineMode(link.handle))
        if let first { try checked(first) }
    }
}
