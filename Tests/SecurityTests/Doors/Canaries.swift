import Foundation
import Kernel
import Store

/// A word in every text of every record that says which record and field it stands in, so that a leak is found in any notation.
///
/// Shape: `zq`, model, `x`, id, `x`, slot, `qz`; letters and digits only, so that JSON, XML, HTML and HL7 leave it alone.
struct Canary: Hashable, Sendable {
    let model: Int
    let id: Int
    let slot: Int

    var word: String { "zq\(model)x\(id)x\(slot)qz" }

    /// Models whose texts steer the program: what they say cannot be changed without changing what it does.
    private static let spared: Set<String> = [
        "ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.access", "ir.rule", "ir.model.data", "ir.config_parameter",
        "ir.sequence", "res.groups", "res.country", "res.country.state", "res.currency", "base.session",
    ]
    /// Texts that are looked up or compared by the program.
    private static let sparedFields: Set<String> = [
        "login", "password_hash", "key", "index", "model", "res_model", "res_field", "mimetype", "checksum", "digest", "status_token",
        "control_id", "code", "kind", "sender", "external_id", "value", "source", "cause", "type", "lang", "tz", "field_name",
        "relationship", "system", "access_token",
    ]

    /// Whether a field of a model can bear one.
    static func fits(_ field: Field, of model: ModelSchema) -> Bool {
        let isLong = field.traits.size == 0 || field.traits.size >= 80
        return !spared.contains(model.name) && field.hasColumn && field.kind.isText && isLong && !sparedFields.contains(field.name)
    }

    /// Writes them behind what stands there, past all rules, observers and computations.
    static func plant(_ env: Environment) throws -> Int {
        let everything = try env.with(context: ["active_test": false])
        var count = 0
        for model in env.registry.models {
            let fields = model.fields.filter { fits($0, of: model) }
            let ids = try everything.search(model, .all).ids
            if fields.isEmpty || ids.isEmpty { continue }
            let found = try env.unit.transaction.fetch(model, fields, ids: ids)
            let rows = found.ids.enumerated().map { row, id in
                fields.enumerated().map { column, field in
                    let word = Canary(model: model.index, id: id, slot: field.slot).word
                    let old = found[row, column].textValue ?? ""
                    return Value.text(field.kind == .html ? old + "<p>\(word)</p>" : old + " " + word)
                }
            }
            try env.unit.transaction.update(model, fields, ids: found.ids, rows: rows)
            count += found.ids.count * fields.count
        }
        return count
    }

    /// Those that stand in an answer.
    static func found(in bytes: [UInt8]) -> Set<Canary> {
        var found: Set<Canary> = []
        var place = 0
        while let hit = Bytes.find("zq", in: bytes, from: place) {
            let tail = bytes[(hit + 2)..<min(hit + 42, bytes.count)]
            if let canary = Canary(reading: String(decoding: tail, as: UTF8.self)) { found.insert(canary) }
            place = hit + 2
        }
        return found
    }

    init(model: Int, id: Int, slot: Int) {
        self.model = model
        self.id = id
        self.slot = slot
    }

    private init?(reading text: String) {
        guard let end = text.range(of: "qz") else { return nil }
        let parts = text[..<end.lowerBound].split(separator: "x").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        self.init(model: parts[0], id: parts[1], slot: parts[2])
    }
}
