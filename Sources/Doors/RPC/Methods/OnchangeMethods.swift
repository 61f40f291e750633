import Kernel

/// `onchange`: what a form shows after an edit, found on a draft that is rolled back.
enum OnchangeMethods {
    static let all: [RPCMethod] = [
        .onRecords("onchange", [.required("values"), .required("field_names"), .required("fields_spec")], writes: true) {
            target, arguments in
            let values = try WritingMethods.decoded(try arguments.values("values"), target.model)
            let specification = try arguments.values("fields_spec")
            let edit = Edit(values: values, fields: try arguments.texts("field_names") ?? [])
            target.env.unit.isDraft = true
            var (shown, warnings) = target.ids.isEmpty ? try fresh(target, edit, specification) : try edited(target, edit, specification)
            shown = ["value": .map(shown)]
            if !warnings.isEmpty {
                shown["warning"] = ["title": "Warning", "message": .text(warnings.joined(separator: "\n")), "type": "dialog"]
            }
            // A draft must leave nothing behind.
            throw DraftAnswer(answer: .map(shown))
        }
    ]

    /// A new record: its defaults at first, then what is computed from what was entered, as far as it could be stored already.
    private static func fresh(_ target: RPCTarget, _ edit: Edit, _ specification: ValueMap) throws -> (ValueMap, [String]) {
        let values = edit.values
        var answer = ValueMap()
        if edit.fields.isEmpty {
            let missing = specification.names.filter { values[$0] == nil }
            answer = try DefaultMethods.defaults(target, missing)
        }
        let known = answer.merging(values)
        do {
            let draft = try target.env.create(target.model, [known])
            let warnings = try draft.noteEdit(edit.fields)
            let shown = try WebReader(limits: target.limits).read(draft, specification)
            return (changed(shown.first ?? [:], from: values, target.model), warnings)
        } catch let refusal as Refusal where refusal.kind == .validation { return (answer, []) }
    }

    private static func edited(_ target: RPCTarget, _ edit: Edit, _ specification: ValueMap) throws -> (ValueMap, [String]) {
        let values = edit.values
        var warnings: [String] = []
        let reader = WebReader(limits: target.limits)
        let before = try reader.read(target.records, specification).first ?? [:]
        do {
            try target.records.write(values)
            warnings = try target.records.noteEdit(edit.fields)
        } catch let refusal as Refusal where refusal.kind == .validation { return ([:], []) }
        let after = try reader.read(target.records, specification).first ?? [:]
        var answer = changed(after, from: values, target.model)
        answer.entries.removeAll { before[$0.name] == $0.value }
        return (answer, warnings)
    }

    /// What a form holds, and which of it was just edited.
    private struct Edit {
        let values: ValueMap
        let fields: [String]
    }

    /// What differs from what the form has; lists and the record's own marks are left to the form.
    private static func changed(_ shown: ValueMap, from values: ValueMap, _ model: ModelSchema) -> ValueMap {
        var answer = shown
        answer.entries.removeAll { entry in
            guard let field = model.field(entry.name), field.slot > ModelSchema.Slot.version, !field.kind.isToMany else { return true }
            return values[entry.name].map { $0.orFalse == entry.value } ?? false
        }
        return answer
    }
}
