import Crypto
import Exceptions
import HTTPServer
import Kernel
import RPCDoor
import Referrals

/// What is done about callers who are not known, and about what programs send that cannot be taken.
package struct Watching: Sendable {
    private let house: House
    private let attempts: AttemptLog

    /// The beginning of a body whose digest stands beside that of the whole.
    private static let beginning = 4_096
    /// What programs bring in by the API of Odoo's clients; refused ones are kept as those of the other doors are.
    package static let intakeModels: Set<String> = ["care.referral", "care.patient", "care.coverage", "care.document"]

    package init(_ house: House) {
        self.house = house
        attempts = house.attempts
    }

    /// Notes a call by somebody who is not known.
    package func stranger(_ address: String, _ route: String) {
        attempts.note(
            AttemptLog.Attempt(
                cause: "security.unauthorised", title: "Calls without a valid login",
                remedy: "Find out who works at the address. Give a partner a user and an API key; block whoever has no business here.",
                route: route, address: address))
    }

    /// Notes a system that may not send HL7.
    package func untrusted(_ address: String) {
        attempts.note(
            AttemptLog.Attempt(
                cause: "security.untrusted_address", title: "Connections for HL7 that were turned away",
                remedy: "If the address is a partner's, add it to --mllp-trusted; else block it.", route: "mllp", address: address))
    }

    /// The hooks of the door for Odoo's clients.
    package func watch(_ configuration: inout RPCConfiguration) {
        let watching = self
        configuration.intakeModels = Watching.intakeModels
        configuration.denied = { watching.stranger($0.address, $0.route) }
        configuration.unreadable = { watching.unreadable($0) }
        configuration.refused = { await watching.refused($0) }
    }

    /// Notes a body that is no call: its size and digests, by which the program's owner finds it in their own log.
    private func unreadable(_ call: UnreadableCall) {
        let whole = SHA256.hash(call.body).hex
        var note = "\(call.body.count) bytes, SHA-256 \(whole)"
        if call.body.count > Watching.beginning {
            note += ", of the first \(Watching.beginning): " + SHA256.hash(Array(call.body.prefix(Watching.beginning))).hex
        }
        attempts.note(
            AttemptLog.Attempt(
                cause: call.refusal.code, title: "A program sends what is no call",
                remedy: "Tell whoever runs the program: \(call.refusal.instruction)", route: call.program.route,
                address: call.program.address, note: note))
    }

    /// Keeps a refused call of a program that brings something in.
    private func refused(_ call: RefusedCall) async {
        // The answer says what is wrong in any case; without room on the disk that has to do.
        try? await house.database.write(as: call.user) { env in
            let arrival = IntakeDesk.Arrival(
                channel: .api, sender: env.user.login, name: call.label, mediaType: "application/json", content: call.content)
            try IntakeDesk.keep(arrival, refused: call.refusal, limit: IntakeDesk.refusedBytes, in: env)
        }
    }
}

/// The routes, with an ear for answers that say "nobody is signed in".
package struct WatchedRouter: HTTPHandler {
    package let router: Router
    package let watching: Watching

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let response = await router.respond(to: request)
        if response.status == 401 {
            watching.stranger(request.remoteAddress, "/" + (request.path.split(separator: "/").first.map(String.init) ?? ""))
        }
        return response
    }

    package func bodyLimit(_ method: HTTPMethod, _ rawPath: String) -> Int? { router.bodyLimit(method, rawPath) }

    package func respondAtOnce(to request: HTTPRequest) -> HTTPResponse? { router.respondAtOnce(to: request) }
}
