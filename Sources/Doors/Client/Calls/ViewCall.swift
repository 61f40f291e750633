import HTTPServer
import Kernel
import RPCDoor

/// `view` and `choices`: the descriptor of a model, and records to choose among by a few letters.
struct ViewCall: Sendable {
    let door: ClientDoor

    /// The most choices of one call.
    private static let choiceLimit = 50

    func add(to router: inout Router) {
        door.on("view", in: &router) { [door] call in
            try await door.gate.read(call.caller) { env in
                let model = try call.model(env)
                try env.checkRight(.read, on: model)
                return try Descriptor.make(door.catalogue.views(of: model), model, env)
            }
        }
        door.on("choices", in: &router) { [door] call in
            try await door.gate.read(call.caller) { env in try ViewCall.choices(call, env, door.catalogue) }
        }
    }

    /// Records of a model, or those that an action's question allows for a record.
    private static func choices(_ call: ClientCall, _ env: Environment, _ catalogue: ViewCatalogue) throws -> Value {
        let model = try call.model(env)
        var domain = try call.domain()
        if let text = call.text("where") { domain = domain & (try asked(text, call, env, catalogue)) }
        let found = try env.nameSearch(
            model, call.text("text") ?? "", domain: domain, comparison: .ilike, limit: min(call.number("limit") ?? 20, choiceLimit))
        return .list(try found.names().map { [.int($0.id), .text($0.name)] })
    }

    /// The condition of a question: only one that the views declare, with the values of the record that is asked about.
    private static func asked(_ text: String, _ call: ClientCall, _ env: Environment, _ catalogue: ViewCatalogue) throws -> Domain {
        guard let name = call.text("of"), let home = env.registry.model(name) else { throw Refusal.badCall("of", "the name of a model") }
        let declared = catalogue.views(of: home).actions.flatMap(\.asks).compactMap { ask in
            if case .record(_, let domain) = ask.kind, domain.text == text { domain } else { nil }
        }
        guard let domain = declared.first else { throw Refusal.badCall("where", "a condition that the views declare") }
        var names = DomainNames(env)
        if let id = call.number("record") {
            let record = Records(home, [id], env)
            try env.checkAccess(.read, home, [id])
            for path in domain.names where path.hasPrefix("record.") {
                names = names.adding(path, try record.value(id, String(path.dropFirst(7))))
            }
        }
        return try domain.domain(names)
    }
}
