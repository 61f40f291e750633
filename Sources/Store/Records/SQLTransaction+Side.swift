import Crypto
import Kernel

extension SQLTransaction {
    package func storeContent(_ bytes: [UInt8]) throws -> String {
        try requireWriting("Storing content")
        let digest = SHA256.hash(bytes).hex
        let sql = statement("INSERT INTO baton_content (digest, size, bytes) VALUES (", 3, ") ON CONFLICT DO NOTHING")
        try guarded { try connection.run(sql, [.text(digest), .int(bytes.count), .bytes(bytes)]) }
        return digest
    }

    package func content(_ digest: String) throws -> [UInt8]? {
        let sql = statement("SELECT bytes FROM baton_content WHERE digest = ", 1)
        guard case .bytes(let bytes)? = try guarded({ try connection.first(sql, [.text(digest)], .bytes) }) else { return nil }
        return bytes
    }

    package func contentSize(_ digest: String) throws -> Int? {
        let sql = statement("SELECT size FROM baton_content WHERE digest = ", 1)
        return try guarded { try connection.first(sql, [.text(digest)], .integer)?.intValue }
    }

    package func appendAudit(_ entries: [AuditEntry]) throws {
        try requireWriting("The audit trail")
        try guarded { try AuditChain.append(entries, at: now, connection, dialect) }
        countAudited(entries.count)
    }

    package func emit(_ event: OutboxEvent) throws {
        try requireWriting("An event")
        let sql = statement("INSERT INTO baton_outbox (at, type, model, record_id, data) VALUES (", 5, ")")
        let row: [Value] = [.instant(now), .text(event.type), .text(event.model), .int(event.recordId), .text(ValueText.write(event.data))]
        try guarded { try connection.run(sql, rows: [row]) }
    }

    package func enqueue(_ job: JobRequest) throws {
        try requireWriting("A job")
        try guarded { _ = try JobTable(connection, dialect).insert(job, now: now) }
        noteJob()
    }

    package func nextNumber(_ counter: String, step: Int) throws -> Int {
        try requireWriting("A counter")
        let sql =
            statement("INSERT INTO baton_counter (name, value) VALUES (", 2, ")")
            + " ON CONFLICT (name) DO UPDATE SET value = baton_counter.value + excluded.value RETURNING value"
        return try guarded { try connection.first(sql, [.text(counter), .int(step)], .integer)?.intValue ?? step }
    }

    private func statement(_ head: String, _ places: Int, _ tail: String = "") -> String {
        head + dialect.placeholders(places) + tail
    }
}

extension SQLDialect {
    /// `count` placeholders, separated by commas.
    package func placeholders(_ count: Int, from first: Int = 1) -> String {
        (first..<first + count).map(placeholder).joined(separator: ", ")
    }
}
