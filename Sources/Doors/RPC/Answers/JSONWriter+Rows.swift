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
        let records = rows.records
        guard records.count <= rows.limits.rows else { throw Refusal.answerTooLarge("records", rows.limits.rows) }
        let cells = try rows.cells()
        let columns = try JSONColumns(rows, cells)
        let (values, width) = (cells.values, cells.width)
        beginArray()
        for (index, id) in records.ids.enumerated() {
            if index > 0 { byte(UInt8(ascii: ",")) }
            literal("{\"id\":")
            int(Int64(id))
            for place in 0..<width {
                columns.write(columns.keys[place], to: &self)
                cell(values[index * width + place], columns, place)
            }
            endObject()
            guard count <= rows.limits.answerBytes else { throw Refusal.answerTooLarge("bytes", rows.limits.answerBytes) }
        }
        endArray()
    }

    private mutating func cell(_ value: Value, _ columns: JSONColumns, _ place: Int) {
        switch columns.looks[place] {
        case .plain: return self.value(value)
        case .size: return self.value(value.size)
        case .number: if value.isNull { return byte(UInt8(ascii: "0")) }
        case .link: if case .int(let id) = value, let name = columns.names[place][id] { return columns.write(name, to: &self) }
        }
        self.value(value)
    }
}

/// What rows have in common, written already: their keys, and the links that occur in them.
private struct JSONColumns {
    /// How values are shown that do not speak for themselves.
    enum Look { case plain, number, link, size }

    /// By column.
    let looks: [Look]
    /// By column, as ranges of the bytes.
    private(set) var keys: [Range<Int>] = []
    private(set) var names: [[Int: Range<Int>]] = []
    private var bytes: [UInt8] = []

    init(_ rows: RecordRows, _ cells: RecordCells) throws {
        looks = rows.fields.map { field in
            if rows.showsSize(field) { return .size }
            if rows.namesLinks, case .many2one = field.kind { return .link }
            return field.kind.isNumber ? .number : .plain
        }
        var writer = JSONWriter(capacity: 1_024)
        let linked = try rows.names(at: looks.indices.filter { looks[$0] == .link }, of: cells)
        for (place, field) in rows.fields.enumerated() {
            var start = writer.count
            writer.byte(UInt8(ascii: ","))
            writer.string(field.name)
            writer.byte(UInt8(ascii: ":"))
            keys.append(start..<writer.count)
            var ranges: [Int: Range<Int>] = [:]
            for (id, name) in linked[place] ?? [:] {
                start = writer.count
                writer.beginArray()
                writer.int(Int64(id))
                writer.byte(UInt8(ascii: ","))
                writer.string(name)
                writer.endArray()
                ranges[id] = start..<writer.count
            }
            names.append(ranges)
        }
        bytes = writer.take()
    }

    func write(_ range: Range<Int>, to writer: inout JSONWriter) {
        bytes.withUnsafeBufferPointer { writer.bytes(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}
