import CPostgres
import Kernel
import Store

/// One connection to a PostgreSQL server, used by one thread at a time.
final class PostgresConnection: SQLConnection {
    /// Prepared statements that are remembered; with more, all are forgotten after the transaction.
    static let statementLimit = 600
    /// Changes that wait at most; then they are sent.
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
    var stamps: ChangeStamps?
    /// Whether the present transaction put a job into a queue, so that other nodes are told.
    private var hasJobs = false
    private var statements: [String: [Prepared]] = [:]
    /// How the database plans at the moment, as far as is known.
    var plan = SQLPlan.any
    /// Statements of one row that may be made of several; nil where they may not.
    private var insertions: [String: PostgresInsertion?] = [:]
    private var prepared = 0
    /// Tables changed under prepared statements, or there are too many of them.
    private var isStale = false
    /// Whether changes wait until something is asked or kept; without it a refusal comes from the call that caused it.
    var gathersChanges = true
    /// Whether the transaction was given up by a change that had waited, which nobody was there to be told of.
    private(set) var isGivenUpLate = false
    /// Changes that travel with the next question, or with the commit.
    private var waiting: [Step] = []
    /// The answer to the end of the last transaction is still to be read.
    private var isEnding = false
    /// The beginning of the present transaction, which travels with the first question.
    var opening: Opening?
    /// Whether the present transaction has an answer from the database.
    var hasBegun = false
    /// Whether the present transaction was told counts of changes that were old: what it did means nothing, and it is to be done again.
    var isMisled = false

    /// Spare ids of the node's writers.
    private let ids: PostgresIds?
    /// How often models were changed, as this node knows.
    let counts: PostgresCounts

    init(
        _ address: PostgresAddress, _ options: PostgresOptions, _ presence: PostgresPresence? = nil, _ ids: PostgresIds? = nil,
        _ counts: PostgresCounts = PostgresCounts()
    ) throws {
        self.options = options
        self.ids = ids
        self.counts = counts
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

    func reset() throws {
        if isEnding {
            isEnding = false
            _ = try link.result(deadline)
        }
        failure = nil
        isGivenUpLate = false
        hasChanged = false
        hasJobs = false
        stamps = nil
        opening = nil
        hasBegun = false
        isMisled = false
        waiting.removeAll()
        guard isStale else { return }
        try execute("DEALLOCATE ALL")
        statements.removeAll()
        isStale = false
    }

    /// Ends the transaction, keeping what it did and a mark of it, with all that still waits, on one journey.
    func commit(mark: String? = nil) throws {
        if let failure { throw failure }
        if opening != nil, mark == nil, !hasJobs, !hasWaiting { return opening = nil }
        try guardOpening()
        var steps: [Step] = []
        if let mark { steps.append(try step("INSERT INTO baton_commit (mark) VALUES ($1)", [.text(mark)])) }
        if hasJobs, options.tells { steps.append(try step(PostgresPulse.news(from: options.node))) }
        steps.append(try step("COMMIT"))
        link.isUnconfirmed = false
        try travel(steps)
        // The wait for another server's copy was cut short: a failover may lose what stands here already.
        if link.isUnconfirmed { throw SQLFailure(.lost, code: 0, message: "the commit was not confirmed by the standby") }
    }

    func announceJobs() { hasJobs = true }

    /// Ends the transaction, undoing what it did.
    func rollback() {
        waiting.removeAll()
        opening = nil
        plan = .any
        try? execute("ROLLBACK", in: PQTRANS_INTRANS)
    }

    /// Ends a transaction that only read. The answer is read when the connection is used again: nobody waits for it.
    func leave() {
        guard PQtransactionStatus(link.handle) == PQTRANS_INTRANS else { return rollback() }
        // A commit keeps how statements are planned.
        guard PQsendQuery(link.handle, "COMMIT") != 0 else { return rollback() }
        isEnding = true
        try? link.flush(deadline)
    }

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

    // MARK: Changes that wait

    var hasWaiting: Bool { !waiting.isEmpty }

    func takeWaiting() -> [Step] {
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
    }

    /// Has a change wait for the next journey.
    func wait(_ step: Step) throws {
        waiting.append(step)
        if waiting.count >= PostgresConnection.batchLimit { try sendWaiting() }
    }

    func noteChange() { hasChanged = true }

    func noteLateFailure() { isGivenUpLate = gathersChanges }

    @discardableResult func checked(_ result: PostgresResult) throws -> PostgresResult {
        guard result.isError else { return result }
        let found = PostgresFailures.failure(result.pointer)
        if failure == nil { failure = found }
        if PostgresFailures.isStale(found) { isStale = true }
        throw found
    }

    /// Runs a call on the line, remembering what ended the transaction.
    func guarded<Result>(_ body: () throws -> Result) throws -> Result {
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
        PostgresConnection.rows(of: try run(sql, with: arguments), forms)
    }

    func fetch(_ question: SQLQuestion) throws -> FetchedRows {
        PostgresConnection.rows(of: try run(question.sql, with: question.arguments, question.plan), question.forms)
    }

    func fetch(_ questions: [SQLQuestion]) throws -> [FetchedRows] {
        let results = try guarded { try journey(questions.map { try step($0.sql, $0.arguments) }) }
        return zip(results, questions).map { PostgresConnection.rows(of: $0, $1.forms) }
    }

    private static func rows(of result: PostgresResult, _ forms: [ColumnForm]) -> FetchedRows {
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
        // The sequence is looked up once, not for each id.
        let sql = "SELECT nextval(s) FROM (SELECT pg_get_serial_sequence($1, 'id')::regclass AS s OFFSET 0) q, generate_series(1, $2)"
        let ask = { count in
            Array(try self.query(sql, [.text("\"" + table + "\""), .int(count)], [.integer]).compactMap(\.intValue))
        }
        return try ids?.take(count, of: table, ask) ?? ask(count)
    }

    func checkDeferred() throws { _ = try guarded { try travel([step("SET CONSTRAINTS ALL IMMEDIATE")]) } }

    /// Migrations may take long; they are not prepared.
    private func alter(_ sql: String) throws -> Int {
        hasChanged = true
        try sendWaiting()
        let seconds = options.migrationSeconds
        let long = "SET LOCAL statement_timeout = '\(seconds)s'; SET LOCAL lock_timeout = '\(options.statementSeconds)s'; "
        try guarded { try execute(long + sql, within: Deadline(seconds: seconds)) }
        return 0
    }

    private static func changesTables(_ sql: String) -> Bool { sql.hasPrefix("CREATE ") || sql.hasPrefix("ALTER ") }

    private func run(_ sql: String, with values: [Value], _ plan: SQLPlan = .open) throws -> PostgresResult {
        try guarded {
            if !sql.hasPrefix("SELECT") { hasChanged = true }
            return try travel([step(sql, values, plan)])
        }
    }

    /// The prepared statement for arguments of these types, of which an unknown one fits any.
    func statement(_ sql: String, _ types: [UInt32]) throws -> Prepared {
        let known = statements[sql] ?? []
        if let found = known.first(where: { PostgresConnection.fits(types, $0.types) }) { return found }
        // What is on its way is named as it was prepared: all are forgotten when the next transaction begins.
        if statements.count >= PostgresConnection.statementLimit || known.count >= 32 { isStale = true }
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

    /// A statement that inserts one row, for making one of several; nil where it is none.
    func insertion(_ sql: String, _ width: Int) -> PostgresInsertion? {
        if let known = insertions[sql] { return known }
        if insertions.count >= PostgresConnection.statementLimit { insertions.removeAll() }
        let made = PostgresInsertion(sql, width)
        insertions[sql] = .some(made)
        return made
    }

    private static func fits(_ types: [UInt32], _ prepared: [UInt32]) -> Bool {
        for (index, type) in types.enumerated() where type != PostgresArguments.TypeId.unknown && type != prepared[index] { return false }
        return true
    }
}
