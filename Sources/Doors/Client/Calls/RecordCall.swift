import HTTPServer
import Kernel
import RPCDoor
import Views

/// `record`: one record as a form shows it, with its related records, its history, and what this user may do with it now.
struct RecordCall: Sendable {
    let door: ClientDoor

    private static let relatedLimit = 80

    func add(to router: inout Router) {
        door.on("record", in: &router) { [door] call in
            try await door.gate.read(call.caller) { env in
                let model = try call.model(env)
                guard let id = call.number("id") else { throw Refusal.badCall("id", "the id of a record") }
                var answer = try RecordCall.answer(model, id, env, door)
                if call.flag("describe") { answer["view"] = try Descriptor.make(door.catalogue.views(of: model), model, env) }
                return .map(answer)
            }
        }
        door.on("defaults", in: &router) { [door] call in
            try await door.gate.read(call.caller) { env in
                let model = try call.model(env)
                try env.checkRight(.create, on: model)
                var answer = ValueMap()
                answer["values"] = .map(try RecordCall.defaults(model, call.texts("fields"), env))
                if call.flag("describe") { answer["view"] = try Descriptor.make(door.catalogue.views(of: model), model, env) }
                return .map(answer)
            }
        }
    }

    /// What a new record begins with; a link with the name of its target.
    private static func defaults(_ model: ModelSchema, _ names: [String], _ env: Environment) throws -> ValueMap {
        let superuser = env.asSuperuser("a link shows the name of its target")
        let answer = try ModelCalls(env).answer("default_get", on: model.name, ["fields": .list(names.map { .text($0) })])
        var values = answer.mapValue ?? [:]
        for entry in values.entries {
            guard case .many2one(let comodel, _)? = model.field(entry.name)?.kind, let id = entry.value.intValue, id > 0,
                let name = try Records(try env.registry.requireModel(comodel), [id], superuser).names().first?.name
            else { continue }
            values[entry.name] = ["id": .int(id), "display_name": .text(name)]
        }
        return values
    }

    /// The record with all that a form shows of it.
    static func answer(_ model: ModelSchema, _ id: Int, _ env: Environment, _ door: ClientDoor) throws -> ValueMap {
        try env.checkAccess(.read, model, [id])
        let views = door.catalogue.views(of: model)
        let calls = ModelCalls(env)
        let read = try calls.answer(
            "web_read", on: model.name, ids: [id], ["specification": .map(specification(views, model, env))])
        guard let values = read.listValue?.first?.mapValue else { throw Refusal.missingRecords([id], in: model.name) }
        var answer: ValueMap = ["id": .int(id), "values": .map(values)]
        let actions = try calls.answer("available_actions", on: model.name, ids: [id]).mapValue ?? [:]
        answer["actions"] = actions[String(id)] ?? .list([])
        answer["parts"] = .map(try parts(views, model, values, env))
        answer["can"] = .map(ValueMap([AccessOperation.write, .unlink].map { ($0.rawValue, .bool(may($0, model, id, env))) }))
        answer["files"] = .list(try History.files(model, id, env))
        if model.hasChatter { answer["history"] = .list(try History.lines(model, id, limit: door.configuration.historyLines, env)) }
        return answer
    }

    private static func may(_ operation: AccessOperation, _ model: ModelSchema, _ id: Int, _ env: Environment) -> Bool {
        (try? env.checkAccess(operation, model, [id])) != nil
    }

    /// Everything that the form names, related records with their columns.
    private static func specification(_ views: ModelViews, _ model: ModelSchema, _ env: Environment) -> ValueMap {
        let form = views.form
        var names = form.sections.flatMap(\.fields) + form.subtitle + views.list.columns + [model.nameField]
        if let path = form.path { names.append(path) }
        for name in ["write_date", "write_uid", "create_date"] { names.append(name) }
        var map = Specification.of(names.filter { model.field($0)?.kind != .binary }, model, env)
        for part in form.related { related(part.field, part.columns, &map, model, env) }
        if model.hasChatter { related("activity_ids", ["summary", "date_deadline", "user_id", "activity_type_id"], &map, model, env) }
        for part in form.rail {
            switch part {
            case .clocks(let field): related(field, clockFields, &map, model, env)
            case .checklist(let field, let state, _), .suggestions(let field, let state, _):
                related(field, [state, "explanation", "score", "comment", "rule"], &map, model, env)
            case .readings, .access: break
            case .release: if model.field("report") != nil { map["report"] = .map([:]) }
            }
        }
        return map
    }

    private static let clockFields = [
        "name", "state", "outcome", "is_warned", "is_breached", "warn_at", "breach_at", "target_minutes", "elapsed_now", "started_at",
    ]

    private static func related(_ name: String, _ columns: [String], _ map: inout ValueMap, _ model: ModelSchema, _ env: Environment) {
        guard let field = model.field(name), env.canSee(field), let comodel = field.kind.comodel.flatMap(env.registry.model),
            env.allows(.read, on: comodel)
        else { return }
        let inside = Specification.of(columns.filter { comodel.field($0)?.kind != .binary }, comodel, env)
        let known = map[name]?.mapValue?["fields"]?.mapValue ?? [:]
        map[name] = .map(["fields": .map(known.merging(inside)), "limit": .int(relatedLimit)])
    }

    /// What may be done with the records of the rail, by relation and id.
    private static func parts(_ views: ModelViews, _ model: ModelSchema, _ values: ValueMap, _ env: Environment) throws -> ValueMap {
        var parts = ValueMap()
        let names =
            views.form.related.map(\.field)
            + views.form.rail.compactMap { part in
                switch part {
                case .clocks, .readings, .release, .access: nil
                case .checklist(let field, _, _), .suggestions(let field, _, _): field
                }
            }
        for name in names {
            let ids = (values[name]?.listValue ?? []).compactMap { $0.mapValue?["id"]?.intValue }
            guard let comodel = model.field(name)?.kind.comodel, !ids.isEmpty else { continue }
            let actions = try ModelCalls(env).answer("available_actions", on: comodel, ids: Array(ids.prefix(relatedLimit)))
            parts[name] = ["model": .text(comodel), "actions": actions]
        }
        return parts
    }
}
