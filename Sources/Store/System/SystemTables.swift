/// The tables that the store keeps for itself, beside those of the models.
enum SystemTables {
    /// A column: its name, form and what else its definition says.
    struct Column {
        let name: String
        let form: ColumnForm
        let rest: String

        init(_ name: String, _ form: ColumnForm, _ rest: String = "") {
            self.name = name
            self.form = form
            self.rest = rest
        }
    }

    /// A table: `identity` gives it a numbered `id`.
    struct Table {
        let name: String
        let identity: Bool
        let columns: [Column]
    }

    static let tables = [
        Table(name: "baton_setting", identity: false, columns: [Column("key", .text, "PRIMARY KEY"), Column("value", .text)]),
        Table(
            name: "baton_content", identity: false,
            columns: [Column("digest", .text, "PRIMARY KEY"), Column("size", .integer, "NOT NULL"), Column("bytes", .bytes, "NOT NULL")]),
        Table(
            name: "baton_audit", identity: false,
            columns: [
                Column("seq", .integer, "PRIMARY KEY"), Column("at", .instant, "NOT NULL"), Column("user_id", .integer, "NOT NULL"),
                Column("kind", .text, "NOT NULL"), Column("model", .text, "NOT NULL"), Column("ids", .text, "NOT NULL"),
                Column("detail", .text, "NOT NULL"), Column("previous", .bytes, "NOT NULL"), Column("hash", .bytes, "NOT NULL"),
            ]),
        Table(
            name: waitingTrail, identity: true,
            columns: [
                Column("at", .instant, "NOT NULL"), Column("user_id", .integer, "NOT NULL"), Column("kind", .text, "NOT NULL"),
                Column("model", .text, "NOT NULL"), Column("ids", .text, "NOT NULL"), Column("detail", .text, "NOT NULL"),
            ]),
        Table(
            name: "baton_audit_checkpoint", identity: false,
            columns: [
                Column("seq", .integer, "PRIMARY KEY"), Column("hash", .bytes, "NOT NULL"), Column("at", .instant, "NOT NULL"),
                Column("signature", .bytes, "NOT NULL"),
            ]),
        Table(
            name: "baton_outbox", identity: true,
            columns: [
                Column("at", .instant, "NOT NULL"), Column("type", .text, "NOT NULL"), Column("model", .text, "NOT NULL"),
                Column("record_id", .integer, "NOT NULL"), Column("data", .text, "NOT NULL"),
            ]),
        Table(
            name: "baton_job", identity: true,
            columns: [
                Column("queue", .text, "NOT NULL"), Column("kind", .text, "NOT NULL"), Column("payload", .text, "NOT NULL"),
                Column("state", .text, "NOT NULL"), Column("priority", .integer, "NOT NULL"), Column("run_at", .instant, "NOT NULL"),
                Column("attempts", .integer, "NOT NULL"), Column("max_attempts", .integer, "NOT NULL"), Column("lease_owner", .text),
                Column("lease_epoch", .integer, "NOT NULL"), Column("lease_until", .instant), Column("unique_key", .text, "UNIQUE"),
                Column("last_error", .text), Column("created_at", .instant, "NOT NULL"), Column("finished_at", .instant),
            ]),
        Table(
            name: "baton_note", identity: false,
            columns: [
                Column("name", .text, "PRIMARY KEY"), Column("room", .text, "NOT NULL"), Column("ends", .instant, "NOT NULL"),
                Column("words", .text, "NOT NULL"), Column("content", .bytes),
            ]),
        Table(
            name: "baton_counter", identity: false,
            columns: [Column("name", .text, "PRIMARY KEY"), Column("value", .integer, "NOT NULL")]),
    ]

    /// Entries that are committed and not chained yet, where the database chains later.
    static let waitingTrail = "baton_audit_waiting"
    /// What no copy of a database needs.
    static let passing: Set<String> = [waitingTrail, "baton_note"]

    /// Indexes by name, with their table and columns.
    static let indexes = [
        ("baton_job_ready", "baton_job", "queue, state, priority, run_at, id"), ("baton_job_due", "baton_job", "state, run_at"),
        ("baton_job_lease", "baton_job", "state, lease_until"), ("baton_audit_subject", "baton_audit", "model, seq"),
        ("baton_note_room", "baton_note", "room, ends"),
    ]

    /// Makes what is missing; safe to run again.
    ///
    /// What is there is not even named: `CREATE INDEX IF NOT EXISTS` would wait for everybody who writes, and have everybody wait behind it.
    static func create(_ connection: any SQLConnection, _ dialect: any SQLDialect) throws {
        try dialect.prepare(connection)
        let known = try dialect.inspect(connection).own
        for table in tables where dialect.chainsLater || table.name != waitingTrail {
            if known.contains(table.name) { continue }
            var columns = table.columns.map { "\($0.name) \(dialect.type(of: $0.form)) \($0.rest)" }
            if table.identity { columns.insert("id \(dialect.identity)", at: 0) }
            try connection.run("CREATE TABLE IF NOT EXISTS \(table.name) (\(columns.joined(separator: ", ")))")
        }
        if dialect.chainsLater {
            let sql = "INSERT INTO baton_setting (key, value) VALUES ('\(AuditChain.gate)', '') ON CONFLICT DO NOTHING"
            try connection.run(sql)
        }
        for (name, table, columns) in indexes where !known.contains(name) {
            try connection.run("CREATE INDEX IF NOT EXISTS \(name) ON \(table) (\(columns))")
        }
    }
}
