import Crypto
import JSON
import Kernel

extension JSONWriter {
    /// Writes an answer.
    mutating func answer(_ answer: RPCAnswer) throws {
        switch answer {
        case .value(.null): literal("null")
        case .value(let value): self.value(value)
        case .rows(let rows): try self.rows(rows)
        }
    }

    /// Writes rows as a list of objects.
    mutating func rows(_ rows: RecordRows) throws {
        guard rows.records.count <= rows.limits.rows else { throw Refusal.answerTooLarge("records", rows.limits.rows) }
        // The first value read brings the whole row of all records into the cache; links are named after that, together.
        let columns = try rows.fields.map { try JSONColumn($0, in: rows) }
        let records = rows.records
        var reader = RowReader(records)
        beginArray()
        var isFirst = true
        for id in records.ids {
            if isFirst { isFirst = false } else { byte(UInt8(ascii: ",")) }
            reader.move(to: id)
            literal("{\"id\":")
            int(Int64(id))
            for column in columns {
                bytes(column.key)
                cell(column.form(try reader.value(column.field)), column)
            }
            endObject()
            guard count <= rows.limits.answerBytes else { throw Refusal.answerTooLarge("bytes", rows.limits.answerBytes) }
        }
        endArray()
    }

    private mutating func cell(_ value: Value, _ column: JSONColumn) {
        switch value {
        case .int(let id):
            if let name = column.names[id] { bytes(name) } else { int(Int64(id)) }
        case .null where column.field.kind.isNumber: byte(0x30)
        default: self.value(value)
        }
    }
}

/// One field of the rows: its key, written already, and the links that occur in it.
private struct JSONColumn {
    let field: Field
    let key: [UInt8]
    var names: [Int: [UInt8]] = [:]
    let showsSize: Bool

    /// The value as it is shown: of bytes perhaps their size.
    @inline(__always)
    func form(_ value: Value) -> Value { showsSize ? value.size : value }

    init(_ field: Field, in rows: RecordRows) throws {
        self.field = field
        var writer = JSONWriter(capacity: 64)
        writer.byte(UInt8(ascii: ","))
        writer.string(field.name)
        writer.byte(UInt8(ascii: ":"))
        key = writer.take()
        showsSize = rows.showsSize(field)
        guard rows.namesLinks, case .many2one = field.kind else { return }
        for (id, name) in try rows.names(of: field) {
            writer.beginArray()
            writer.int(Int64(id))
            writer.byte(UInt8(ascii: ","))
            writer.string(name)
            writer.endArray()
            names[id] = writer.take()
        }
    }
}
