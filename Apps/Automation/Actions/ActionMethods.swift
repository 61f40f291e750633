import Base
import Kernel

/// What programs may call on server actions.
enum ActionMethods {
    static let all = [
        Method<ServerAction>("run", onRecords: { actions, _ in try run(actions) }),
        Method<ServerAction>(
            "create_action",
            onRecords: { actions, _ in
                for action in actions {
                    try action.write(["binding_model_id": action.model.map { .int($0.id) } ?? .null, "binding_type": "action"])
                }
                return .bool(true)
            }),
        Method<ServerAction>(
            "unlink_action",
            onRecords: { actions, _ in
                try actions.write(["binding_model_id": false])
                return .bool(true)
            }),
        Method<ServerAction>(
            "get_bindings", ["model_name"], readsOnly: true,
            onModel: { env, arguments in
                try bindings(arguments["model_name"]?.textValue ?? "", env)
            }),
    ]

    /// Runs actions on the records that the context names, as the caller.
    private static func run(_ actions: Recordset<ServerAction>) throws -> Value {
        var answer = Value.bool(false)
        let readable = actions.env.asSuperuser("whoever may run an action need not read it")
        for action in readable.records(ServerAction.self, actions.ids) {
            // Who cannot see actions runs those that somebody has put into a menu or given to groups.
            if action.bindingModel == nil, action.groups.isEmpty { try actions.env.checkAccess(.read, actions.records.model, [action.id]) }
            let plan = try ActionPlan.inForce(action.id, in: actions.env)
            let ids = actions.env.context["active_ids"]?.idList ?? actions.env.context["active_id"]?.idList ?? []
            if let named = actions.env.context["active_model"]?.textValue, named != plan.modelName, !ids.isEmpty {
                throw Refusal.action(
                    "wrong_records", plan.name, "works on '\(plan.modelName)', not on '\(named)'.", "Choose records of '\(plan.modelName)'."
                )
            }
            let env = actions.env.because(plan.cause, on: try actions.env.records(plan.modelName, ids))
            answer = try ActionRun(plan, on: try env.records(plan.modelName, ids)).run()
        }
        return answer
    }

    /// The actions that a model's menu offers to the caller.
    private static func bindings(_ model: String, _ env: Environment) throws -> Value {
        let all = env.asSuperuser("the menu shows the names of actions, nothing else of them")
        let found = try all.search(ServerAction.self, .where("binding_model_id.model", .equal, .text(model)))
        let mine = found.filter { $0.groups.isEmpty || !Set($0.groups.ids).isDisjoint(with: env.user.groupIds) || env.isSuperuser }
        return ["action": .list(mine.map { ["id": .int($0.id), "name": .text($0.displayedName), "type": "ir.actions.server"] })]
    }
}
