import Kernel

/// `default_get`.
enum DefaultMethods {
    static let all: [RPCMethod] = [
        .onModel("default_get", [.required("fields")]) { target, arguments in
            .value(.map(try defaults(target, try arguments.texts("fields") ?? [])))
        }
    ]

    /// The defaults of fields by name; names that do not exist are left out.
    static func defaults(_ target: RPCTarget, _ names: [String]) throws -> ValueMap {
        let env = target.env
        if !env.allows(.create, on: target.model) { try env.checkRight(.write, on: target.model) }
        let fields = names.compactMap { target.model.field($0) }.filter { env.canSee($0) && $0.slot > ModelSchema.Slot.version }
        return ValueMap(try env.defaults(of: target.model, for: fields).map { ($0.name, $1.orFalse) })
    }
}
