import HTTPServer
import Kernel
import RPCDoor

/// `import`: rows of texts become records, all or none; a trial does everything and takes it back.
///
/// Shape: `{model, fields, rows, trial}` in, `{ids, messages}` out; each message names its row and field.
struct ImportCall: Sendable {
    let door: ClientDoor

    func add(to router: inout Router) {
        door.on("import", in: &router) { [door] call in
            let isTrial = call.flag("trial")
            do {
                return try await door.gate.write(call.caller) { env in
                    let model = try call.model(env)
                    try env.checkRight(.create, on: model)
                    let answer = try ModelCalls(env).answer(
                        "load", on: model.name,
                        ["fields": .list(call.texts("fields").map { .text($0) }), "data": call.body["rows"] ?? .list([])])
                    if isTrial { throw UndoneAnswer(answer: answer) }
                    return answer
                }
            } catch let undone as UndoneAnswer { return undone.answer }
        }
    }
}
