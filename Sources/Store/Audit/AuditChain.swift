import Crypto
import Kernel

/// The audit trail's chain of hashes.
///
/// Shape: `hash` is SHA-256 over the 32 bytes of the previous entry's hash (zero bytes before the first entry), then over seq, at,
/// user_id, kind, model, ids and detail, each as the text of its column in UTF-8 with its length before it (four bytes, highest first).
/// `ids` and `detail` are JSON texts. Numbers are decimal texts. An entry cannot be changed, removed, added in between or moved without
/// changing every hash after it, and signed checkpoints hold some of these hashes.
enum AuditChain {
    static let columns = ["seq", "at", "user_id", "kind", "model", "ids", "detail"]

    /// Appends entries in the transaction of the connection: to the chain, or where the database chains later, to those that wait for it.
    static func append(_ entries: [AuditEntry], at now: Instant, _ connection: any SQLConnection, _ dialect: any SQLDialect) throws {
        guard !entries.isEmpty else { return }
        let at = now.description
        let rows = entries.map { entry in
            let ids = "[" + entry.ids.map(String.init).joined(separator: ",") + "]"
            return Row(
                at: at, userId: entry.userId, kind: entry.kind.rawValue, model: entry.model, ids: ids, detail: ValueText.write(entry.detail)
            )
        }
        guard dialect.chainsLater else { return try chain(rows, connection, dialect) }
        let sql = "INSERT INTO \(SystemTables.waitingTrail) (at, user_id, kind, model, ids, detail) VALUES ("
        try connection.run(sql + dialect.placeholders(6) + ")", rows: rows.map(\.values))
    }

    /// What an entry tells, without its place.
    struct Row {
        let at: String
        let userId: Int
        let kind: String
        let model: String
        let ids: String
        let detail: String

        var values: [Value] { [.text(at), .int(userId), .text(kind), .text(model), .text(ids), .text(detail)] }
    }

    /// Adds rows to the end of the chain; nobody else may do so in another transaction meanwhile.
    static func chain(_ rows: [Row], _ connection: any SQLConnection, _ dialect: any SQLDialect) throws {
        var (seq, last) = try tail(connection)
        let rows: [[Value]] = rows.map { row in
            seq += 1
            let previous = last
            last = hash(previous, [String(seq), row.at, String(row.userId), row.kind, row.model, row.ids, row.detail])
            return [.int(seq)] + row.values + [.bytes(previous.bytes), .bytes(last.bytes)]
        }
        let sql = "INSERT INTO baton_audit (seq, at, user_id, kind, model, ids, detail, previous, hash) VALUES ("
        try connection.run(sql + dialect.placeholders(9) + ")", rows: rows)
    }

    /// The number and hash of the last entry; zero and the zero digest when there is none.
    static func tail(_ connection: any SQLConnection) throws -> (seq: Int, hash: Digest) {
        let cells = try connection.query("SELECT seq, hash FROM baton_audit ORDER BY seq DESC LIMIT 1", [], [.integer, .bytes])
        guard cells.count == 2, case .int(let seq) = cells[0], case .bytes(let bytes) = cells[1] else { return (0, .zero) }
        guard let hash = Digest(bytes: bytes) else {
            throw SQLFailure(.corrupt, code: 0, message: "the last entry of the audit trail has no hash")
        }
        return (seq, hash)
    }

    private static func hash(_ previous: Digest, _ texts: [String]) -> Digest {
        var hash = SHA256()
        hash.update(previous)
        for text in texts {
            addLength(text.utf8.count, to: &hash)
            hash.update(text)
        }
        return hash.finish()
    }

    /// The same hash over columns as they were read, byte for byte.
    static func hash(_ previous: Digest, columns: [[UInt8]]) -> Digest {
        var hash = SHA256()
        hash.update(previous)
        for column in columns {
            addLength(column.count, to: &hash)
            hash.update(column)
        }
        return hash.finish()
    }

    private static func addLength(_ count: Int, to hash: inout SHA256) {
        var length = UInt32(count).bigEndian
        withUnsafeBytes(of: &length) { hash.update($0) }
    }
}
