import JSON
import Kernel
import Store

/// SQLite's words. Source: sqlite.org/lang.html.
struct SQLiteDialect: SQLDialect {
    let name = "sqlite"
    let identity = "INTEGER PRIMARY KEY AUTOINCREMENT"
    let linkTableOptions = "WITHOUT ROWID"

    /// The dialect; it has no settings.
    init() {}

    func placeholder(_ number: Int) -> String { "?" }

    func type(of form: ColumnForm) -> String {
        switch form {
        case .boolean, .integer, .amount: "INTEGER"
        case .float: "REAL"
        case .text, .day, .instant, .json, .ids, .plain: "TEXT"
        case .bytes: "BLOB"
        }
    }

    func withoutIndex(_ column: String) -> String { "+" + column }

    func literal(_ bool: Bool) -> String { bool ? "1" : "0" }

    func like(_ column: String, _ pattern: String, ignoringCase: Bool) -> String {
        (ignoringCase ? "baton_ilike(" : "baton_like(") + column + ", " + pattern + ")"
    }

    func isMember(_ column: String, _ placeholder: String, _ form: ColumnForm) -> String {
        column + " IN (SELECT value FROM json_each(" + placeholder + "))"
    }

    func listArgument(_ values: [Value]) -> Value {
        var writer = JSONWriter(capacity: values.count * 8)
        writer.beginArray()
        for value in values {
            writer.element()
            switch value {
            case .int(let int): writer.int(Int64(int))
            case .bool(let bool): writer.int(bool ? 1 : 0)
            case .double(let double): writer.double(double)
            case .amount(let amount): writer.int(Int64(amount.units))
            case .text(let text): writer.string(text)
            case .day(let day): writer.string(day.description)
            case .instant(let instant): writer.string(instant.description)
            default: writer.json(.null)
            }
        }
        writer.endArray()
        return .text(String(decoding: writer.take(), as: UTF8.self))
    }

    func aggregate(_ function: Aggregation, _ column: String, _ form: ColumnForm) -> String {
        switch function {
        case .sum: "coalesce(sum(" + column + "), 0)"
        case .avg: form == .amount ? "cast(round(avg(" + column + ")) AS INTEGER)" : "avg(" + column + ")"
        case .min: "min(" + column + ")"
        case .max: "max(" + column + ")"
        case .count: "count(" + column + ")"
        case .countDistinct: "count(DISTINCT " + column + ")"
        case .boolAnd: "min(" + column + ")"
        case .boolOr: "max(" + column + ")"
        case .arrayAgg: "json_group_array(" + column + ")"
        case .arrayAggDistinct: "json_group_array(DISTINCT " + column + ") FILTER (WHERE " + column + " IS NOT NULL)"
        }
    }

    func conversion(table: String, column: String, from: ColumnForm, to: ColumnForm) -> String? {
        let update = "UPDATE \"" + table + "\" SET \"" + column + "\" = "
        let rest = " WHERE \"" + column + "\" IS NOT NULL"
        switch (from, to) {
        case (.integer, .amount): return update + "\"" + column + "\" * 1000000" + rest
        case (.float, .amount): return update + "cast(round(\"" + column + "\" * 1000000) AS INTEGER)" + rest
        case (.day, .instant): return update + "\"" + column + "\" || ' 00:00:00'" + rest
        default: return nil
        }
    }

    var lackOfParts: String { "SQLite has no index for that." }

    func lastId(_ table: String) -> String? { "SELECT seq FROM sqlite_sequence WHERE name = ?" }

    func forgetIds(_ table: String) -> String? { "DELETE FROM sqlite_sequence WHERE name = '" + table + "'" }

    func raiseIds(_ table: String) -> String? { "INSERT INTO sqlite_sequence (name, seq) VALUES ('" + table + "', ?) RETURNING seq" }

    func inspect(_ connection: any SQLConnection) throws -> ActualSchema {
        var schema = ActualSchema()
        let sql =
            "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c "
            + "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'baton_%'"
        let cells = try connection.query(sql, [], [.text, .text])
        for start in stride(from: 0, to: cells.count, by: 2) {
            guard let table = cells[start].textValue, let column = cells[start + 1].textValue else { continue }
            schema.columns[table, default: []].insert(column)
        }
        let indexes =
            "SELECT m.name, m.tbl_name, l.\"unique\", c.name FROM sqlite_schema m JOIN pragma_index_list(m.tbl_name) l ON l.name = m.name "
            + "JOIN pragma_index_info(m.name) c WHERE m.type = 'index' ORDER BY m.name, c.seqno"
        schema.addIndexes(try connection.query(indexes, [], [.text, .text, .boolean, .text]))
        let own = try connection.query("SELECT name FROM sqlite_schema WHERE name LIKE 'baton_%'", [], [.text])
        schema.own = Set(own.compactMap(\.textValue))
        return schema
    }
}
