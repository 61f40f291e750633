import Kernel

extension RecordRows {
    /// The rows as maps in the form of Odoo's API: for XML-RPC and for answers that hold rows inside.
    func maps() throws -> [ValueMap] {
        guard records.count <= limits.rows else { throw Refusal.answerTooLarge("records", limits.rows) }
        let columns = try fields.map { field -> (field: Field, names: [Int: String], showsSize: Bool) in
            guard namesLinks, case .many2one = field.kind else { return (field, [:], showsSize(field)) }
            return (field, try names(of: field), false)
        }
        var reader = RowReader(records)
        return try records.ids.map { id in
            reader.move(to: id)
            var row = ValueMap()
            row.entries.reserveCapacity(columns.count + 1)
            row.entries.append(ValueMap.Entry("id", .int(id)))
            for column in columns {
                let value = try reader.value(column.field)
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
