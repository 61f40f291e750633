import CSQLite
import Crypto
import Kernel
import Store

/// A whole database file as it stood at one moment, and what is in one.
public enum SQLiteSnapshot {
    /// What one table holds.
    public struct Table: Sendable, Equatable {
        /// The table's name.
        public let name: String
        /// How many rows it has.
        public let rows: Int
        /// SHA-256 over all its values with their kinds, in the order of its keys, in hexadecimal digits.
        public let hash: String

        /// A table by what is known of it.
        public init(name: String, rows: Int, hash: String) {
            self.name = name
            self.rows = rows
            self.hash = hash
        }
    }

    /// Writes the database as it stands at this moment into a new file, while others go on writing.
    ///
    /// One statement reads one snapshot (`VACUUM INTO`): it holds nobody up, reads every page, and leaves out free ones.
    /// - Throws: `store.full`, `store.corrupt`, `store.failed`.
    public static func write(of path: String, to copy: String) throws {
        do {
            let connection = try SQLiteConnection(path: path, readOnly: true)
            _ = try connection.run("VACUUM INTO ?", [.text(copy)])
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    /// What SQLite finds wrong with a file, page by page and index by index; empty when it is sound. It reads only.
    ///
    /// - Parameter limit: The most findings.
    public static func problems(of path: String, limit: Int = 20) throws -> [String] {
        do {
            let connection = try SQLiteConnection(path: path, readOnly: true)
            let cells = try connection.query("PRAGMA integrity_check(\(limit))", [], [.text])
            let words = cells.compactMap(\.textValue).filter { $0 != "ok" }
            let links = try connection.query("PRAGMA foreign_key_check", [], [.text, .integer, .text])
            let broken = stride(from: 0, to: links.count, by: 3).prefix(limit).map { start in
                "row \(links[start + 1].intValue ?? 0) of \(links[start].textValue ?? "") points at nothing in \(links[start + 2].textValue ?? "")"
            }
            return words + broken
        } catch let failure as SQLFailure {
            return [failure.message]
        }
    }

    /// Counts and hashes of every table of a file that nobody writes.
    public static func tables(of path: String) throws -> [Table] {
        do {
            let connection = try SQLiteConnection(path: path, readOnly: true)
            try connection.execute("PRAGMA query_only = ON; BEGIN")
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            return try connection.query(sql, [], [.text]).compactMap(\.textValue).map { try digest($0, connection) }
        } catch let failure as SQLFailure {
            throw failure.refusal(nil)
        }
    }

    private static func digest(_ table: String, _ connection: SQLiteConnection) throws -> Table {
        let name = "\"" + table.replacing("\"", with: "\"\"") + "\""
        let keys = try connection.query(
            "SELECT name, pk FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", [.text(table)], [.text, .integer])
        let order = stride(from: 0, to: keys.count, by: 2).map { "\"" + (keys[$0].textValue ?? "") + "\"" }
        let sql = "SELECT * FROM \(name) ORDER BY " + (order.isEmpty ? "rowid" : order.joined(separator: ", "))
        let statement = try connection.prepared(sql)
        defer { statement.reset() }
        var (hash, rows) = (SHA256(), 0)
        while try connection.step(statement) {
            rows += 1
            for column in 0..<sqlite3_column_count(statement.pointer) { add(statement.pointer, column, to: &hash) }
        }
        return Table(name: table, rows: rows, hash: hash.finish().hex)
    }

    /// A value with its kind and length before it, so that no two rows read alike.
    private static func add(_ row: OpaquePointer, _ column: Int32, to hash: inout SHA256) {
        let kind = sqlite3_column_type(row, column)
        switch kind {
        case SQLITE_INTEGER: hash.update("i\(sqlite3_column_int64(row, column));")
        case SQLITE_FLOAT: hash.update("d\(sqlite3_column_double(row, column).bitPattern);")
        case SQLITE_NULL: hash.update("-;")
        default:
            let start = sqlite3_column_blob(row, column)
            let count = Int(sqlite3_column_bytes(row, column))
            hash.update("\(kind == SQLITE_BLOB ? "b" : "s")\(count):")
            hash.update(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
        }
    }
}
