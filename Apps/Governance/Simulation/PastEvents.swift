import JSON
import Kernel
import Store

/// What happened, read from the audit trail: the newest first, so that each record's state can be followed back.
struct PastEvents {
    /// The most lines that are read at once.
    static let pageLimit = 200

    let models: Set<String>
    let since: Instant

    /// The events before a number in the trail, and where to go on; nil at the end.
    func next(before sequence: Int, in database: Database) async throws -> (events: [PastEvent], last: Int)? {
        let (dialect, since, models) = (database.dialect, since, models.sorted())
        if models.isEmpty { return nil }
        let places = dialect.placeholders(models.count, from: 3)
        let sql =
            "SELECT seq, at, user_id, kind, model, ids, detail FROM baton_audit WHERE seq < \(dialect.placeholder(1)) "
            + "AND at >= \(dialect.placeholder(2)) AND model IN (\(places)) AND kind IN ('create', 'write') "
            + "ORDER BY seq DESC LIMIT \(PastEvents.pageLimit)"
        let forms: [ColumnForm] = [.integer, .text, .integer, .text, .text, .text, .text]
        let cells = try await database.inspect { connection in
            try connection.query(sql, [.int(sequence), .text(since.description)] + models.map { .text($0) }, forms)
        }
        if cells.isEmpty { return nil }
        let rows = stride(from: 0, to: cells.count, by: forms.count).map { Array(cells[$0..<$0 + forms.count]) }
        return (rows.flatMap(PastEvents.events), rows.last?[0].intValue ?? 0)
    }

    /// The events of one line: one for each record.
    private static func events(_ row: [Value]) -> [PastEvent] {
        guard let kind = PastEvent.Kind(rawValue: row[3].textValue ?? ""), let moment = Instant(row[1].textValue ?? "") else { return [] }
        let detail = ValueText.read(row[6].textValue ?? "{}")
        var (old, new) = (ValueMap(), ValueMap())
        for entry in detail.entries where !AuditEntry.asides.contains(entry.name) {
            if kind == .write, let pair = entry.value.listValue, pair.count == 2 {
                old[entry.name] = pair[0]
                new[entry.name] = pair[1]
            } else {
                new[entry.name] = entry.value
            }
        }
        let ids = (try? JSON.parse(row[5].textValue ?? "[]"))?.arrayValue?.compactMap(\.intValue) ?? []
        return ids.map { id in
            PastEvent(
                sequence: row[0].intValue ?? 0, moment: moment, kind: kind, model: row[4].textValue ?? "", id: id,
                userId: row[2].intValue ?? 0, cause: detail["because"]?.textValue ?? "", new: new, old: old)
        }
    }
}

/// What stood in records at the event that was reached, going back from today.
struct PastState {
    /// The values that are other ones today, by model and record.
    private var values: [String: [Int: ValueMap]] = [:]

    /// The event with what its record held right after it; then goes back behind the event.
    mutating func passing(_ event: PastEvent) -> PastEvent {
        var found = event
        found.since = values[event.model]?[event.id] ?? [:]
        for entry in event.old.entries { values[event.model, default: [:]][event.id, default: [:]][entry.name] = entry.value }
        return found
    }
}
