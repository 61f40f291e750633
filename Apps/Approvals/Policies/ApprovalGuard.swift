import Base
import Kernel

/// Stands before actions: asks toxic pairs, puts requests in the place of actions that need approval, and remembers who did what.
struct ApprovalGuard: ActionGuard {
    func judge(_ action: AnyAction, on records: Records, arguments: ValueMap) throws -> ActionVerdict {
        if isOwn(records.model) { return .run }
        let book = try PolicyBook.current(records.env)
        try ToxicPairs.check(action.name, groups: action.groups, on: records, people: [records.env.user.id], records.env)
        guard book.watched.contains(records.model.name) else { return .run }
        if book.policies[records.model.name]?[action.name] != nil, try !Executing.isGranted(action.name, on: records) {
            let needing = try records.ids.filter { try book.policy(for: action.name, on: records, $0) != nil }
            if !needing.isEmpty { return .replaced(by: try ask(action, records, needing, arguments, book)) }
        }
        try Doers.record(action.name, [records.env.user.id], on: records)
        return .run
    }

    func offer(_ action: AnyAction, on records: Records, id: Int) throws -> ActionOffer {
        if isOwn(records.model) { return .plain }
        let env = records.env
        do {
            try ToxicPairs.check(
                action.name, groups: action.groups, on: records.only(id), people: [env.user.id], env, isRehearsal: true)
        } catch let refusal as Refusal where refusal.code == "sod.toxic_pair" { return .hidden }
        guard let policy = try PolicyBook.current(env).policy(for: action.name, on: records, id) else { return .plain }
        if let request = try Requesting.open(policy, action.name, records.only(id), env) {
            return .marked("Waits for approval: \(request.displayedName)")
        }
        return .marked("Needs approval: \(policy.name)")
    }

    private func isOwn(_ model: ModelSchema) -> Bool { model.app == "approvals" }

    /// Asks for approval of some of the records, and runs the action for the others.
    private func ask(
        _ action: AnyAction, _ records: Records, _ needing: [Int], _ arguments: ValueMap, _ book: PolicyBook
    ) throws -> Value {
        let others = records.ids.filter { !needing.contains($0) }
        if !others.isEmpty { _ = try Records(records.model, others, records.env).call(action.name, arguments) }
        var requests: [Record<Request>] = []
        for id in needing {
            guard let policy = try book.policy(for: action.name, on: records, id) else { continue }
            requests.append(try Requesting.ask(policy, action, Records(records.model, [id], records.env), arguments))
        }
        let ids = requests.map(\.id)
        return .map([
            "type": "ir.actions.act_window", "res_model": .text(Request.name), "res_id": ids.first.map { .int($0) } ?? false,
            "res_ids": .ids(ids), "views": [[false, "form"]], "approval_status": "pending",
            "name": .text(requests.first?.displayedName ?? ""),
        ])
    }
}
