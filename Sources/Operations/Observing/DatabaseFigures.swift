import Kernel
import Store

/// The figures that stand in the database: queues, outbox, dead letters, schedules, exceptions, approvals, the trail.
package struct DatabaseFigures: Sendable {
    package private(set) var figures: [(name: String, labels: [String], value: Int)] = []

    private let now: Instant
    private let dialect: any SQLDialect

    /// Reads them on one snapshot.
    package static func read(_ database: Database) async throws -> DatabaseFigures {
        let (now, dialect) = (database.clock.now, database.dialect)
        return try await database.inspect { connection in
            var figures = DatabaseFigures(now, dialect)
            try figures.readWork(connection)
            try figures.readBusiness(connection)
            return figures
        }
    }

    private init(_ now: Instant, _ dialect: any SQLDialect) {
        self.now = now
        self.dialect = dialect
    }

    package func write(to text: inout MetricsText) { for figure in figures { text.add(figure.name, figure.labels, figure.value) } }

    private mutating func add(_ name: String, _ labels: [String] = [], _ value: Int) { figures.append((name, labels, value)) }

    private mutating func readWork(_ connection: any SQLConnection) throws {
        try count(
            "baton_jobs", connection, [.text, .text],
            "SELECT queue, state, count(*) FROM baton_job WHERE state NOT IN ('completed', 'cancelled') GROUP BY queue, state")
        let due = "SELECT queue, min(run_at) FROM baton_job WHERE state IN ('available', 'scheduled', 'retryable') AND run_at <= "
        let cells = try connection.query(due + dialect.placeholder(1) + " GROUP BY queue", [.instant(now)], [.text, .instant])
        for start in stride(from: 0, to: cells.count, by: 2) {
            add("baton_job_oldest_seconds", [cells[start].textValue ?? ""], age(cells[start + 1]))
        }
        add("baton_dead_letters", ["job"], try number(connection, "SELECT count(*) FROM baton_job WHERE state = 'discarded'"))
        add("baton_dead_letters", ["webhook"], try number(connection, "SELECT count(*) FROM webhook_delivery WHERE state = 'dead'"))
        add("baton_dead_letters", ["mail"], try number(connection, "SELECT count(*) FROM mail_mail WHERE state = 'exception'"))
        add("baton_outbox_events", [], try number(connection, "SELECT count(*) FROM baton_outbox"))
        let oldest = try connection.first("SELECT at FROM baton_outbox ORDER BY id LIMIT 1", [], .instant) ?? .null
        add("baton_outbox_oldest_seconds", [], age(oldest))
        let last = try number(connection, "SELECT max(seq) FROM baton_audit")
        add("baton_audit_entries", [], last)
        add("baton_audit_unsigned_entries", [], max(0, last - (try number(connection, "SELECT max(seq) FROM baton_audit_checkpoint"))))
    }

    private mutating func readBusiness(_ connection: any SQLConnection) throws {
        let active = "SELECT count(*) FROM ir_cron WHERE active = " + dialect.literal(true)
        add("baton_schedules", ["active"], try number(connection, active))
        add(
            "baton_schedules", ["overdue"],
            try number(connection, active + " AND nextcall < " + dialect.placeholder(1), [.instant(now + -300)]))
        add("baton_schedules", ["failing"], try number(connection, active + " AND failure_count > 0"))
        add("baton_schedules", ["stopped"], try number(connection, "SELECT count(*) FROM ir_cron WHERE stopped_reason <> ''"))
        let open = " FROM ops_exception WHERE state IN ('open', 'in_progress')"
        try count("baton_exceptions_open", connection, [.text], "SELECT kind, count(*)" + open + " GROUP BY kind")
        add(
            "baton_exceptions_overdue", [],
            try number(connection, "SELECT count(*)" + open + " AND deadline < " + dialect.placeholder(1), [.instant(now)]))
        let waiting = " FROM approval_request WHERE request_status = 'pending'"
        add("baton_approvals_waiting", [], try number(connection, "SELECT count(*)" + waiting))
        add("baton_approval_oldest_seconds", [], age(try connection.first("SELECT min(create_date)" + waiting, [], .instant) ?? .null))
    }

    private mutating func count(_ name: String, _ connection: any SQLConnection, _ labels: [ColumnForm], _ sql: String) throws {
        let cells = try connection.query(sql, [], labels + [.integer])
        for start in stride(from: 0, to: cells.count, by: labels.count + 1) {
            let words = cells[start..<start + labels.count].map { $0.textValue ?? "" }
            add(name, words, cells[start + labels.count].intValue ?? 0)
        }
    }

    private func number(_ connection: any SQLConnection, _ sql: String, _ arguments: [Value] = []) throws -> Int {
        try connection.first(sql, arguments, .integer)?.intValue ?? 0
    }

    private func age(_ value: Value) -> Int { if case .instant(let instant) = value { max(0, now - instant) } else { 0 } }
}
