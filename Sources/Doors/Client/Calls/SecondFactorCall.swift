import Base
import HTTPServer
import Kernel

/// `totp`: a person's own second factor, from a browser's session alone, and with the password where a passer-by must not do it.
struct SecondFactorCall: Sendable {
    let door: ClientDoor

    func add(to router: inout Router) {
        door.on("totp", in: &router) { [self] call in
            guard !call.caller.session.isEmpty else {
                throw Refusal(
                    "totp.browser_only", .accessDenied, "A second factor is set up in the browser, by its owner.",
                    instruction: "Sign in and open My settings.")
            }
            return try await answer(call)
        }
    }

    private func answer(_ call: ClientCall) async throws -> Value {
        let step = call.text("step") ?? "state"
        let session = call.caller.session
        let code = call.text("code") ?? ""
        if ["begin", "codes", "disable"].contains(step) {
            let password = call.text("password") ?? ""
            try await door.gate.authenticator.requirePassword(password, of: call.caller.userId, address: call.address)
        }
        switch step {
        case "state": return try await door.gate.read(call.caller) { .map(try OwnSecondFactor($0).state()) }
        case "begin": return try await door.gate.write(call.caller) { .map(try OwnSecondFactor($0).begin()) }
        case "confirm": return try await door.gate.write(call.caller) { .map(try OwnSecondFactor($0).confirm(code, session: session)) }
        case "codes": return try await door.gate.write(call.caller) { .map(try OwnSecondFactor($0).newCodes()) }
        case "disable": return try await door.gate.write(call.caller) { .map(try OwnSecondFactor($0).disable(session: session)) }
        default: throw Refusal.badCall("step", "state, begin, confirm, codes or disable")
        }
    }
}
