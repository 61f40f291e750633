import Kernel
import Store

/// Indexes that find a part of a text, whatever its case and accents. Source: PostgreSQL 15, appendix F.35, pg_trgm.
enum PostgresTrigrams {
    enum State {
        /// The extension is there.
        case there
        /// It is installed on the server, and this user may make it.
        case possible
        case missing
    }

    /// What to do where there is no index.
    static let lack = "have the database's administrator run CREATE EXTENSION pg_trgm in it, then start again."

    static func state(_ connection: any SQLConnection) throws -> State {
        let there = "EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_trgm')"
        let possible =
            "EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions WHERE name = 'pg_trgm' AND (trusted OR current_setting('is_superuser') = 'on')) "
            + "AND has_database_privilege(current_database(), 'CREATE')"
        let sql = "SELECT CASE WHEN \(there) THEN 2 WHEN \(possible) THEN 1 ELSE 0 END"
        return switch try connection.first(sql, [], .integer)?.intValue {
        case 2: .there
        case 1: .possible
        default: .missing
        }
    }

    /// New entries go into the index at once: a list of pending ones would be locked whole by every unit of work that searches.
    static func index(_ column: String) -> String {
        "USING gin (" + PostgresFolding.name + "(" + column + ") gin_trgm_ops) WITH (fastupdate = off)"
    }
}
