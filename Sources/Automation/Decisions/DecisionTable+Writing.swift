import FEEL
import JSON

extension DecisionTable {
    /// The table as the content of a definition; it reads back as the same table.
    public var content: JSON {
        var object = JSONObject()
        if !title.isEmpty { object["title"] = .string(title) }
        object["hit_policy"] = .string(hitPolicy.contentName)
        if let aggregation { object["aggregation"] = .string(aggregation.rawValue.lowercased()) }
        if mustBeComplete { object["complete"] = true }
        object["inputs"] = .array(inputs.map(\.content))
        object["outputs"] = .array(outputs.map(\.content))
        object["rules"] = .array(rules.map { content(of: $0) })
        if !tests.isEmpty { object["tests"] = .array(tests.map(\.content)) }
        return .object(object)
    }

    private func content(of rule: DecisionRule) -> JSON {
        var object = JSONObject()
        if !rule.id.isEmpty { object["id"] = .string(rule.id) }
        let when = zip(inputs, rule.inputs).filter { !$1.isEmpty && $1 != "-" }
        object["when"] = .object(JSONObject(when.map { JSONObject.Member(key: $0.name, value: .string($1)) }))
        object["then"] = .object(JSONObject(zip(outputs, rule.outputs).map { JSONObject.Member(key: $0.name, value: .string($1)) }))
        if !rule.note.isEmpty { object["note"] = .string(rule.note) }
        return .object(object)
    }
}

extension DecisionInput {
    fileprivate var content: JSON {
        var object: JSONObject = ["name": .string(name), "type": .string(type.rawValue)]
        if !title.isEmpty { object["title"] = .string(title) }
        if !values.isEmpty { object["values"] = .string(values) }
        if isOptional { object["optional"] = true }
        return .object(object)
    }
}

extension DecisionOutput {
    fileprivate var content: JSON {
        var object: JSONObject = ["name": .string(name), "type": .string(type.rawValue)]
        if !title.isEmpty { object["title"] = .string(title) }
        if !values.isEmpty { object["values"] = .string(values) }
        if !defaultCell.isEmpty { object["default"] = .string(defaultCell) }
        return .object(object)
    }
}

extension DecisionTest {
    fileprivate var content: JSON {
        let members = given.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: $0.value.json) }
        var object = JSONObject()
        if !name.isEmpty { object["name"] = .string(name) }
        object["given"] = .object(JSONObject(members))
        switch expected {
        case .answer(let answer): object["expect"] = answer.json
        case .refusal(let code): object["refused"] = .string(code)
        }
        return .object(object)
    }
}
