import HTTPServer
import Kernel
import Store

/// `handed_over`: says that records left the screen, on paper or as a file, so that the trail knows; the client says it as it prints or exports.
///
/// Takes `model`, `ids` and `form` (`print`, `csv`, `xlsx`); gives true. Nobody tells of records that they may not read.
struct HandOverCall: Sendable {
    let door: ClientDoor

    private static let forms = ["print", "csv", "xlsx"]
    /// The most records of one call.
    private static let limit = 2_000

    func add(to router: inout Router) {
        door.on("handed_over", in: &router) { [door] call in
            guard let form = call.text("form"), HandOverCall.forms.contains(form) else {
                throw Refusal.badCall("form", "print, csv or xlsx")
            }
            let ids = try call.ids(limit: HandOverCall.limit)
            try await door.gate.write(call.caller) { env in
                let model = try call.model(env)
                try env.checkAccess(.read, model, ids)
                let entry = AuditEntry(
                    .export, model: model.name, ids: ids, userId: env.user.id,
                    detail: ["format": .text(form), "records": .int(ids.count), "by": "the client"])
                try env.unit.transaction.appendAudit([entry])
            }
            return true
        }
    }
}
