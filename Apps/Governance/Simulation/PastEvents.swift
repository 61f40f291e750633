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
public struct PastState: Sendable {
    /// The values that are other ones today, by model and record.
    private var values: [String: [Int: ValueMap]] = [:]
    /// Records that were not there yet.
    private var unborn: [String: Set<Int>] = [:]
    /// When a record was changed next.
    private var next: [String: [Int: Instant]] = [:]

    /// The present: nothing was different.
    public init() {}

    /// The fields of a record in which something else stands today, with what stood there.
    public func values(of id: Int, in model: String) -> ValueMap { values[model]?[id] ?? [:] }

    /// The first records behind an id that were changed since.
    func changed(_ model: String, after id: Int, limit: Int) -> [Int] {
        Array((values[model] ?? [:]).keys.filter { $0 > id }.sorted().prefix(limit))
    }

    /// Whether a record that is there today was there.
    public func wasThere(_ id: Int, in model: String) -> Bool { !(unborn[model]?.contains(id) ?? false) }

    /// The event with what stood right after it.
    func reaching(_ event: PastEvent, now: Instant) -> PastEvent {
        var found = event
        found.since = values(of: event.id, in: event.model)
        found.until = next[event.model]?[event.id] ?? now
        found.past = self
        return found
    }

    /// Goes back behind an event.
    mutating func pass(_ event: PastEvent) {
        for entry in event.old.entries { values[event.model, default: [:]][event.id, default: [:]][entry.name] = entry.value }
        if event.kind == .create { unborn[event.model, default: []].insert(event.id) }
        next[event.model, default: [:]][event.id] = event.moment
    }

    /// A record as it stood at the moment that was reached, before anything happened to it; nil when it was not there yet.
    func standing(_ id: Int, _ model: String, at moment: Instant, now: Instant) -> PastEvent? {
        guard wasThere(id, in: model) else { return nil }
        let event = PastEvent(sequence: 0, moment: moment, kind: .stood, model: model, id: id, userId: 1, cause: "", new: [:], old: [:])
        return reaching(event, now: now)
    }
}
