import HTTPServer
import Kernel
import RPCDoor

/// `action` and `method`: what the model's apps let people do with records; `actions`: what is offered for each of many.
struct ActionCall: Sendable {
    let door: ClientDoor

    /// The most records whose actions are told at once.
    private static let offered = 200

    func add(to router: inout Router) {
        door.on("action", in: &router) { [door] call in
            let limit = door.configuration.records
            let result = try await door.gate.write(call.caller, context: SaveCall.context(call)) { env in
                let name = call.text("name") ?? ""
                return try Records(try call.model(env), try call.ids(limit: limit), env).call(name, call.map("arguments"))
            }
            guard let id = call.number("id") else { return ["result": result] }
            return try await door.gate.read(call.caller) { env in
                var answer = (try? RecordCall.answer(try call.model(env), id, env, door)) ?? [:]
                answer["result"] = result
                return .map(answer)
            }
        }
        door.on("actions", in: &router) { [door] call in
            try await door.gate.read(call.caller) { env in
                let model = try call.model(env)
                let ids = try call.ids(limit: ActionCall.offered)
                return try ModelCalls(env).answer("available_actions", on: model.name, ids: ids)
            }
        }
        door.on("method", in: &router) { [door] call in
            let limit = door.configuration.records
            let name = call.text("name") ?? ""
            let run: @Sendable (Environment) throws -> Value = { env in try ActionCall.method(name, call, env, limit: limit) }
            let isReading = (call.text("model").flatMap(door.gate.database.registry.model)?.method(name))?.readsOnly ?? false
            // What a method only tries is undone, and its answer is one all the same.
            do { return isReading ? try await door.gate.read(call.caller, run) : try await door.gate.write(call.caller, run) } catch let
                undone as UndoneAnswer
            { return undone.answer }
        }
    }

    /// What a method of a model answers.
    private static func method(_ name: String, _ call: ClientCall, _ env: Environment, limit: Int) throws -> Value {
        let model = try call.model(env)
        guard let method = model.method(name), !name.hasPrefix("_") else {
            throw Refusal("client.no_method", .missing, "'\(model.name)' has no method '\(name)'.", instruction: "Load the page again.")
        }
        let ids = method.takesRecords ? try call.ids(limit: limit) : []
        if method.takesRecords { try env.checkAccess(.read, model, ids) }
        var arguments = ValueMap()
        for entry in call.map("arguments").entries where method.parameters.contains(entry.name) { arguments.entries.append(entry) }
        return try method.body(Records(model, ids, env), arguments)
    }
}
