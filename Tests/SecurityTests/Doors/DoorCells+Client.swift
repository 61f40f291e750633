import JSON
import Kernel

/// The calls of the web client, for every model: in reach and out of reach.
extension DoorCells {
    mutating func client() throws {
        for model in scene.registry.models {
            let (open, closed) = try samples(model.name)
            let seen = model.fields.filter { expectation.sees($0) && $0.kind != .binary }.map { JSON.string($0.name) }
            try post("view", ["model": .string(model.name)], "view of \(model.name)")
            try post("choices", ["model": .string(model.name), "text": ""], "choices of \(model.name)")
            try post("search", ["model": .string(model.name), "fields": .array(seen), "limit": 500], "search of \(model.name)")
            for field in model.fields where !expectation.sees(field) {
                try post(
                    "search", ["model": .string(model.name), "fields": [.string(field.name)], "limit": 20],
                    "search of \(model.name).\(field.name)")
            }
            if let open { try post("record", ["model": .string(model.name), "id": JSON(open)], "record of \(model.name)(\(open))") }
            guard let closed else { continue }
            try refused("record", ["model": .string(model.name), "id": JSON(closed)], model)
            try refused("actions", ["model": .string(model.name), "ids": [JSON(closed)]], model)
            try refused("save", ["model": .string(model.name), "id": JSON(closed), "values": [:]], model)
            try refused("delete", ["model": .string(model.name), "ids": [JSON(closed)]], model)
            for action in model.actions {
                try refused("action", ["model": .string(model.name), "id": JSON(closed), "name": .string(action.name)], model)
            }
            var values = JSONObject()
            values[model.nameField] = "changed"
            let change: JSON = ["id": JSON(closed), "values": .object(values)]
            let answer = try post("bulk", ["model": .string(model.name), "changes": [change]], "bulk of \(model.name)(\(closed))")
            expectRefused(answer.status >= 300 || answer.json[0]?["done"] == false, "bulk of \(model.name)(\(closed))")
        }
    }

    @discardableResult
    private mutating func post(_ name: String, _ body: JSON, _ what: String) throws -> Wire.Answer {
        var headers = ["Content-Type": "application/json"]
        if !asker.isNobody { headers["Cookie"] = "session_id=" + asker.session }
        let answer = try ask("POST /app/api/" + name, "POST", "/app/api/" + name, headers, body.serialized(), what)
        if asker.isNobody { expectRefused(answer.status == 401, what + " by nobody: \(answer.status)") }
        return answer
    }

    private mutating func refused(_ name: String, _ body: JSON, _ model: ModelSchema) throws {
        let answer = try post(name, body, "\(name) of \(model.name)")
        expectRefused(answer.status >= 300, "\(name) of \(model.name): \(answer.status) \(body.text())")
    }
}
