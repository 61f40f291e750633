import Kernel

/// An event as it stands in the outbox.
public struct StoredEvent: Sendable {
    /// Its place in the order of all events; readers remember it as their cursor.
    public let id: Int
    /// When it was committed.
    public let at: Instant
    /// What it tells.
    public let event: OutboxEvent
}

/// Events that were committed with the changes that they tell of, in order, until they are trimmed.
public struct Outbox {
    /// The most events of one page.
    public static let pageLimit = 1_000

    let connection: any SQLConnection
    let dialect: any SQLDialect

    /// The outbox seen through a connection.
    public init(_ connection: any SQLConnection, _ dialect: any SQLDialect) {
        self.connection = connection
        self.dialect = dialect
    }

    /// The events after a cursor, oldest first, at most `limit` (and never more than `pageLimit`).
    public func events(after cursor: Int, limit: Int) throws -> [StoredEvent] {
        let sql =
            "SELECT id, at, type, model, record_id, data FROM baton_outbox WHERE id > " + dialect.placeholder(1) + " ORDER BY id LIMIT "
            + dialect.placeholder(2)
        let forms: [ColumnForm] = [.integer, .instant, .text, .text, .integer, .text]
        let cells = try connection.query(sql, [.int(cursor), .int(min(limit, Outbox.pageLimit))], forms)
        return stride(from: 0, to: cells.count, by: forms.count).map { start in
            StoredEvent(
                id: cells[start].intValue ?? 0, at: Instant(fieldValue: cells[start + 1]),
                event: OutboxEvent(
                    cells[start + 2].textValue ?? "", model: cells[start + 3].textValue ?? "", recordId: cells[start + 4].intValue ?? 0,
                    data: ValueText.read(cells[start + 5].textValue ?? "{}")))
        }
    }

    /// Forgets events up to a cursor that every reader has passed; gives how many.
    @discardableResult public func trim(upTo cursor: Int) throws -> Int {
        try connection.run("DELETE FROM baton_outbox WHERE id <= " + dialect.placeholder(1), [.int(cursor)])
    }
}
