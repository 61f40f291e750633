import JSON
import Kernel

/// A governed record as it was released: what engines work from.
public struct GovernedRow: Sendable {
    /// The record's id.
    public let id: Int
    /// The version that it comes from; nil while a draft is being checked.
    public let version: ReleasedVersion?
    /// The values of the fields that count; of lines a list of maps, each with its `id`.
    public let values: ValueMap

    /// What the audit trail says for everything that it causes.
    public var cause: String { version?.cause ?? "" }

    /// The value of a field; null when it is not set.
    public subscript(_ name: String) -> Value { values[name] ?? .null }

    init(_ version: ReleasedVersion, of governed: GovernedModel, in env: Environment) throws {
        try self.init(id: version.record, content: version.content, version: version, of: governed, in: env)
    }

    init(id: Int, content: JSON, of governed: GovernedModel, in env: Environment) throws {
        try self.init(id: id, content: content, version: nil, of: governed, in: env)
    }

    private init(id: Int, content: JSON, version: ReleasedVersion?, of governed: GovernedModel, in env: Environment) throws {
        self.id = id
        self.version = version
        let model = try env.registry.requireModel(governed.model)
        var values = ValueMap()
        for member in content["values"]?.objectValue?.members ?? [] {
            guard let field = model.field(member.key) else { continue }
            if let lines = governed.lines.first(where: { $0.field == member.key }) {
                let lineModel = try env.registry.requireModel(lines.model)
                values[member.key] = .list((member.value.arrayValue ?? []).map { .map(GovernedRow.line($0, lineModel)) })
            } else {
                values[member.key] = GovernedRow.value(member.value, field)
            }
        }
        self.values = values
    }

    private static func line(_ json: JSON, _ model: ModelSchema) -> ValueMap {
        var map = ValueMap()
        for member in json.objectValue?.members ?? [] {
            if let field = model.field(member.key) { map[member.key] = value(member.value, field) }
        }
        return map
    }

    /// The value of a field from the form that snapshots keep.
    public static func value(_ json: JSON, _ field: Field) -> Value {
        switch (field.kind, json) {
        case (_, .null): field.empty
        case (.json, _): .json(json)
        case (.date, .string(let text)): Day(text).map { .day($0) } ?? .null
        case (.datetime, .string(let text)): Instant(text).map { .instant($0) } ?? .null
        case (.monetary, _): json.doubleValue.flatMap { Amount($0) }.map { .amount($0) } ?? .null
        case (.float, _): json.doubleValue.map { .double($0) } ?? .null
        case (.many2many, .array(let ids)): .ids(ids.compactMap(\.intValue))
        case (_, .bool(let bool)): .bool(bool)
        case (_, .int(let int)): .int(Int(int))
        case (_, .double(let double)): .double(double)
        case (_, .string(let text)), (_, .number(let text)): .text(text)
        case (_, .array(let list)): .ids(list.compactMap(\.intValue))
        case (_, .object): .json(json)
        }
    }
}

/// Takes snapshots of records.
enum RowSnapshot {
    /// The most lines of one record.
    static let lineLimit = 1_000

    /// The content of a version about a record, lines that are about to be deleted left out.
    static func take(_ id: Int, of governed: GovernedModel, without gone: Set<Int> = [], in env: Environment) throws -> JSON {
        let model = try env.registry.requireModel(governed.model)
        let record = Records(model, [id], env)
        var values = JSONObject()
        for field in fields(of: model, governed.fields) where !governed.lines.contains(where: { $0.field == field.name }) {
            values[field.name] = json(try record.value(id, field))
        }
        for lines in governed.lines { values[lines.field] = try take(lines, of: record, without: gone) }
        return ["model": .string(governed.model), "id": JSON(id), "values": .object(values)]
    }

    private static func take(_ lines: GovernedModel.Lines, of record: Records, without gone: Set<Int>) throws -> JSON {
        let related = try record.related(lines.field)
        let ids = related.ids.filter { !gone.contains($0) }
        guard ids.count <= lineLimit else {
            throw Refusal(
                "governance.too_many_lines", .limit, "A definition has at most \(lineLimit) lines in '\(lines.field)'.",
                instruction: "Split it.")
        }
        return .array(
            try ids.map { id in
                var line: JSONObject = ["id": JSON(id)]
                for field in fields(of: related.model, lines.fields) where field.name != lines.inverse {
                    line[field.name] = json(try related.value(id, field))
                }
                return .object(line)
            })
    }

    /// The fields that count.
    static func fields(of model: ModelSchema, _ names: [String]?) -> [Field] {
        if let names { return names.compactMap { model.field($0) } }
        return model.fields.filter { field in
            guard field.slot > ModelSchema.Slot.version, !field.isComputed, field.groups.isEmpty else { return false }
            switch field.kind {
            case .binary, .one2many: return false
            case .many2many: return !field.name.hasPrefix("message_")
            default: return field.hasColumn
            }
        }
    }

    private static func json(_ value: Value) -> JSON {
        if case .amount(let amount) = value { return .double(amount.double) }
        return value.asJSON
    }
}
