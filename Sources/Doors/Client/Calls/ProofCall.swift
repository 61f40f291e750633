import Base
import HTTPServer
import Kernel

/// `prove`: whoever sits at a browser shows once more who they are, before a step that asks for it.
///
/// Takes `code`, of whoever has a second factor, or `password`; gives `until`. Neither stands in a log or in the trail.
struct ProofCall: Sendable {
    let door: ClientDoor

    func add(to router: inout Router) {
        door.on("prove", in: &router) { [door] call in
            let caller = call.caller
            guard !caller.session.isEmpty else {
                throw Refusal(
                    "login.proof_browser", .accessDenied, "Only a browser's session shows again who sits at it.",
                    instruction: "Sign in at /app.")
            }
            guard caller.seeing == nil else { throw Refusal.onlyLooking() }
            let code = call.text("code") ?? ""
            let secret: Authenticator.ShownSecret = code.isEmpty ? .password(call.text("password") ?? "") : .code(code)
            let until = try await door.gate.authenticator.prove(
                secret, session: caller.session, of: caller.userId, address: call.address)
            return ["until": .instant(until)]
        }
    }
}
