import Kernel

/// Reads records by a nested specification: `{"stage_id": {"fields": {"display_name": {}}}, "line_ids": {"fields": …, "limit": 40}}`.
struct WebReader {
    /// How deep a specification may go.
    static let depthLimit = 8

    let limits: RPCLimits
    var depth = 0

    /// One map per record, in their order.
    func read(_ records: Records, _ specification: ValueMap) throws -> [ValueMap] {
        guard depth <= WebReader.depthLimit else { throw Refusal.tooMany("levels of specification", WebReader.depthLimit) }
        let fields = try RecordRows.fields(specification.names.filter { $0 != "id" }, of: records.model, records.env)
        let wanted = specification.names.contains { $0 != "id" } ? fields : []
        var rows = RecordRows(records: records, fields: wanted, limits: limits)
        rows.namesLinks = false
        if wanted.isEmpty { try records.env.checkAccess(.read, records.model, records.ids) }
        var maps = try rows.maps()
        for entry in specification.entries {
            guard let options = entry.value.mapValue, let inside = options["fields"]?.mapValue, let field = records.model.field(entry.name),
                let comodel = field.kind.comodel
            else { continue }
            try expand(&maps, field, try records.env.registry.requireModel(comodel), inside, options, records.env)
        }
        return maps
    }

    private func expand(
        _ maps: inout [ValueMap], _ field: Field, _ comodel: ModelSchema, _ inside: ValueMap, _ options: ValueMap, _ env: Environment
    ) throws {
        var lists = maps.map { $0[field.name]?.idList ?? [] }
        if let order = options["order"]?.textValue, !order.isEmpty { lists = try sorted(lists, comodel, order, env) }
        let limit = options["limit"]?.intValue ?? Int.max
        var seen = Set<Int>()
        let targets = lists.flatMap { $0.prefix(limit) }.filter { seen.insert($0).inserted }
        var found: [Int: ValueMap] = [:]
        for (id, map) in zip(targets, try linked(Records(comodel, targets, env), inside, isToMany: field.kind.isToMany)) { found[id] = map }
        for index in maps.indices {
            if field.kind.isToMany {
                maps[index][field.name] = .list(lists[index].map { .map(found[$0] ?? ["id": .int($0)]) })
            } else {
                maps[index][field.name] = lists[index].first.map { .map(found[$0] ?? ["id": .int($0)]) } ?? .bool(false)
            }
        }
    }

    /// The linked records; the name alone of a single link is told whoever may read the record itself.
    private func linked(_ records: Records, _ inside: ValueMap, isToMany: Bool) throws -> [ValueMap] {
        guard !records.isEmpty else { return [] }
        var deeper = self
        deeper.depth += 1
        let isNameOnly = inside.names.allSatisfy { $0 == "display_name" || $0 == "id" }
        guard isNameOnly, !isToMany else { return try deeper.read(records, inside) }
        return try deeper.read(records.with(records.env.asSuperuser("a link shows the name of its target")), inside)
    }

    private func sorted(_ lists: [[Int]], _ comodel: ModelSchema, _ order: String, _ env: Environment) throws -> [[Int]] {
        let all = Set(lists.joined()).sorted()
        let scope = try env.with(context: ["active_test": false])
        var ranks: [Int: Int] = [:]
        for (rank, id) in try scope.search(comodel, .where("id", .in, .ids(all)), order: order).ids.enumerated() { ranks[id] = rank }
        return lists.map { $0.sorted { (ranks[$0] ?? Int.max, $0) < (ranks[$1] ?? Int.max, $1) } }
    }
}
