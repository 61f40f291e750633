import JSON
import Kernel

/// Differences between versions of a governed record as people read them: fields by their titles, linked records and choices by their names.
///
/// Shape: beside `path`, `old` and `new` a change has `label`, and `old_text` and `new_text` where a number or a key stands for a name.
/// Records that the reader may not see keep their numbers.
struct ChangeWords {
    private let model: ModelSchema
    private let governed: GovernedModel
    private let env: Environment
    /// How many records one list names.
    private static let named = 20

    /// Words for a kind; nil for kinds whose content holds no numbers of records.
    init?(_ kind: String, _ env: Environment) throws {
        guard let governed = try Definitions.kind(kind, in: env) as? GovernedModel, let model = env.registry.model(governed.model) else {
            return nil
        }
        self.governed = governed
        self.model = model
        self.env = try env.with(context: ["active_test": false])
    }

    /// The changes with their words; what is new altogether is told field by field.
    func described(_ changes: [JSONChange]) throws -> [Value] { try changes.flatMap(parted).prefix(JSONChange.limit).map(described) }

    private func parted(_ change: JSONChange) -> [JSONChange] {
        guard change.old?.isNull ?? true, ["", "values"].contains(change.path), let whole = change.new?.objectValue else { return [change] }
        guard change.path == "values" else {
            return whole["values"].map { parted(JSONChange("values", old: nil, new: $0)) } ?? [change]
        }
        return whole.members.filter { !ChangeWords.isEmpty($0.value) && $0.key != "id" }.map {
            JSONChange("values.\($0.key)", old: nil, new: $0.value)
        }
    }

    private static func isEmpty(_ json: JSON) -> Bool {
        json.isNull || json == .bool(false) || json.stringValue == "" || json.arrayValue?.isEmpty ?? false
    }

    private func described(_ change: JSONChange) throws -> Value {
        guard var map = change.value.mapValue else { return change.value }
        guard let (field, label) = try place(change.path) else { return .map(map) }
        map["label"] = .text(label)
        if let text = try text(change.old, field) { map["old_text"] = .text(text) }
        if let text = try text(change.new, field) { map["new_text"] = .text(text) }
        return .map(map)
    }

    /// The field at a path, and the path in words: `values.line_ids[12].amount` is the amount of line 12.
    private func place(_ path: String) throws -> (Field, String)? {
        let parts = path.split(whereSeparator: { ".[] ".contains($0) }).map(String.init)
        guard parts.first == "values", parts.count > 1, let field = model.field(parts[1]) else { return nil }
        guard let lines = governed.lines.first(where: { $0.field == parts[1] }), parts.count > 2, let id = Int(parts[2]),
            let lineModel = env.registry.model(lines.model)
        else { return (field, field.traits.title) }
        let line = try names([id], lineModel.name)[id] ?? "#\(id)"
        guard parts.count > 3, let own = lineModel.field(parts[3]) else { return (field, "\(field.traits.title): \(line)") }
        return (own, "\(field.traits.title): \(line): \(own.traits.title)")
    }

    private func text(_ json: JSON?, _ field: Field) throws -> String? {
        guard let json, !json.isNull else { return nil }
        if case .bool(let flag) = json, field.kind.comodel == nil { return flag ? "Yes" : "No" }
        if case .selection(let items) = field.kind { return items.first { $0.value == json.stringValue }?.title }
        guard let comodel = field.kind.comodel else { return nil }
        let ids = json.intValue.map { [$0] } ?? (json.arrayValue ?? []).compactMap(\.intValue)
        guard !ids.isEmpty else { return nil }
        let known = try names(Array(ids.prefix(ChangeWords.named)), comodel)
        let words = ids.prefix(ChangeWords.named).map { known[$0] ?? "#\($0)" }.joined(separator: ", ")
        return ids.count > ChangeWords.named ? words + " …" : words
    }

    private func names(_ ids: [Int], _ comodel: String) throws -> [Int: String] {
        guard let other = env.registry.model(comodel), env.allows(.read, on: other) else { return [:] }
        let found = try env.search(other, .where("id", .in, .ids(ids)))
        return Dictionary(try found.names().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}
