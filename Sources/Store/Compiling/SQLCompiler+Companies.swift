import Kernel

/// Values that differ by company stand in a table of their field: `record_id`, `company_id`, `value`.
extension SQLCompiler {
    /// A record's value for a company, as an expression: what was written for it, else what the field declares for companies without one.
    func companyValue(of field: Field, _ company: Int, _ alias: String) -> String {
        let rest =
            " FROM \"" + field.companyTable + "\" c WHERE c.\"record_id\" = " + alias + ".\"id\" AND c.\"company_id\" = " + String(company)
        let value = "(SELECT c.\"value\"" + rest + ")"
        if field.fallback.isNull { return value }
        let declared = dialect.literal(field.fallback, as: field.form)
        return "(CASE WHEN EXISTS (SELECT 1" + rest + ") THEN " + value + " ELSE " + declared + " END)"
    }

    /// The same for groups, over a join: databases want to see that each row of the select belongs to the group.
    mutating func joinedColumn(_ field: Field, _ root: String, _ joins: inout String) -> String {
        guard let company = field.companyId else { return column(field, root) }
        let side = alias()
        joins += " LEFT JOIN \"" + field.companyTable + "\" " + side + " ON " + side + ".\"record_id\" = " + root + ".\"id\" AND " + side
        joins += ".\"company_id\" = " + String(company)
        let value = side + ".\"value\""
        if field.fallback.isNull { return value }
        let declared = dialect.literal(field.fallback, as: field.form)
        return "(CASE WHEN " + side + ".\"record_id\" IS NULL THEN " + declared + " ELSE " + value + " END)"
    }
}

extension SQLTransaction {
    package func companyValues(_ model: ModelSchema, _ field: Field, company: Int, ids: [Int]) throws -> [(id: Int, value: Value)] {
        var found: [(id: Int, value: Value)] = []
        try inChunks(ids) { slice in
            guard !slice.isEmpty else { return }
            var sql = SQLCompiler(registry: registry, dialect: dialect)
            sql.text += "SELECT \"record_id\", \"value\" FROM \"" + field.companyTable + "\" WHERE \"company_id\" = "
            sql.bind(.int(company))
            sql.text += " AND "
            sql.member("\"record_id\"", ids: Array(slice))
            let rows = try guarded { try connection.fetch(sql.text, sql.arguments, [field.form]) }
            for (index, id) in rows.ids.enumerated() { found.append((id, rows[index, 0])) }
        }
        return found
    }

    package func setCompanyValues(_ model: ModelSchema, _ field: Field, company: Int, _ rows: [(id: Int, value: Value)]) throws {
        try requireWriting("Writing records")
        noteWriting(model)
        let sql =
            "INSERT INTO \"" + field.companyTable + "\" (\"record_id\", \"company_id\", \"value\") VALUES (" + dialect.placeholders(3)
            + ") ON CONFLICT (\"record_id\", \"company_id\") DO UPDATE SET \"value\" = excluded.\"value\""
        try guarded { try connection.run(sql, rows: rows.map { [.int($0.id), .int(company), $0.value] }) }
    }

    package func writes(of id: Int, in model: ModelSchema, since version: Int, limit: Int) throws -> [RecordWrite] {
        // Entries that wait to be chained are the newest.
        var cells = dialect.chainsLater ? try writes(in: SystemTables.waitingTrail, by: "id", of: id, model, limit) : []
        cells += try writes(in: "baton_audit", by: "seq", of: id, model, limit)
        var found: [RecordWrite] = []
        for start in stride(from: 0, to: cells.count, by: 3) {
            guard case .instant(let at) = cells[start], case .int(let user) = cells[start + 1], case .text(let text) = cells[start + 2]
            else { continue }
            let detail = ValueText.read(text)
            guard let before = detail[AuditEntry.versionKey]?.intValue, before >= version else { continue }
            // A field that was written with the value that it had did not change.
            let changed = detail.entries.filter { entry in
                guard !AuditEntry.asides.contains(entry.name), let pair = entry.value.listValue, pair.count == 2 else {
                    return !AuditEntry.asides.contains(entry.name)
                }
                return pair[0] != pair[1]
            }
            found.append(RecordWrite(at: at, userId: user, fields: changed.map(\.name)))
        }
        return found
    }

    /// Moment, user and detail of the writes in a table of the trail, newest first.
    private func writes(
        in table: String, by place: String, of id: Int, _ model: ModelSchema, _ limit: Int
    ) throws -> ContiguousArray<Value> {
        // The trail is long; what was written far back is not worth looking through all of it.
        var sql = SQLCompiler(registry: registry, dialect: dialect)
        sql.text += "SELECT at, user_id, detail FROM \(table) WHERE model = "
        sql.bind(.text(model.name))
        sql.text += " AND \(place) > (SELECT coalesce(max(\(place)), 0) FROM \(table)) - " + String(SQLTransaction.trailDepth)
        sql.text += " AND kind = "
        sql.bind(.text(AuditEntry.Kind.write.rawValue))
        sql.text += " AND ids = "
        sql.bind(.text("[\(id)]"))
        sql.text += " ORDER BY \(place) DESC LIMIT "
        sql.bind(.int(limit))
        return try guarded { try connection.query(sql.text, sql.arguments, [.instant, .integer, .text]) }
    }
}
