import Kernel

extension RecordRows {
    /// The rows as maps in the form of Odoo's API: for XML-RPC and for answers that hold rows inside.
    func maps() throws -> [ValueMap] {
        guard records.count <= limits.rows else { throw Refusal.answerTooLarge("records", limits.rows) }
        let cells = try cells()
        let links = fields.indices.filter { if case .many2one = fields[$0].kind { namesLinks } else { false } }
        let linked = try names(at: links, of: cells)
        let columns = fields.indices.map { place -> (field: Field, names: [Int: String], showsSize: Bool) in
            let field = fields[place]
            return links.contains(place) ? (field, linked[place] ?? [:], false) : (field, [:], showsSize(field))
        }
        return records.ids.enumerated().map { index, id in
            var row = ValueMap()
            row.entries.reserveCapacity(columns.count + 1)
            row.entries.append(ValueMap.Entry("id", .int(id)))
            for (column, value) in zip(columns, cells.values[index * cells.width..<(index + 1) * cells.width]) {
                row.entries.append(
                    ValueMap.Entry(column.field.name, RecordRows.form(column.showsSize ? value.size : value, column.field, column.names)))
            }
            return row
        }
    }

    private static func form(_ value: Value, _ field: Field, _ names: [Int: String]) -> Value {
        switch value {
        case .null: return field.kind.isNumber ? .int(0) : .bool(false)
        case .int(let id): return names[id].map { .list([.int(id), .text($0)]) } ?? value
        default: return value
        }
    }
}
