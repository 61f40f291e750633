import Crypto
import Kernel

/// Copies everything of one database into an empty one of another kind, in one transaction there, and compares what arrived.
///
/// Tables are read on one snapshot and in the order of their keys; afterwards both sides are read again and their counts and hashes
/// compared. Tables and columns that no model wants any more are not copied and are named.
public struct DatabaseCopy {
    /// Rows that are in memory at a time.
    static let page = 500

    /// What came of one table.
    public struct TableReport: Sendable, Equatable {
        /// The table.
        public let name: String
        /// Rows on both sides.
        public let rows: Int
        /// SHA-256 over all its values in the order of its keys, in hexadecimal digits.
        public let hash: String
    }

    private let source: Database
    private let target: Database

    /// A copy from one database to another; both were brought up to date by `migrate()`, and the second one has no records.
    public init(from source: Database, to target: Database) {
        self.source = source
        self.target = target
    }

    /// Does it.
    ///
    /// - Throws: `store.copy_not_empty`, `store.copy_differs`; then nothing was kept on the other side.
    public func run(tell: (TableReport) -> Void) throws {
        let tables = CopiedTable.all(source.registry)
        let (from, to) = (source.dialect, target.dialect)
        let reports = Locked<[TableReport]>([])
        try source.inspectBlocking { reading in
            // The snapshot is held by this thread while the writer's thread reads through it, one at a time.
            let reading = Handed(reading)
            try target.systemBlocking { writing in
                try CopyRun(reading: reading.content, from: from, writing: writing, to: to).run(tables) { report in
                    reports.withLock { $0.append(report) }
                }
            }
        }
        reports.withLock { $0 }.forEach(tell)
    }
}

/// Something that one thread hands to another and does not touch until it has it back.
private struct Handed<Content>: @unchecked Sendable {
    let content: Content

    init(_ content: Content) { self.content = content }
}

/// A table as it is copied: its columns with their forms, and the first ones by which its rows are ordered.
struct CopiedTable {
    let name: String
    let columns: [(name: String, form: ColumnForm)]
    let keys: [String]
    let hasIds: Bool

    /// Every table of the models and of the store, but those that belong to one database and not to its records.
    static func all(_ registry: Registry) -> [CopiedTable] {
        let models = SchemaShape(registry).tables.map { table in
            let own = table.columns.filter { $0.name != "id" }.map { ($0.name, $0.form) }
            return !table.key.isEmpty
                ? CopiedTable(name: table.name, columns: own, keys: table.key, hasIds: false)
                : CopiedTable(name: table.name, columns: [("id", .integer)] + own, keys: ["id"], hasIds: true)
        }
        let system = SystemTables.tables.filter { !SystemTables.passing.contains($0.name) }.map { table in
            let own = table.columns.map { ($0.name, $0.form) }
            return CopiedTable(
                name: table.name, columns: (table.identity ? [("id", .integer)] : []) + own, keys: [table.identity ? "id" : own[0].0],
                hasIds: table.identity)
        }
        return models + system
    }

    var list: String { columns.map { "\"\($0.name)\"" }.joined(separator: ", ") }
    var forms: [ColumnForm] { columns.map(\.form) }

    /// Few rows at a time where each may hold a file.
    private var pageSize: Int { columns.contains { $0.form == .bytes } ? DatabaseCopy.page / 20 : DatabaseCopy.page }

    /// A page of rows in the order of the keys, after the keys of the last row before it.
    private func page(_ connection: any SQLConnection, _ dialect: any SQLDialect, after last: [Value]) throws -> [[Value]] {
        let order = keys.map { "\"\($0)\"" }.joined(separator: ", ")
        // Each database has a gate of its own.
        var conditions = name == "baton_setting" ? ["key <> '\(AuditChain.gate)'"] : []
        if !last.isEmpty { conditions.append("(\(order)) > (\(dialect.placeholders(keys.count)))") }
        let whereClause = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let sql = "SELECT \(list) FROM \"\(name)\"\(whereClause) ORDER BY \(order) LIMIT \(pageSize)"
        let cells = try connection.query(sql, last, forms)
        return stride(from: 0, to: cells.count, by: columns.count).map { Array(cells[$0..<$0 + columns.count]) }
    }

    /// All rows, a page at a time.
    func forEachPage(_ connection: any SQLConnection, _ dialect: any SQLDialect, _ body: ([[Value]]) throws -> Void) throws {
        let places = keys.compactMap { key in columns.firstIndex { $0.name == key } }
        var last: [Value] = []
        while true {
            let rows = try page(connection, dialect, after: last)
            guard let end = rows.last else { return }
            try body(rows)
            last = places.map { end[$0] }
        }
    }
}

/// One run of a copy, with both connections in hand.
struct CopyRun {
    let reading: any SQLConnection
    let from: any SQLDialect
    let writing: any SQLConnection
    let to: any SQLDialect

    func run(_ tables: [CopiedTable], _ tell: (DatabaseCopy.TableReport) -> Void) throws {
        for table in tables where table.name != "baton_setting" {
            let count = try writing.first("SELECT count(*) FROM \"\(table.name)\"", [], .integer)?.intValue ?? 0
            if count > 0 { throw Refusal.copyNotEmpty(table.name) }
        }
        try writing.run("DELETE FROM baton_setting WHERE key <> '\(AuditChain.gate)'", [])
        for table in tables { try copy(table) }
        try writing.checkDeferred()
        for table in tables { tell(try compared(table)) }
        if from.chainsLater, !to.chainsLater { try AuditChain.adopt(reading, writing, to) }
    }

    private func copy(_ table: CopiedTable) throws {
        let sql = "INSERT INTO \"\(table.name)\" (\(table.list)) VALUES (\(to.placeholders(table.columns.count)))"
        try table.forEachPage(reading, from) { try writing.run(sql, rows: $0) }
        guard table.hasIds, let last = from.lastId(table.name), let raise = to.raiseIds(table.name) else { return }
        if let id = try reading.first(last, [.text(table.name)], .integer)?.intValue, id > 0 {
            if let forget = to.forgetIds(table.name) { try writing.run(forget, []) }
            _ = try writing.query(raise, [.int(id)], [.integer])
        }
    }

    private func compared(_ table: CopiedTable) throws -> DatabaseCopy.TableReport {
        let (before, after) = (try digest(table, reading, from), try digest(table, writing, to))
        guard before.rows == after.rows, before.hash == after.hash else { throw Refusal.copyDiffers(table.name, before.rows, after.rows) }
        return DatabaseCopy.TableReport(name: table.name, rows: before.rows, hash: before.hash.hex)
    }

    private func digest(
        _ table: CopiedTable, _ connection: any SQLConnection, _ dialect: any SQLDialect
    ) throws -> (rows: Int, hash: Digest) {
        var hash = SHA256()
        var count = 0
        try table.forEachPage(connection, dialect) { rows in
            count += rows.count
            for row in rows { for value in row { CopyRun.add(value, to: &hash) } }
        }
        return (count, hash.finish())
    }

    /// A value with its kind and length before it, so that no two rows read alike.
    private static func add(_ value: Value, to hash: inout SHA256) {
        let text: String
        switch value {
        case .null: text = "-"
        case .bool(let bool): text = bool ? "t" : "f"
        case .int(let int): text = "i\(int)"
        case .double(let double): text = "d\(double.bitPattern)"
        case .amount(let amount): text = "a\(amount.units)"
        case .text(let content): text = "s" + content
        case .day(let day): text = "y\(day)"
        case .instant(let instant): text = "m\(instant)"
        case .json(let json): text = "j" + json.text()
        case .bytes(let bytes): text = "b" + SHA256.hash(bytes).hex
        case .ids, .list, .map: text = "?"
        }
        hash.update("\(text.utf8.count):")
        hash.update(text)
    }
}

extension Refusal {
    static func copyNotEmpty(_ table: String) -> Refusal {
        Refusal(
            "store.copy_not_empty", .conflict, "The other database has records in \(table) already.",
            instruction: "Nothing was changed. Give a new, empty database.")
    }

    static func copyDiffers(_ table: String, _ before: Int, _ after: Int) -> Refusal {
        Refusal(
            "store.copy_differs", .internalFault,
            "What arrived in \(table) is not what was there: \(before) rows became \(after), or differ.",
            instruction: "Nothing was kept. Report this to the maker.")
    }
}
