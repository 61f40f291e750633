import HTTPServer
import Kernel

/// `presence`: a page says which record it has open, or that it has none open any more.
struct PresenceCall: Sendable {
    let door: ClientDoor

    func add(to router: inout Router) {
        door.on("presence", in: &router) { [door] call in
            guard let page = call.text("page"), !page.isEmpty, page.count <= PresenceBoard.pageLetters, !page.contains(" ") else {
                throw Refusal.badCall("page", "a short name of the page")
            }
            let user = call.caller.userId
            guard let id = call.number("id") else {
                _ = try await door.gate.read(call.caller) { $0.user.id }
                try await door.presence.note(nil, page: page, of: user)
                return true
            }
            // Nobody is seen at a record that they may not read.
            let model = try await door.gate.read(call.caller) { env in
                let model = try call.model(env)
                try env.checkAccess(.read, model, [id])
                return model.name
            }
            try await door.presence.note(PresenceBoard.Seat(model: model, record: id, user: user), page: page, of: user)
            return true
        }
    }
}
