import JSON
import Kernel

/// The methods that every model has, for a door that answers with several of them from one unit of work.
public struct ModelCalls {
    private let env: Environment
    private let limits: RPCLimits

    /// Calls in a unit of work, with the access of its user.
    public init(_ env: Environment, limits: RPCLimits = RPCLimits()) {
        self.env = env
        self.limits = limits
    }

    /// What a method answers.
    ///
    /// - Throws: `rpc.*`, `access.*` and whatever the method refuses.
    public func answer(_ name: String, on model: String, ids: [Int] = [], _ arguments: ValueMap = [:]) throws -> Value {
        guard let method = MethodTable.methods[name] else { throw Refusal.unknownMethod("\(model).\(name)") }
        guard ids.count <= limits.ids else { throw Refusal.tooMany("ids", limits.ids) }
        let bound = try RPCArguments("\(model).\(name)", method.parameters, positional: [], named: arguments)
        let target = RPCTarget(model: try env.registry.requireModel(model), ids: ids, env: env, limits: limits, style: .named)
        let answer: RPCAnswer
        do { answer = try method.body(target, bound) } catch let draft as DraftAnswer { throw UndoneAnswer(answer: draft.answer) }
        switch answer {
        case .value(let value): return value
        case .rows(let rows): return .list(try rows.maps().map { .map($0) })
        }
    }
}

/// Values as this door writes and reads them in JSON.
public enum PlainJSON {
    /// A value's bytes; what is not set is `false`.
    public static func bytes(_ value: Value) -> [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.value(value)
        return writer.take()
    }

    /// What a JSON value says.
    public static func value(_ json: JSON) -> Value { Value(json) }
}
