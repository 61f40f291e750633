import Base
import HTTPServer
import Kernel

/// `view_as`: an administrator's browser shows what another user would see, to read only; and back again.
///
/// Takes `user`, or nothing to stop; gives `until`, or false. It is the only call that changes anything while one sees as somebody else.
struct SeeingCall: Sendable {
    let door: ClientDoor

    func add(to router: inout Router) {
        door.on("view_as", in: &router) { [door] call in
            let session = call.caller.session
            guard !session.isEmpty else {
                throw Refusal(
                    "view_as.browser_only", .accessDenied, "Only a browser sees as somebody else.", instruction: "Sign in at /app.")
            }
            let authenticator = door.gate.authenticator
            guard let user = call.number("user") else {
                try await authenticator.stopSeeing(session: session, address: call.address)
                return false
            }
            // One at a time: rights are compared with one's own.
            guard call.caller.seeing == nil else { throw Refusal.onlyLooking() }
            return ["until": .instant(try await authenticator.see(as: user, session: session, address: call.address))]
        }
    }
}

extension ClientDoor {
    /// Leaves a line in the trail for a call of somebody who looks through another one's eyes: what they looked at, and as whom.
    func note(_ name: String, _ call: ClientCall) async throws {
        guard let seeing = call.caller.seeing, name != "view_as" else { return }
        let ids = call.body["ids"]?.idList ?? call.number("id").map { [$0] } ?? []
        let detail: ValueMap = ["seen_as": .int(seeing.userId), "call": .text(name), "name": .text(call.text("name") ?? "")]
        let model = call.text("model").flatMap { gate.database.registry.model($0)?.name } ?? "baton.view_as"
        let entry = AuditEntry(.read, model: model, ids: Array(ids.prefix(SeeingLimits.ids)), userId: call.caller.userId, detail: detail)
        try await gate.database.write(as: .system, superuser: true) { try $0.unit.transaction.appendAudit([entry]) }
    }
}

/// How much of a call stands in the trail.
enum SeeingLimits {
    /// The most ids of one line.
    static let ids = 200
}
