import Base
import Kernel
import Store

/// Finds the method of a call and runs it in a unit of work of the right kind.
struct Dispatcher: Sendable {
    let database: Database
    let authenticator: Authenticator
    let limits: RPCLimits

    /// Turns an answer into what goes over the wire, inside the unit of work, where records can still be read.
    typealias Encoder<Output> = @Sendable (RPCAnswer) throws -> Output

    /// Runs a call for somebody who was verified.
    ///
    /// - Throws: `StaleCredential`, then verify again; `rpc.*`, `access.*` and whatever the method refuses.
    func run<Output: Sendable>(_ call: RPCCall, as verified: Verified, _ encode: @escaping Encoder<Output>) async throws -> Output {
        let plan = try CallPlan(call, registry: database.registry, limits: limits)
        let authenticator = authenticator
        let work: @Sendable (Environment) throws -> Output = { env in
            try authenticator.confirm(verified, in: env)
            do { return try encode(try plan.run(in: env)) } catch let draft as DraftAnswer {
                throw RolledBack(output: try encode(.value(draft.answer)))
            } catch let undone as UndoneAnswer {
                throw RolledBack(output: try encode(.value(undone.answer)))
            }
        }
        do {
            if plan.readsOnly {
                // This thread is one that may block: no change of thread.
                return try database.readBlocking(as: try database.user(verified.userId), context: call.context, work)
            }
            return try await database.write(as: verified.userId, context: call.context, work)
        } catch let undone as RolledBack<Output> {
            return undone.output
        } catch let refusal as Refusal where refusal.code == "access.unknown_user" {
            authenticator.forget(verified)
            throw StaleCredential()
        }
    }
}

/// Thrown by a method whose changes must not stay, with the answer that it gives all the same.
struct DraftAnswer: Error {
    let answer: Value
}

/// The encoded answer of a unit of work that was rolled back on purpose.
private struct RolledBack<Output: Sendable>: Error {
    let output: Output
}

/// What a call comes down to: a method, ids, and bound arguments.
private struct CallPlan: Sendable {
    private enum Kind: Sendable {
        case common(RPCMethod)
        case method(AnyMethod)
        case action
    }

    private let call: RPCCall
    private let kind: Kind
    private let ids: [Int]
    private let arguments: RPCArguments
    private let limits: RPCLimits
    let readsOnly: Bool

    init(_ call: RPCCall, registry: Registry, limits: RPCLimits) throws {
        self.call = call
        self.limits = limits
        guard let model = registry.model(call.model) else { throw Refusal.unknownModel(call.model) }
        if PrivateMethods.contains(call.method) { throw Refusal.privateMethod(call.label) }
        let parameters: [RPCParameter]
        let takesRecords: Bool
        if let method = model.method(call.method) {
            kind = .method(method)
            parameters = method.parameters.map { RPCParameter(stringLiteral: $0) }
            (takesRecords, readsOnly) = (method.takesRecords, method.readsOnly)
        } else if model.action(call.method) != nil {
            kind = .action
            // An action names its arguments itself.
            parameters = call.named.names.filter { $0 != "ids" }.map { RPCParameter(stringLiteral: $0) }
            (takesRecords, readsOnly) = (true, false)
        } else if let method = MethodTable.methods[call.method] {
            kind = .common(method)
            parameters = method.parameters
            (takesRecords, readsOnly) = (method.takesRecords, method.readsOnly)
        } else {
            throw Refusal.unknownMethod(call.label)
        }
        let (ids, rest, named) = try CallPlan.split(call, takesRecords: takesRecords, limit: limits.ids)
        self.ids = ids
        arguments = try RPCArguments(call.label, parameters, positional: rest, named: named)
    }

    func run(in env: Environment) throws -> RPCAnswer {
        let model = try env.registry.requireModel(call.model)
        switch kind {
        case .common(let method):
            return try method.body(RPCTarget(model: model, ids: ids, env: env, limits: limits, style: call.style), arguments)
        case .method(let method):
            if method.takesRecords { try env.checkAccess(.read, model, ids) }
            return .value(try method.body(Records(model, ids, env), arguments.map))
        case .action: return .value(try Records(model, ids, env).call(call.method, arguments.map))
        }
    }

    /// Parts the ids from the other arguments.
    private static func split(_ call: RPCCall, takesRecords: Bool, limit: Int) throws -> ([Int], ArraySlice<Value>, ValueMap) {
        var named = call.named
        var rest = call.positional[...]
        var given = named["ids"]
        if takesRecords {
            if given == nil, let first = rest.first {
                given = first
                rest = rest.dropFirst()
            } else {
                named["ids"] = nil
            }
        } else if call.style == .named, let ids = given {
            if !ids.isFalsy { throw Refusal.badArgument("cannot call \(call.label) with ids") }
            named["ids"] = nil
        }
        guard takesRecords, let given else { return ([], rest, named) }
        guard let ids = given.idList else { throw Refusal.badArgument("The ids of \(call.label)() are no list of ids.") }
        guard ids.count <= limit else { throw Refusal.tooMany("ids", limit) }
        return (unique(ids), rest, named)
    }

    /// The ids without repetition, as records of one kind are a set in order.
    private static func unique(_ ids: [Int]) -> [Int] {
        if ids.count < 2 { return ids }
        var seen = Set<Int>(minimumCapacity: ids.count)
        return ids.filter { seen.insert($0).inserted }
    }
}
