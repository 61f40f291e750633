import Base
import Kernel

/// `export_data`: records as a table, lines of lists below their record.
///
/// It writes: an external id is made where one is asked for and there is none, and the trail keeps who took what.
enum ExportMethods {
    /// The group that may export.
    private static let group = "base.group_allow_export"
    /// How deep a path may go.
    static let depthLimit = 6

    static let all: [RPCMethod] = [
        .onRecords("export_data", [.required("fields_to_export")], writes: true) { target, arguments in
            let env = target.env
            guard env.isSuperuser || env.user.isMember(of: group) else { throw Refusal.noExport() }
            let paths = try (try arguments.texts("fields_to_export") ?? []).map { path in
                let parts = path.split(separator: "/").map(String.init)
                guard parts.count <= depthLimit else { throw Refusal.tooMany("levels in a path", depthLimit) }
                return parts
            }
            guard target.ids.count <= target.limits.rows else { throw Refusal.answerTooLarge("records", target.limits.rows) }
            try env.checkAccess(.read, target.model, target.ids)
            var table = ExportTable(limit: target.limits.rows)
            let rows = try table.rows(of: target.records, paths)
            let detail: ValueMap = ["fields": .list(paths.map { .text($0.joined(separator: "/")) }), "records": .int(target.ids.count)]
            let entry = AuditEntry(.export, model: target.model.name, ids: target.ids, userId: env.user.id, detail: detail)
            try env.unit.transaction.appendAudit([entry])
            return .value(["datas": .list(rows.map { .list($0) })])
        }
    ]
}

/// The rows of an export.
struct ExportTable {
    let limit: Int
    private var count = 0

    init(limit: Int) { self.limit = limit }

    /// The rows of records: one each, and more where paths lead through lists.
    mutating func rows(of records: Records, _ paths: [[String]]) throws -> [[Value]] {
        var all: [[Value]] = []
        for id in records.ids { all += try rows(of: id, in: records, paths) }
        return all
    }

    private mutating func rows(of id: Int, in records: Records, _ paths: [[String]]) throws -> [[Value]] {
        var first = [Value](repeating: .text(""), count: paths.count)
        var below: [[Value]] = []
        var done: Set<String> = []
        for (column, path) in paths.enumerated() {
            guard let name = path.first else { continue }
            if path.count == 1 || name == ".id" || name == "id" {
                first[column] = try cell(id, records, name)
                continue
            }
            guard done.insert(name).inserted else { continue }
            let field = try readable(name, records)
            let columns = paths.indices.filter { paths[$0].count > 1 && paths[$0][0] == name }
            let linked = try records.only(id).related(name)
            let lines = try rows(of: linked, columns.map { Array(paths[$0].dropFirst()) })
            for (index, line) in lines.enumerated() {
                if index > 0, !field.kind.isToMany { break }
                if index > 0, below.count < index { below.append([Value](repeating: .text(""), count: paths.count)) }
                for (place, column) in columns.enumerated() {
                    if index == 0 { first[column] = line[place] } else { below[index - 1][column] = line[place] }
                }
            }
        }
        count += 1 + below.count
        guard count <= limit else { throw Refusal.answerTooLarge("rows", limit) }
        return [first] + below
    }

    private func readable(_ name: String, _ records: Records) throws -> Field {
        guard let field = records.model.field(name) else { throw Refusal.unreadableField(name, on: records.model.name) }
        guard records.env.canSee(field) else { throw Refusal.maskedField(field, on: records.model) }
        return field
    }

    private func cell(_ id: Int, _ records: Records, _ name: String) throws -> Value {
        if name == ".id" { return .text(String(id)) }
        if name == "id" { return .text(try ExternalIds.ensure(id, records.model, records.env)) }
        let field = try readable(name, records)
        let value = try records.value(id, field)
        switch (field.kind, value) {
        case (.many2one(let name, _), .int(let target)):
            return .text(try records.env.linkName(try records.env.registry.requireModel(name), target))
        case (.selection(let items), .text(let chosen)): return .text(items.first { $0.value == chosen }?.title ?? chosen)
        case (_, .ids(let ids)):
            let comodel = try records.env.registry.requireModel(field.kind.comodel ?? "")
            return .text(try Records(comodel, ids, records.env).names().map(\.name).joined(separator: ","))
        default: return value.isNull ? .text("") : value
        }
    }
}

extension ExternalIds {
    private static let module = "__export__"

    /// The external id of a record, made if there is none.
    static func ensure(_ id: Int, _ model: ModelSchema, _ env: Environment) throws -> String {
        if let known = try find([id], model, env)[id]?.first { return known.name }
        let name = "\(module).\(model.table)_\(id)_\(Incident.newId().prefix(8))"
        try Reference.name(Records(model, [id], env), name)
        return name
    }
}

extension Refusal {
    /// The user is not in the group that may export.
    static func noExport() -> Refusal {
        Refusal(
            "access.export", .accessDenied, "You don't have the rights to export data.",
            instruction: "Please contact an Administrator.")
    }
}
