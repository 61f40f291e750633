import CPostgres
import Store

/// PostgreSQL's error codes in the store's words. Source: PostgreSQL 15, appendix A.
enum PostgresFailures {
    /// What a result says that tells of an error.
    static func failure(_ result: OpaquePointer) -> SQLFailure {
        let state = field(result, Part.state)
        var message = field(result, Part.message)
        // Messages about bad data repeat it.
        if state.hasPrefix("22") { message = "a value does not fit its column" }
        return SQLFailure(kind(state, message, result), code: Int(state, radix: 10) ?? 0, message: state + ": " + message)
    }

    private static let stalePlan = "cached plan"

    /// Whether a table changed under a prepared statement.
    static func isStale(_ failure: SQLFailure) -> Bool {
        failure.message.hasPrefix("26000") || failure.message.hasPrefix("0A000") && failure.message.contains(stalePlan)
    }

    /// Whether a result says that something was divided by zero.
    static func isDivision(_ result: PostgresResult) -> Bool { result.isError && field(result.pointer, Part.state) == "22012" }

    private static func kind(_ state: String, _ message: String, _ result: OpaquePointer) -> SQLFailure.Kind {
        switch state {
        case "23505": return uniqueKind(result)
        case "23503": return .foreignKey
        case "40001", "40P01", "55P03": return .conflict
        // A table changed under a prepared statement: prepared anew it works.
        case "0A000" where message.contains(stalePlan), "26000": return .conflict
        case "53100": return .full
        case "53300", "53400", "57014": return .busy
        case "25006": return .readOnly
        case "22021", "22P05": return .badText
        case "XX001", "XX002": return .corrupt
        default: return ["08", "57"].contains(state.prefix(2)) || state == "25P03" ? .lost : .other
        }
    }

    /// The columns stand in the detail, `Key (code, company_id)=(…) already exists.`; the values behind them are left out.
    private static func uniqueKind(_ result: OpaquePointer) -> SQLFailure.Kind {
        let constraint = field(result, Part.constraint)
        // Two nodes made the same table, index or function at once.
        if constraint.hasPrefix("pg_") { return .conflict }
        let detail = field(result, Part.detail)
        let inside = detail.drop { $0 != "(" }.dropFirst().prefix { $0 != ")" }
        let columns = inside.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\"" } }
        return .unique(table: field(result, Part.table), columns: columns, constraint: constraint)
    }

    /// The letters of the parts of an error, macros that Swift does not import. Source: postgres_ext.h.
    private enum Part {
        static let state: Unicode.Scalar = "C", message: Unicode.Scalar = "M", detail: Unicode.Scalar = "D"
        static let table: Unicode.Scalar = "t", constraint: Unicode.Scalar = "n", function: Unicode.Scalar = "R"
    }

    private static func field(_ result: OpaquePointer, _ part: Unicode.Scalar) -> String {
        PQresultErrorField(result, Int32(part.value)).map { String(cString: $0) } ?? ""
    }

    /// Whether a warning says that the wait for a standby's copy of a commit was cut short. Its function's name is in no language.
    static func isAboutStandby(_ notice: OpaquePointer) -> Bool { field(notice, Part.function) == "SyncRepWaitForLSN" }

    /// The first line of what libpq says, without the end of the line.
    static func line(_ text: UnsafePointer<CChar>?) -> String {
        let words = text.map { String(cString: $0) } ?? ""
        let line = words.split(separator: "\n").first.map(String.init) ?? ""
        return line.isEmpty ? "the connection was closed" : line
    }
}
