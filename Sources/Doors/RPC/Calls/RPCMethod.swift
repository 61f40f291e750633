import Kernel

/// A method that every model has: its name, its parameters, and what it does.
///
/// A new one is one value in a file of `Methods/` and one line in `MethodTable`.
struct RPCMethod: Sendable {
    let name: String
    /// The parameters behind the ids.
    let parameters: [RPCParameter]
    /// Whether the first argument holds record ids.
    let takesRecords: Bool
    /// Whether it only reads, so that it runs on a snapshot.
    let readsOnly: Bool
    let body: @Sendable (RPCTarget, RPCArguments) throws -> RPCAnswer

    /// A method of a model.
    static func onModel(
        _ name: String, _ parameters: [RPCParameter] = [], writes: Bool = false,
        _ body: @escaping @Sendable (RPCTarget, RPCArguments) throws -> RPCAnswer
    ) -> RPCMethod {
        RPCMethod(name: name, parameters: parameters, takesRecords: false, readsOnly: !writes, body: body)
    }

    /// A method of records.
    static func onRecords(
        _ name: String, _ parameters: [RPCParameter] = [], writes: Bool = false,
        _ body: @escaping @Sendable (RPCTarget, RPCArguments) throws -> RPCAnswer
    ) -> RPCMethod {
        RPCMethod(name: name, parameters: parameters, takesRecords: true, readsOnly: !writes, body: body)
    }
}

/// One parameter; a literal is an optional one.
struct RPCParameter: Sendable, ExpressibleByStringLiteral {
    let name: String
    let isRequired: Bool

    init(stringLiteral name: String) {
        self.name = name
        isRequired = false
    }

    private init(_ name: String, isRequired: Bool) {
        self.name = name
        self.isRequired = isRequired
    }

    /// A parameter that must be given.
    static func required(_ name: String) -> RPCParameter { RPCParameter(name, isRequired: true) }
}

/// What a method works on.
struct RPCTarget {
    let model: ModelSchema
    let ids: [Int]
    let env: Environment
    let limits: RPCLimits
    let style: RPCCall.Style

    var records: Records { Records(model, ids, env) }
}
