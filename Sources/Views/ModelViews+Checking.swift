import Kernel

extension ModelViews {
    /// What is named and does not exist: a sentence for each; none is right.
    public func problems(in registry: Registry) -> [String] {
        guard let schema = registry.model(model) else { return ["The views of '\(model)' are of no model."] }
        var problems = fieldNames.filter { !ModelViews.exists($0, in: schema, registry) }.map {
            "The views of '\(model)' name the field '\($0)', which it does not have."
        }
        problems += actions.map(\.name).filter { schema.action($0) == nil }.map {
            "The views of '\(model)' name the action '\($0)', which it does not have."
        }
        problems += relations.flatMap { field, columns -> [String] in
            guard let comodel = schema.field(field)?.kind.comodel.flatMap(registry.model) else {
                return ["The views of '\(model)' list '\(field)', which is no relation."]
            }
            return columns.filter { comodel.field($0) == nil }.map {
                "The views of '\(model)' list '\(field).\($0)', which does not exist."
            }
        }
        if activity != nil, !schema.hasChatter { problems.append("The views of '\(model)' show activities, which it cannot have.") }
        problems += search.filters.compactMap { filter in
            filter.domain.problem.map { "The filter '\(filter.name)' of '\(model)' cannot be read: \($0.message)" }
        }
        return problems
    }

    /// Every field that the views name, parts of dates included.
    private var fieldNames: [String] {
        var names =
            list.columns + list.compact + list.bulk + form.subtitle + form.sections.flatMap(\.fields) + search.fields + search.groups
        names += [form.path, board?.columns, calendar?.start, calendar?.title, analysis?.rows, analysis?.columns].compactMap { $0 }
        names += form.code.flatMap { [$0.field, $0.when?.field].compactMap { $0 } }
        if let stop = calendar?.stop, !stop.isEmpty { names.append(stop) }
        return names + (board?.card ?? []) + (activity?.card ?? []) + tones.keys.sorted()
    }

    /// Relations with what is shown of the records behind them.
    private var relations: [(field: String, columns: [String])] {
        form.related.map { ($0.field, $0.columns) }
            + form.rail.compactMap { part in
                switch part {
                case .clocks(let field): (field, [])
                case .checklist(let field, let state, _), .suggestions(let field, let state, _): (field, [state])
                case .readings, .release, .access: nil
                }
            }
    }

    /// Whether a field exists, on the other side of links where its name is a path; the part of a date is left out.
    private static func exists(_ name: String, in schema: ModelSchema, _ registry: Registry) -> Bool {
        var model: ModelSchema? = schema
        for part in name.prefix(while: { $0 != ":" }).split(separator: ".") {
            guard let field = model?.field(String(part)) else { return false }
            model = field.kind.comodel.flatMap(registry.model)
        }
        return true
    }
}
