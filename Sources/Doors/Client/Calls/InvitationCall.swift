import Base
import HTMLPages
import HTTPServer
import Kernel
import Messaging
import RPCDoor

/// `invite`: a mail with a link to set a password, for those who look after access; and `join`: the link's other end, for whoever has it.
struct InvitationCall: Sendable {
    let door: ClientDoor
    /// Bytes of what a stranger may send.
    private static let strangerBytes = 8 << 10

    func add(to router: inout Router) {
        router.on(.post, "/app/api/invite", bodyLimit: door.configuration.bodyBytes) { [door] request in
            do {
                let caller = try await door.gate.caller(of: request)
                let body = try ClientCall.body(of: request, door.configuration.bodyBytes)
                let call = ClientCall(caller: caller, body: body, address: request.remoteAddress)
                guard let user = call.number("id") else { throw Refusal.badCall("id", "the id of a user") }
                let address = InvitationCall.address(door.configuration, request)
                let email = try await door.gate.write(caller) { env in try InvitationMail.send(to: user, address: address, env) }
                return ClientDoor.json(PlainJSON.bytes(["email": .text(email)]), for: request)
            } catch { return door.problem(error, "invite") }
        }
        router.on(.post, "/app/api/join", bodyLimit: InvitationCall.strangerBytes) { [door] request in
            do {
                guard CallerGate.isFromOwnPage(request) else { throw Refusal.foreignPage() }
                let body = try ClientCall.body(of: request, InvitationCall.strangerBytes)
                let answer = try await InvitationCall.join(body, door)
                return ClientDoor.json(PlainJSON.bytes(answer), for: request)
            } catch { return door.problem(error, "join") }
        }
    }

    /// Whose link it is, or, with a password, that it is set.
    private static func join(_ body: ValueMap, _ door: ClientDoor) async throws -> Value {
        let secret = body["token"]?.textValue ?? ""
        let password = body["password"]?.textValue
        let login = try await door.gate.database.read(as: .system, superuser: true) { try Invitations($0).login(of: secret) }
        guard let login else { throw Refusal.invitationIsOver() }
        guard let password else { return ["login": .text(login), "done": false] }
        try Passwords.checkStrength(password)
        try await door.gate.database.write(as: .system, superuser: true) { _ = try Invitations($0).redeem(secret, password: password) }
        return ["login": .text(login), "done": true]
    }

    /// Where the client is: as the place was told, else as the browser asked for it.
    private static func address(_ configuration: ClientConfiguration, _ request: HTTPRequest) -> String {
        if !configuration.publicURL.isEmpty { return configuration.publicURL }
        return "\(request.isTLS ? "https" : "http")://\(request.headers["Host"] ?? "localhost")"
    }
}
