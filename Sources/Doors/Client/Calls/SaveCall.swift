import HTTPServer
import Kernel
import RPCDoor

/// `save`, `bulk` and `delete`: changes of records, each refused when somebody else was faster.
struct SaveCall: Sendable {
    let door: ClientDoor

    func add(to router: inout Router) {
        door.on("save", in: &router) { [door] call in
            let id = try await door.saves.once(call) {
                try await door.gate.write(call.caller, context: SaveCall.context(call)) { try SaveCall.save(call, $0) }
            }
            return try await door.gate.read(call.caller) { env in .map(try RecordCall.answer(try call.model(env), id, env, door)) }
        }
        door.on("bulk", in: &router) { [door] call in
            let limit = door.configuration.records
            return try await door.gate.write(call.caller) { env in try SaveCall.bulk(call, env, limit: limit) }
        }
        door.on("delete", in: &router) { [door] call in
            let limit = door.configuration.records
            return try await door.gate.write(call.caller, context: SaveCall.context(call)) { env in
                try Records(try call.model(env), try call.ids(limit: limit), env).unlink()
                return .bool(true)
            }
        }
    }

    /// The version that the caller has seen, where it says so.
    static func context(_ call: ClientCall) -> ValueMap { call.number("version").map { ["expected_version": .int($0)] } ?? [:] }

    private static func save(_ call: ClientCall, _ env: Environment) throws -> Int {
        let model = try call.model(env)
        let values = call.map("values")
        guard let id = call.number("id") else { return try env.create(model, [values]).ids.first ?? 0 }
        try Records(model, [id], env).write(values)
        return id
    }

    /// One change for many records, each from the version that was seen; what is refused says why and the rest is done.
    ///
    /// Shape: `changes` is a list of `{id, version, values}`. Each answer tells the values before, so that it can be taken back.
    private static func bulk(_ call: ClientCall, _ env: Environment, limit: Int) throws -> Value {
        let model = try call.model(env)
        let changes = (call.body["changes"]?.listValue ?? []).compactMap(\.mapValue)
        guard changes.count <= limit else { throw Refusal.tooManyRecords(limit) }
        let isPreview = call.flag("preview")
        let lines: [Value] = try changes.map { change in
            guard let id = change["id"]?.intValue else { throw Refusal.badCall("changes", "a list of changes with ids") }
            let values = change["values"]?.mapValue ?? [:]
            if let refusal = try obstacle(id, change["version"]?.intValue, model, env) { return line(id, refusal) }
            let records = Records(model, [id], env)
            let before = ValueMap(try values.names.map { ($0, try records.value(id, try model.requireField($0))) })
            if !isPreview { try records.write(values) }
            let version = try records.value(id, model.fields[ModelSchema.Slot.version])
            return [
                "id": .int(id), "done": true, "before": .map(before), "version": isPreview ? version : .int((version.intValue ?? 0)),
                "name": try records.value(id, "display_name"),
            ]
        }
        return .list(lines)
    }

    private static func line(_ id: Int, _ refusal: Refusal) -> Value {
        ["id": .int(id), "done": false, "code": .text(refusal.code), "message": .text(refusal.sentence)]
    }

    /// Why a record cannot be changed, found out before anything is written.
    private static func obstacle(_ id: Int, _ version: Int?, _ model: ModelSchema, _ env: Environment) throws -> Refusal? {
        do { try env.checkAccess(.write, model, [id]) } catch let refusal as Refusal { return refusal }
        let found = try Records(model, [id], env).value(id, model.fields[ModelSchema.Slot.version]).intValue ?? 0
        guard let version, version != found else { return nil }
        return try Records(model, [id], env).stale(id, expected: version, found: found)
    }
}
