import Base
import Kernel

/// Reads one cell of an import as a value of its field.
struct ImportValue {
    let env: Environment

    /// - Parameter rest: What stands behind the field's name: `id` for an external id, `.id` for a number, else nothing.
    func read(_ value: Value, _ field: Field, _ rest: [String], in model: ModelSchema) throws -> Value {
        switch field.kind {
        case .many2one(let name, _): return .int(try link(ImportTable.text(value), name, rest.first, field, model))
        case .many2many(let name, _):
            let parts = ImportTable.text(value).split(separator: ",").map { String($0.drop { $0 == " " }) }
            return .list([[6, 0, .ids(try parts.map { try link($0, name, rest.first, field, model) })]])
        case .selection(let items):
            let text = ImportTable.text(value)
            guard let item = items.first(where: { $0.value == text }) ?? items.first(where: { $0.title.lowercased() == text.lowercased() })
            else {
                throw Refusal.badValue(field.name, in: model.name, expected: "one of " + items.map(\.title).joined(separator: ", "))
            }
            return .text(item.value)
        case .one2many: throw Refusal.badValue(field.name, in: model.name, expected: "given by columns such as \(field.name)/name")
        default: return value
        }
    }

    private func link(_ text: String, _ name: String, _ by: String?, _ field: Field, _ model: ModelSchema) throws -> Int {
        let comodel = try env.registry.requireModel(name)
        let found: Int?
        switch by {
        case "id": found = try Reference.find(text, env)
        case ".id": found = try Int(text).flatMap { try env.existing([$0], in: comodel).first }
        default: found = try env.nameSearch(comodel, text, comparison: .equal, limit: 1).ids.first
        }
        guard let found else {
            throw Refusal(
                "import.no_match", .validation, "No matching record found for '\(text.prefix(100))' in field '\(field.traits.title)'.",
                instruction: "Create it first or correct the cell.")
        }
        return found
    }
}
