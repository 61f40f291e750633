import Base
import Governance
import Kernel

/// The policies and toxic pairs in force, as the guard uses them: made once, remembered until a version is released or ends.
struct PolicyBook: Sendable {
    /// A list field of a model whose lines count for a policy.
    struct LineLink: Sendable, Hashable {
        let parent: String
        let field: String
        let inverse: String
    }

    /// Policies by model and action, in their order.
    let policies: [String: [String: [PolicyRow]]]
    /// Toxic pairs.
    let pairs: [ToxicPair]
    /// The models about which somebody has to know who did what.
    let watched: Set<String>
    /// The fields whose users are remembered, by model.
    let namedFields: [String: Set<String>]
    /// Where the records of a model are lines that count, by the lines' model.
    let lines: [String: Set<LineLink>]
    /// The stored computed fields that count, by the model's index and the field's slot.
    let computed: [Int: Set<Int>]

    static func current(_ env: Environment) throws -> PolicyBook {
        let page = env.unit.thing(Page.self) { Page() }
        if let book = page.book { return book }
        let book = try env.remembered("approvals.book", from: Definitions.models) { try PolicyBook($0) }
        page.book = book
        return book
    }

    /// What one unit of work has looked up, until it changes a definition of approvals itself.
    final class Page {
        var book: PolicyBook?
    }

    private init(_ env: Environment) throws {
        let rows = try GovernedRows.scopes(Governed.policy.name, in: env).map { PolicyRow($0.row, scope: $0.scope) }
            .filter(\.isActive).sorted { ($0.sequence, $0.id) < ($1.sequence, $1.id) }
        policies = Dictionary(grouping: rows, by: \.model).mapValues { Dictionary(grouping: $0, by: \.action) }
        pairs = try ToxicPair.inForce(env)
        var fields: [String: Set<String>] = [:]
        for side in pairs.flatMap({ [$0.first, $0.second] }) {
            if let name = side.field { fields[side.model, default: []].insert(name) }
        }
        namedFields = fields
        watched = Set(policies.keys).union(pairs.flatMap { [$0.first.model, $0.second.model] }.filter { !$0.isEmpty })
        (lines, computed) = PolicyBook.dependents(rows, env.registry)
    }

    /// What counts for a policy without being a write of its record.
    private static func dependents(_ rows: [PolicyRow], _ registry: Registry) -> ([String: Set<LineLink>], [Int: Set<Int>]) {
        var lines: [String: Set<LineLink>] = [:]
        var computed: [Int: Set<Int>] = [:]
        for row in rows {
            guard let model = registry.model(row.model) else { continue }
            let fields = row.relevant.isEmpty ? Content.relevant(model) : row.relevant.compactMap { model.field($0) }
            for field in fields {
                if case .one2many(let target, let inverse) = field.kind {
                    lines[target, default: []].insert(LineLink(parent: model.name, field: field.name, inverse: inverse))
                } else if field.isComputed, field.hasColumn {
                    computed[model.index, default: []].insert(field.slot)
                }
            }
        }
        return (lines, computed)
    }

    /// The first policy that wants approval for an action of a record.
    func policy(for action: String, on records: Records, _ id: Int) throws -> PolicyRow? {
        try policies[records.model.name]?[action]?.first { try $0.applies(to: id, of: records) }
    }

    /// The version of a policy's record that is in force for a record.
    func policy(_ id: Int, for record: Records) throws -> PolicyRow? {
        let own = (policies[record.model.name] ?? [:]).values.joined().filter { $0.id == id }
        return try own.first { try $0.isInForce(for: record, record.ids.first ?? 0) }
    }

    /// The version by which a request goes: the one under which its chain began.
    static func policy(of request: Record<Request>) throws -> PolicyRow? {
        guard let version = request.released?.id else { return nil }
        let rows = try request.env.remembered("approvals.policy:\(version)", from: Definitions.models) { env in
            try GovernedRows.row(ofVersion: version, in: env).map { [PolicyRow($0)] } ?? []
        }
        return rows.first
    }
}
