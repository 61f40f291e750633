import CSQLite
import Kernel
import Store

/// One connection to a SQLite file, used by one thread at a time.
final class SQLiteConnection: SQLConnection {
    /// Prepared statements that are remembered; the list is emptied when it is full.
    static let statementLimit = 600
    /// Milliseconds to wait for another program's lock.
    static let busyMilliseconds: Int32 = 10_000

    let handle: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]
    /// Whether SQLite can group without sorting, by the statement that reads the rows.
    var groupPlans: [String: Bool] = [:]
    /// The next id of each table; only the writer's connection is asked.
    private var nextIds: [String: Int] = [:]
    /// SQLite's number for the state of the file; it changes with commits that are not this connection's.
    private var dataVersion: Int?

    init(path: String, readOnly: Bool, immutable: Bool = false) throws {
        var opened: OpaquePointer?
        let name = immutable ? "file:" + path + "?immutable=1" : path
        let mode = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(name, &opened, mode | SQLITE_OPEN_NOMUTEX | (immutable ? SQLITE_OPEN_URI : 0), nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLFailure(.other, code: Int(code), message: "cannot open the database file: \(message)")
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, SQLiteConnection.busyMilliseconds)
        SQLiteFunctions.register(on: handle)
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Lets go of prepared statements, so that nothing keeps the file open.
    func forgetStatements() { statements.removeAll() }

    /// Whether SQLite has ended the transaction on its own.
    var isOutsideTransaction: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Runs statements that are not worth remembering.
    func execute(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw failure(code) }
    }

    func prepared(_ sql: String) throws -> SQLiteStatement {
        if let known = statements[sql] { return known }
        var pointer: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard code == SQLITE_OK, let pointer else { throw failure(code) }
        if statements.count >= SQLiteConnection.statementLimit { statements.removeAll() }
        let statement = SQLiteStatement(pointer)
        statements[sql] = statement
        return statement
    }

    func query(_ sql: String, _ arguments: [Value], _ forms: [ColumnForm]) throws -> ContiguousArray<Value> {
        let statement = try prepared(sql)
        defer { statement.reset() }
        try check(statement.bind(arguments))
        var cells = ContiguousArray<Value>()
        while try step(statement) {
            for (index, form) in forms.enumerated() { cells.append(statement.value(Int32(index), form)) }
        }
        return cells
    }

    func fetch(_ sql: String, _ arguments: [Value], _ forms: [ColumnForm]) throws -> FetchedRows {
        let statement = try prepared(sql)
        defer { statement.reset() }
        try check(statement.bind(arguments))
        var ids: [Int] = []
        var cells = ContiguousArray<Value>()
        while try step(statement) {
            ids.append(statement.integer(0))
            for index in forms.indices { cells.append(statement.value(Int32(index + 1), forms[index])) }
        }
        return FetchedRows(ids: ids, width: forms.count, cells: cells)
    }

    @discardableResult func run(_ sql: String, _ arguments: [Value]) throws -> Int {
        let statement = try prepared(sql)
        defer { statement.reset() }
        try check(statement.bind(arguments))
        while try step(statement) {}
        return Int(sqlite3_changes64(handle))
    }

    func run(_ sql: String, rows: [[Value]]) throws {
        let statement = try prepared(sql)
        defer { statement.reset() }
        for row in rows {
            try check(statement.bind(row))
            while try step(statement) {}
            statement.reset()
        }
    }

    /// Whether another process has changed the file since the last look; then ids are counted anew.
    ///
    /// Asked at the beginning of each transaction that writes, under whose lock nobody else can.
    func noticeOthers() throws -> Bool {
        let version = try first("PRAGMA data_version", [], .integer)?.intValue ?? 0
        defer { dataVersion = version }
        guard let known = dataVersion, known != version else { return false }
        nextIds.removeAll()
        return true
    }

    func reserveIds(table: String, count: Int) throws -> Int {
        let next: Int
        if let known = nextIds[table] {
            next = known
        } else {
            let used = try first("SELECT seq FROM sqlite_sequence WHERE name = ?", [.text(table)], .integer)?.intValue ?? 0
            let highest = try first("SELECT max(id) FROM \"\(table)\"", [], .integer)?.intValue ?? 0
            next = max(used, highest) + 1
        }
        nextIds[table] = next + count
        return next
    }

    /// SQLite checks deferred foreign keys at the commit, which several units of work share; the count of open ones tells earlier.
    func checkDeferred() throws {
        var (open, highest): (Int32, Int32) = (0, 0)
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0)
        if open != 0 { throw SQLFailure(.foreignKey, code: Int(SQLiteFailures.foreignKey), message: "a foreign key leads nowhere") }
    }

    @inline(__always)
    func step(_ statement: SQLiteStatement) throws -> Bool {
        let code = sqlite3_step(statement.pointer)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw failure(code)
    }

    @inline(__always)
    func check(_ code: Int32) throws { if code != SQLITE_OK { throw failure(code) } }

    func failure(_ code: Int32) -> SQLFailure { SQLiteFailures.failure(code, String(cString: sqlite3_errmsg(handle))) }
}
