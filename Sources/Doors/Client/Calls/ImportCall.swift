import HTTPServer
import Kernel
import RPCDoor
import Workspace

/// `import`: rows of texts become records, all or none; a trial does everything and takes it back.
///
/// Shape: `{model, fields, rows, trial, batch}` in, `{ids, messages, batch}` out; each message names its row and field. `batch` is the import
/// that a part belongs to, by which all of it can be taken back for a day.
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
                    guard var map = answer.mapValue, let made = map["ids"]?.idList, !made.isEmpty else { return answer }
                    map["batch"] = .int(try ImportDesk.note(made, of: model, in: call.number("batch"), env))
                    return .map(map)
                }
            } catch let undone as UndoneAnswer { return undone.answer }
        }
    }
}
