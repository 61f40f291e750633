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

    /// New entries wait in a short list that every search looks through: put into the index one by one they were two thirds of what a write
    /// costs. The price: a unit of work that searches by a part of a text and writes is done again when others wrote such texts meanwhile.
    static func index(_ column: String) -> String {
        "USING gin (" + PostgresFolding.name + "(" + column + ") gin_trgm_ops) WITH (" + waiting + ")"
    }

    private static let waiting = "fastupdate = on, gin_pending_list_limit = 1024"

    /// Has the indexes of older programs gather new entries, too.
    static func renew(_ connection: any SQLConnection) throws {
        let sql =
            "SELECT relname FROM pg_catalog.pg_class WHERE relkind = 'i' AND relnamespace = current_schema()::regnamespace "
            + "AND left(relname, 11) = 'ix_trigram_' AND 'fastupdate=off' = ANY(reloptions)"
        for name in try connection.query(sql, [], [.text]).compactMap(\.textValue) {
            try connection.run("ALTER INDEX \"" + name + "\" SET (" + waiting + ")")
        }
    }
}
