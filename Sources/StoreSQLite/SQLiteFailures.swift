import CSQLite
import Store

/// SQLite's result codes in the store's words.
enum SQLiteFailures {
    // Extended codes are computed macros, which Swift does not import. Source: sqlite.org/rescode.html.
    static let unique: Int32 = SQLITE_CONSTRAINT | 8 << 8
    static let primaryKey: Int32 = SQLITE_CONSTRAINT | 6 << 8
    static let foreignKey: Int32 = SQLITE_CONSTRAINT | 3 << 8

    static func failure(_ code: Int32, _ message: String) -> SQLFailure {
        SQLFailure(kind(code, message), code: Int(code), message: message)
    }

    private static func kind(_ code: Int32, _ message: String) -> SQLFailure.Kind {
        switch code {
        case unique, primaryKey: uniqueKind(message)
        case foreignKey: .foreignKey
        case SQLITE_READONLY: .readOnly
        default:
            switch code & 0xFF {
            case SQLITE_FULL: .full
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_READONLY: .readOnly
            default: .other
            }
        }
    }

    /// `UNIQUE constraint failed: res_users.login, res_users.company_id`.
    private static func uniqueKind(_ message: String) -> SQLFailure.Kind {
        let list = message.split(separator: ":", maxSplits: 1).last ?? ""
        let names = list.split(separator: ",").map { $0.drop { $0 == " " }.split(separator: ".", maxSplits: 1) }
        let table = names.first?.first.map(String.init) ?? ""
        return .unique(table: table, columns: names.compactMap { $0.count == 2 ? String($0[1]) : nil }, constraint: "")
    }
}
