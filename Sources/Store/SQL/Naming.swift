import Crypto
import Kernel

/// Names of indexes and constraints, made from what they stand for.
enum Naming {
    /// PostgreSQL cuts identifiers after 63 bytes.
    static let longest = 63

    static func index(_ table: String, _ columns: [String]) -> String { name("ix", table, columns) }
    static func index(_ table: String, _ columns: [String], _ kind: FieldIndex) -> String {
        kind == .btree ? index(table, columns) : name("ix_" + kind.rawValue, table, columns)
    }
    static func link(_ table: String, _ column: String) -> String { name("fk", table, [column]) }
    static func unique(_ table: String, _ columns: [String]) -> String { name("uq", table, columns) }

    /// Whether an index is one that migrations make; others belong to whoever made them.
    static func isOurs(_ name: String) -> Bool { name.hasPrefix("ix__") || name.hasPrefix("uq__") }

    private static func name(_ prefix: String, _ table: String, _ columns: [String]) -> String {
        let full = ([prefix, table] + columns).joined(separator: "__")
        guard full.utf8.count > longest else { return full }
        return full.prefix(longest - 9) + "_" + SHA256.hash(full).hex.prefix(8)
    }
}
