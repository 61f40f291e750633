import JSON
import Kernel

@testable import RPCDoor

/// The API's methods, over each way that leads to them.
extension DoorCells {
    /// How a call travels.
    enum Way: CaseIterable {
        case jsonrpc, xmlrpc, oldXMLRPC, dataset, datasetPath, button, buttonPath, json2

        var route: String {
            switch self {
            case .jsonrpc: "POST /jsonrpc"
            case .xmlrpc: "POST /xmlrpc/2/{service}"
            case .oldXMLRPC: "POST /xmlrpc/{service}"
            case .dataset: "POST /web/dataset/call_kw"
            case .datasetPath: "POST /web/dataset/call_kw/{path*}"
            case .button: "POST /web/dataset/call_button"
            case .buttonPath: "POST /web/dataset/call_button/{path*}"
            case .json2: "POST /json/2/{model}/{method}"
            }
        }
    }

    /// Every method of every model by JSON-RPC; a few of each by every other way.
    mutating func methods() throws {
        for model in scene.registry.models {
            let (open, closed) = try samples(model.name)
            for name in MethodTable.methods.keys.sorted() {
                guard let trial = MethodExpectation.common(name, model) else {
                    tally.leaks.append("The method \(name) has no case in MethodExpectation.common")
                    continue
                }
                let takesRecords = MethodTable.methods[name]?.takesRecords ?? true
                try attempt(.jsonrpc, model, name, trial, takesRecords, open, closed)
            }
            try own(model, open, closed)
            try fields(model, closed)
            for way in Way.allCases where way != .jsonrpc { try few(way, model, open, closed) }
        }
    }

    private mutating func own(_ model: ModelSchema, _ open: Int?, _ closed: Int?) throws {
        for name in model.methodNames {
            guard let method = model.method(name) else { continue }
            if method.takesRecords {
                try attempt(.jsonrpc, model, name, method.readsOnly ? .reads([]) : .changes([]), true, open, closed)
            } else if let trial = MethodExpectation.own("\(model.name).\(name)") {
                try attempt(.jsonrpc, model, name, trial, false, open, closed)
            } else {
                tally.leaks.append("The method \(model.name).\(name) has no case in MethodExpectation.own")
            }
        }
        for action in model.actions { try attempt(.jsonrpc, model, action.name, .changes([]), true, open, closed) }
    }

    /// Each field of a record out of reach, read and written by itself; and each masked field of one in reach.
    private mutating func fields(_ model: ModelSchema, _ closed: Int?) throws {
        let hidden = model.fields.filter { !expectation.sees($0) }
        if let closed {
            for field in model.fields where field.slot > ModelSchema.Slot.version {
                let label = "\(model.name)(\(closed)).\(field.name)"
                try refuse(.jsonrpc, model, "read", [[JSON(closed)], [.string(field.name)]], label + " read")
                try refuse(.jsonrpc, model, "write", [[JSON(closed)], [field.name: .bool(false)]], label + " write")
            }
        }
        guard let open = try samples(model.name).open else { return }
        for field in hidden {
            let label = "\(model.name)(\(open)).\(field.name)"
            try refuse(.jsonrpc, model, "read", [[JSON(open)], [.string(field.name)]], label + " read masked")
            try refuse(.jsonrpc, model, "search", [[[.string(field.name), "!=", "x"]]], label + " searched masked")
            if field.slot > ModelSchema.Slot.version {
                try refuse(.jsonrpc, model, "write", [[JSON(open)], [field.name: .bool(false)]], label + " write masked")
            }
        }
    }

    /// The calls that every way is tried with.
    mutating func few(_ way: Way, _ model: ModelSchema, _ open: Int?, _ closed: Int?) throws {
        let names = JSON.array(model.fields.map { .string($0.name) })
        try attempt(way, model, "read", .reads([names]), true, open, closed)
        try attempt(way, model, "search_read", .plain([[], names, 0, 5]), false, open, closed)
        try attempt(way, model, "write", .changes([["display_name": "zq"]]), true, open, closed)
        try attempt(way, model, "unlink", .changes([]), true, open, closed)
        if let action = model.actions.first { try attempt(way, model, action.name, .changes([]), true, open, closed) }
    }

    private mutating func attempt(
        _ way: Way, _ model: ModelSchema, _ name: String, _ trial: MethodExpectation.Trial, _ takesRecords: Bool, _ open: Int?,
        _ closed: Int?
    ) throws {
        let label = "\(model.name).\(name) by \(way)"
        switch trial {
        case .reads(let arguments):
            for id in [open, closed].compactMap({ $0 }) { _ = try call(way, model, name, [[JSON(id)]] + arguments, "\(label) (\(id))") }
        case .changes(let arguments):
            if let closed { try refuse(way, model, name, [[JSON(closed)]] + arguments, "\(label) (\(closed))") }
        case .makes(let arguments):
            if !expectation.right("c", model.name) { try refuse(way, model, name, arguments, label) }
        case .plain(let arguments): _ = try call(way, model, name, arguments, label)
        case .skipped: break
        }
    }

    private mutating func refuse(_ way: Way, _ model: ModelSchema, _ name: String, _ arguments: [JSON], _ label: String) throws {
        let answer = try call(way, model, name, arguments, label)
        let isNo = ["access.", "odoo.exceptions", "Unauthorized", "Session", "error", "fault"].contains { answer.text.contains($0) }
        expectRefused(answer.status >= 400 || isNo, label)
    }

    /// Sends a call; the first argument of methods on records is the list of ids.
    private mutating func call(_ way: Way, _ model: ModelSchema, _ name: String, _ arguments: [JSON], _ label: String) throws -> Wire.Answer
    {
        let arguments = JSON.array(arguments)
        var headers = ["Content-Type": "application/json"]
        var path = way.route.split(separator: " ").last.map(String.init) ?? ""
        let body: [UInt8]
        switch way {
        case .jsonrpc:
            body = JSON.rpc([
                "service": "object", "method": "execute_kw",
                "args": ["baton", JSON(asker.id), .string(secret), .string(model.name), .string(name), arguments],
            ])
        case .xmlrpc, .oldXMLRPC:
            path = path.replacing("{service}", with: "object")
            headers["Content-Type"] = "text/xml"
            let words: JSON = ["baton", JSON(asker.id), .string(secret), .string(model.name), .string(name), arguments]
            body = Array(("<methodCall><methodName>execute_kw</methodName><params>" + words.parameters + "</params></methodCall>").utf8)
        case .dataset, .datasetPath, .button, .buttonPath:
            path = path.replacing("{path*}", with: model.name + "/" + name)
            if !asker.isNobody { headers["Cookie"] = "session_id=" + asker.session }
            body = JSON.rpc(["model": .string(model.name), "method": .string(name), "args": arguments, "kwargs": [:]])
        case .json2:
            path = "/json/2/\(model.name)/\(name)"
            if !asker.isNobody { headers["Authorization"] = "Bearer " + asker.key }
            body = named(model, name, arguments.arrayValue ?? []).serialized()
        }
        return try ask(way.route, "POST", path, headers, body, label)
    }

    private var secret: String { asker.isNobody ? "" : DoorScene.password }

    /// Positional arguments by name, as JSON-2 wants them.
    private func named(_ model: ModelSchema, _ name: String, _ arguments: [JSON]) -> JSON {
        var rest = arguments[...]
        var object: JSONObject = [:]
        let method = MethodTable.methods[name]
        if method?.takesRecords ?? true, let ids = rest.popFirst() { object["ids"] = ids }
        for (parameter, value) in zip(method?.parameters.map(\.name) ?? [], rest) { object[parameter] = value }
        return .object(object)
    }
}

extension JSON {
    static func rpc(_ params: JSON) -> [UInt8] {
        let call: JSON = ["jsonrpc": "2.0", "method": "call", "id": 1, "params": params]
        return call.serialized()
    }

    /// As parameters of XML-RPC.
    var parameters: String { (arrayValue ?? []).map { "<param>\($0.xml)</param>" }.joined() }

    private var xml: String {
        let inside: String =
            switch self {
            case .null: "<nil/>"
            case .bool(let bool): "<boolean>\(bool ? 1 : 0)</boolean>"
            case .string(let text): "<string>\(text)</string>"
            case .array(let list): "<array><data>\(list.map(\.xml).joined())</data></array>"
            case .object(let object):
                "<struct>" + object.members.map { "<member><name>\($0.key)</name>\($0.value.xml)</member>" }.joined() + "</struct>"
            default: "<int>\(intValue ?? 0)</int>"
            }
        return "<value>\(inside)</value>"
    }
}
