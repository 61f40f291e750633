import Base
import Kernel

/// Reads rows of texts into values of records, and tells what does not fit, by row and field.
struct ImportTable {
    /// One record to be: its values, its external or own id, and the rows it came from.
    struct Row {
        var values = ValueMap()
        var externalId: String?
        var id: Int?
        var first: Int
        var last: Int
        var isWrong = false
    }

    /// The most messages that are told.
    static let messageLimit = 200

    let model: ModelSchema
    let env: Environment
    private(set) var messages: [ValueMap] = []

    init(_ model: ModelSchema, _ env: Environment) {
        self.model = model
        self.env = env
    }

    /// The records in the rows: a row with nothing but lines of a list belongs to the record above it.
    mutating func records(_ paths: [[String]], _ rows: [[Value]]) -> [Row] {
        var records: [Row] = []
        for (number, cells) in rows.enumerated() {
            let given = paths.indices.filter { $0 < cells.count && !ImportTable.isEmpty(cells[$0]) }
            let own = given.filter { !isLine(paths[$0]) }
            if own.isEmpty, !records.isEmpty {
                records[records.count - 1].last = number
            } else {
                records.append(Row(first: number, last: number))
            }
            let place = records.count - 1
            for column in own { take(cells[column], paths[column], into: &records[place], number) }
            takeLines(given.filter { isLine(paths[$0]) }, paths, cells, into: &records[place], number)
        }
        return records
    }

    /// Makes or writes a record; nil when it is refused, which a message tells.
    mutating func save(_ row: Row) -> Int? {
        if row.isWrong { return nil }
        do {
            let known = try row.id ?? row.externalId.flatMap { try Reference.find($0, env) }
            if let known {
                try Records(model, [known], env).write(row.values)
                return known
            }
            let made = try env.create(model, [row.values])
            if let name = row.externalId { try Reference.name(made, name.contains(".") ? name : "__import__." + name) }
            return made.ids.first
        } catch {
            tell((error as? Refusal)?.sentence ?? "The record could not be stored.", row, field: nil)
            return nil
        }
    }

    private static func isEmpty(_ value: Value) -> Bool { value.isNull || value == .text("") || value == .bool(false) }

    private func isLine(_ path: [String]) -> Bool {
        guard path.count > 1, let field = model.field(path[0]), case .one2many = field.kind else { return false }
        return true
    }

    private mutating func take(_ value: Value, _ path: [String], into row: inout Row, _ number: Int) {
        do {
            switch path.first {
            case "id": row.externalId = ImportTable.text(value)
            case ".id":
                guard let id = Int(ImportTable.text(value)) else { throw Refusal.badValue(".id", in: model.name, expected: "a number") }
                row.id = id
            case let name?:
                let field = try model.requireField(name)
                row.values[name] = try ImportValue(env: env).read(value, field, Array(path.dropFirst()), in: model)
            case nil: break
            }
        } catch {
            row.isWrong = true
            var place = row
            (place.first, place.last) = (number, number)
            tell((error as? Refusal)?.sentence ?? "The value could not be read.", place, field: path.first)
        }
    }

    private mutating func takeLines(_ columns: [Int], _ paths: [[String]], _ cells: [Value], into row: inout Row, _ number: Int) {
        for name in Set(columns.map { paths[$0][0] }).sorted() {
            guard let target = model.field(name)?.kind.comodel, let comodel = env.registry.model(target) else { continue }
            var line = Row(first: number, last: number)
            var inner = ImportTable(comodel, env)
            for column in columns where paths[column][0] == name {
                inner.take(cells[column], Array(paths[column].dropFirst()), into: &line, number)
            }
            messages += inner.messages
            row.isWrong = row.isWrong || line.isWrong
            let before = row.values[name]?.listValue ?? []
            let command: Value = line.id.map { [1, .int($0), .map(line.values)] } ?? [0, 0, .map(line.values)]
            row.values[name] = .list(before + [command])
        }
    }

    private mutating func tell(_ message: String, _ row: Row, field: String?) {
        guard messages.count < ImportTable.messageLimit else { return }
        var map: ValueMap = [
            "type": "error", "record": .int(row.first), "rows": ["from": .int(row.first), "to": .int(row.last)],
            "message": .text(message), "moreinfo": false,
        ]
        if let field {
            map["field"] = .text(field)
            map["field_name"] = .text(model.field(field)?.traits.title ?? field)
        }
        messages.append(map)
    }

    static func text(_ value: Value) -> String {
        switch value {
        case .text(let text): text
        case .int(let number): String(number)
        case .double(let number): String(number)
        default: ""
        }
    }
}
