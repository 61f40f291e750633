import Kernel
import RPCDoor
import Views

/// The views of a model as the client gets them: for this user, with what it may do, and without what it may not see.
enum Descriptor {
    private static let attributes: Value = [
        "string", "type", "help", "required", "readonly", "selection", "relation", "relation_field", "groupable", "sortable", "size",
        "digits",
        "currency_field", "aggregator", "falsy_value_label", "searchable", "store",
    ]

    static func make(_ own: ModelViews, _ model: ModelSchema, _ env: Environment) throws -> Value {
        let arrangement = try Arrangement(of: model, env)
        let views = own.arranged(by: arrangement.layers)
        var fields = try ModelCalls(env).answer("fields_get", on: model.name, ["attributes": attributes]).mapValue ?? [:]
        let known = Set(fields.names)
        for (name, language) in codes(views.form, model) {
            guard var field = fields[name]?.mapValue else { continue }
            field["code"] = language
            fields[name] = .map(field)
        }
        var answer: ValueMap = [
            "model": .text(model.name), "title": .text(model.title), "plural": .text(views.plural), "icon": .text(views.icon),
            "path": views.place.map { .text($0.path) } ?? .null, "kinds": .list(kinds(views).map { .text($0) }), "fields": .map(fields),
            "name_field": .text(model.nameField), "chatter": .bool(model.hasChatter),
            "list": list(views.list, known), "form": try form(views.form, model, known, env), "search": search(views, known),
            "tones": .map(ValueMap(views.tones.sorted { $0.key < $1.key }.map { ($0.key, tone($0.value)) })),
            "actions": .map(ValueMap(views.actions.map { ($0.name, action($0)) })),
            "titles": .map(ValueMap(model.actions.map { ($0.name, .text($0.title)) })), "can": rights(model, env),
        ]
        answer["layers"] = arrangement.described(own, known)
        if let board = views.board, known.contains(board.columns) { answer["board"] = self.board(board, known) }
        if let calendar = views.calendar, known.contains(calendar.start) {
            answer["calendar"] = ["start": .text(calendar.start), "stop": .text(calendar.stop), "title": .text(calendar.title)]
        }
        if let activity = views.activity {
            answer["activity"] = ["card": seen(activity.card.isEmpty ? views.list.compact : activity.card, known)]
        }
        if let analysis = views.analysis {
            answer["analysis"] = [
                "rows": .text(analysis.rows), "columns": .text(analysis.columns), "measures": .list(analysis.measures.map { .text($0) }),
            ]
        }
        return .map(answer)
    }

    /// Fields that hold code, with its language and when they hold it: those that the views name, and conditions on records.
    private static func codes(_ form: FormView, _ model: ModelSchema) -> [(String, Value)] {
        let conditions = model.fields.filter { $0.type == "text" && ($0.name.hasSuffix("_domain") || $0.name == "domain_force") }
        return conditions.map { ($0.name, ["language": .text(FormView.Language.python.rawValue)]) }
            + form.code.map { code in
                let when: Value = code.when.map { [.text($0.field), .text($0.value)] } ?? .null
                return (code.field, ["language": .text(code.language.rawValue), "when": when])
            }
    }

    /// The kinds of views that there are, the usual one first.
    static func kinds(_ views: ModelViews) -> [String] {
        var kinds = ["list"]
        if views.board != nil { kinds.append("board") }
        if views.calendar != nil { kinds.append("calendar") }
        if views.activity != nil { kinds.append("activity") }
        if views.analysis != nil { kinds += ["pivot", "graph"] }
        return kinds
    }

    private static func rights(_ model: ModelSchema, _ env: Environment) -> Value {
        .map(ValueMap(AccessOperation.allCases.map { ($0.rawValue, .bool(env.allows($0, on: model))) }))
    }

    private static func seen(_ names: [String], _ known: Set<String>) -> Value {
        .list(names.filter { name in known.contains(String(name.prefix { $0 != ":" && $0 != "." })) }.map { .text($0) })
    }

    private static func list(_ list: ListView, _ known: Set<String>) -> Value {
        [
            "columns": seen(list.columns, known), "order": .text(list.order), "compact": seen(list.compact, known),
            "bulk": seen(list.bulk, known),
            "widths": .map(
                ValueMap(list.widths.filter { known.contains($0.key) }.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) })),
            "density": list.density.map { .text($0) } ?? .null,
            "claim": list.claim.map { known.contains($0.field) ? ["field": .text($0.field), "filter": .text($0.filter)] : .null } ?? .null,
        ]
    }

    private static func form(_ form: FormView, _ model: ModelSchema, _ known: Set<String>, _ env: Environment) throws -> Value {
        let sections: [Value] = form.sections.map { ["title": .text($0.title), "fields": seen($0.fields, known)] }
        let related: [Value] = form.related.compactMap { part in
            guard known.contains(part.field), let comodel = model.field(part.field)?.kind.comodel.flatMap(env.registry.model),
                env.allows(.read, on: comodel)
            else { return nil }
            let columns = part.columns.compactMap { name -> Value? in
                guard let field = comodel.field(name), env.canSee(field) else { return nil }
                var column: ValueMap = ["name": .text(name), "title": .text(field.traits.title), "type": .text(field.type)]
                if case .selection(let items) = field.kind {
                    column["selection"] = .list(items.map { [.text($0.value), .text($0.title)] })
                }
                return .map(column)
            }
            return [
                "field": .text(part.field), "model": .text(comodel.name), "title": .text(model.field(part.field)?.traits.title ?? ""),
                "columns": .list(columns),
            ]
        }
        return [
            "path": form.path.map { .text($0) } ?? .null, "asides": .list(form.asides.map { .text($0) }),
            "subtitle": seen(form.subtitle, known), "sections": .list(sections), "related": .list(related),
            "rail": .list(form.rail.compactMap { rail($0, known, env) }),
        ]
    }

    private static func rail(_ part: FormView.RailPart, _ known: Set<String>, _ env: Environment) -> Value? {
        switch part {
        case .clocks(let field): known.contains(field) ? ["kind": "clocks", "field": .text(field)] : nil
        case .checklist(let field, let state, let done):
            known.contains(field)
                ? [
                    "kind": "checklist", "field": .text(field), "state": .text(state), "done": .list(done.map { .text($0) }),
                ] : nil
        case .suggestions(let field, let state, let open):
            known.contains(field) ? ["kind": "suggestions", "field": .text(field), "state": .text(state), "open": .text(open)] : nil
        case .release: ["kind": "release"]
        case .access: env.user.isMember(of: "base.group_erp_manager") ? ["kind": "access"] : nil
        case .readings(let model, let path):
            env.registry.model(model).map { env.allows(.read, on: $0) } ?? false
                ? ["kind": "readings", "model": .text(model), "through": .text(path)] : nil
        }
    }

    private static func board(_ board: BoardView, _ known: Set<String>) -> Value {
        [
            "columns": .text(board.columns), "card": seen(board.card, known), "limit": .int(board.limit), "writes": .bool(board.writes),
            "moves": .map(ValueMap(board.moves.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })),
            "wip": .map(ValueMap(board.wip.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) })),
        ]
    }

    private static func search(_ views: ModelViews, _ known: Set<String>) -> Value {
        [
            "fields": seen(views.search.fields, known), "groups": seen(views.search.groups, known),
            "filters": .list(views.search.filters.map { ["name": .text($0.name), "title": .text($0.title)] }),
        ]
    }

    private static func tone(_ toning: Toning) -> Value {
        switch toning {
        case .deadline: "deadline"
        case .zeroIsGood: "zero"
        case .values(let tones): .map(ValueMap(tones.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value.rawValue)) }))
        }
    }

    private static func action(_ action: ActionView) -> Value {
        [
            "icon": .text(action.icon), "weight": .text(action.weight.rawValue), "consequence": .text(action.consequence),
            "opens": .text(action.opens),
            "asks": .list(action.asks.map(ask)),
        ]
    }

    private static func ask(_ ask: ActionView.Ask) -> Value {
        var map: ValueMap = [
            "name": .text(ask.name), "title": .text(ask.title), "required": .bool(ask.isRequired), "hint": .text(ask.hint),
        ]
        switch ask.kind {
        case .line: map["kind"] = "line"
        case .text: map["kind"] = "text"
        case .number: map["kind"] = "number"
        case .day: map["kind"] = "day"
        case .moment: map["kind"] = "moment"
        case .choice(let items):
            map["kind"] = "choice"
            map["choices"] = .list(items.map { [.text($0.value), .text($0.title)] })
        case .record(let model, let domain):
            map["kind"] = "record"
            map["model"] = .text(model)
            map["domain"] = .text(domain.text)
        }
        return .map(map)
    }
}
