import Governance
import Kernel

/// The values of a rule or an action by field name, whether they come from the record or from a released version of it.
struct Content {
    let id: Int
    let env: Environment
    /// The name under which its effects stand in the trail.
    let cause: String
    private let find: (String) throws -> Value

    /// The values of one record as it stands.
    init(_ record: Records, kind: String) throws {
        id = record.ids.first ?? 0
        env = record.env
        find = { try record.value($0) }
        let name = try record.value("name").textValue ?? ""
        cause = "\(kind):\(Slug.make(name))#\(id)@\(try record.value("record_version").intValue ?? 0)"
    }

    /// The values of a record as they were released, or as a draft wants them, which has a cause of its own.
    init(_ row: GovernedRow, _ env: Environment, cause: String? = nil) {
        id = row.id
        self.env = env
        self.cause = cause ?? row.cause
        find = { row[$0] }
    }

    func text(_ name: String) throws -> String { try find(name).textValue ?? "" }
    func number(_ name: String) throws -> Int { try find(name).intValue ?? 0 }
    func flag(_ name: String) throws -> Bool { !(try find(name)).isFalsy }
    func link(_ name: String) throws -> Int? { try find(name).idList?.first { $0 > 0 } }
    func links(_ name: String) throws -> [Int] { try find(name).idList ?? [] }

    /// A field of the record that a link leads to.
    func text(_ name: String, of link: String, in model: String) throws -> String {
        guard let id = try self.link(link) else { return "" }
        return try env.records(model, [id]).value(name).textValue ?? ""
    }

    /// The technical name of the model that it is about.
    var modelName: String { get throws { try text("model", of: "model_id", in: "ir.model") } }

    /// Names of the fields that a list of links leads to.
    func fieldNames(_ name: String) throws -> [String] {
        let fields = try env.records("ir.model.fields", try links(name))
        return try fields.ids.compactMap { try fields.value($0, "name").textValue }
    }
}
