import JSON
import Kernel

/// What a rule did in a rehearsal, as the trail would have told it.
struct RuleEffects {
    /// The fields of the record that changed, with what stands in them in the end.
    private var writes = JSONObject()
    /// How many records of other models were made, written or deleted.
    private var others: [String: Int] = [:]
    /// Fields of the record that two causes left with different values.
    private(set) var conflicts: [String] = []

    init(_ entries: [AuditEntry], of records: Records) {
        var wrote: [String: (cause: String, value: Value)] = [:]
        for entry in entries {
            let cause = entry.detail["because"]?.textValue ?? ""
            guard entry.kind == .write, entry.model == records.model.name, entry.ids == records.ids else {
                if entry.kind != .read { others["\(entry.kind.rawValue) \(entry.model)", default: 0] += max(entry.ids.count, 1) }
                continue
            }
            for change in entry.detail.entries where !["because", "chain", "date_automation_last"].contains(change.name) {
                let value = change.value.listValue.flatMap { $0.count == 2 ? $0[1] : nil } ?? change.value
                if let known = wrote[change.name], known.cause != cause, known.value != value {
                    conflicts.append("\(known.cause) and \(cause) both write '\(change.name)'")
                }
                wrote[change.name] = (cause, value)
                // What only some groups may see is not shown in a report.
                let isOpen = records.model.field(change.name)?.groups.isEmpty ?? false
                writes[change.name] = isOpen ? value.asJSON : "…"
            }
        }
    }

    /// `{writes: {field: value}, does: {"create mail.activity": 1}}`.
    var json: JSON {
        let does = others.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: JSON($0.value)) }
        return ["writes": .object(writes), "does": .object(JSONObject(does))]
    }
}
