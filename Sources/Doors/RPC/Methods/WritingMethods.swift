import Crypto
import Kernel

/// `create`, `write` and `unlink`.
enum WritingMethods {
    static let all: [RPCMethod] = [
        .onModel("create", [.required("vals_list")], writes: true) { target, arguments in
            let isOne = arguments["vals_list"]?.mapValue != nil
            let list = isOne ? [try arguments.values("vals_list")] : try arguments.maps("vals_list")
            let made = try target.env.create(target.model, try list.map { try decoded($0, target.model) })
            if isOne, target.style == .positional { return .value(.int(made.ids.first ?? 0)) }
            return .value(.ids(made.ids))
        },
        .onRecords("write", [.required("vals")], writes: true) { target, arguments in
            try target.records.write(try decoded(try arguments.values("vals"), target.model))
            return .value(.bool(true))
        },
        .onRecords("unlink", writes: true) { target, _ in
            try target.records.unlink()
            return .value(.bool(true))
        },
    ]

    /// The values with bytes out of their base64.
    static func decoded(_ values: ValueMap, _ model: ModelSchema) throws -> ValueMap {
        var values = values
        for (place, entry) in values.entries.enumerated() {
            guard case .text(let text) = entry.value, let field = model.field(entry.name), field.kind == .binary else { continue }
            guard let bytes = Base64.standard.decode(text) else {
                throw Refusal.badValue(field.name, in: model.name, expected: "bytes as base64")
            }
            values.entries[place].value = .bytes(bytes)
        }
        return values
    }
}
