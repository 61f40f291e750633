import DMN
import FEEL
import JSON

extension DecisionTable {
    /// Reads the content of a definition.
    ///
    /// Shape: `hit_policy`, `aggregation`, `complete`, `inputs` (`name`, `title`, `type`, `values`, `optional`), `outputs` (`name`, `title`,
    /// `type`, `values`, `default`), `rules` (`id`, `note`, `when`, `then`), `tests` (`name`, `given`, `expect` or `refused`).
    /// Cells are S-FEEL; numbers and truth values may stand as such. An input that a rule does not name is `-`.
    ///
    /// - Throws: All that is wrong with how it is written; cells are read by `CompiledTable`.
    public init(key: String, content: JSON) throws(DecisionProblems) {
        var reader = ContentReader(key: key)
        let table = reader.table(content)
        guard reader.problems.isEmpty else { throw DecisionProblems(key: key, list: reader.problems) }
        self = table
    }
}

/// Reads the content of a definition and collects what is wrong with it.
private struct ContentReader {
    let key: String
    var problems: [DecisionProblem] = []

    mutating func fail(_ message: String, rows: [Int] = [], _ remedy: String) {
        guard problems.count < DecisionLimits.maxProblems else { return }
        problems.append(DecisionProblem("decision.content", rows: rows, message, remedy: remedy))
    }

    mutating func table(_ content: JSON) -> DecisionTable {
        var table = DecisionTable(key: key)
        guard let object = content.objectValue else {
            fail("The content of a decision table is an object.", "Give hit_policy, inputs, outputs and rules.")
            return table
        }
        let known: Set<String> = ["version", "title", "hit_policy", "aggregation", "complete", "inputs", "outputs", "rules", "tests"]
        refuseUnknown(object, known, "The table")
        table.title = text(object["title"], "The title")
        policy(object, &table)
        table.mustBeComplete = flag(object["complete"], "'complete'")
        table.inputs = list(object["inputs"], "inputs", most: DecisionLimits.maxInputs).enumerated().compactMap { input($1, $0 + 1) }
        table.outputs = list(object["outputs"], "outputs", most: DecisionLimits.maxOutputs).enumerated().compactMap { output($1, $0 + 1) }
        guard problems.isEmpty else { return table }
        table.rules = list(object["rules"], "rules", most: DecisionLimits.maxRules).enumerated().compactMap { rule($1, $0 + 1, table) }
        table.tests = list(object["tests"], "tests", most: DecisionLimits.maxTests).enumerated().compactMap { test($1, $0 + 1, table) }
        return table
    }

    private mutating func refuseUnknown(_ object: JSONObject, _ known: Set<String>, _ place: String, row: Int? = nil) {
        for key in object.keys where !known.contains(key) {
            fail(
                "\(place) holds '\(key.prefix(80))', which means nothing there.", rows: row.map { [$0] } ?? [],
                "Known are: " + known.sorted().joined(separator: ", ") + ".")
        }
    }

    private mutating func list(_ json: JSON?, _ name: String, most: Int) -> [JSON] {
        guard let json else { return [] }
        guard let list = json.arrayValue else {
            fail("'\(name)' is no list.", "Write a list.")
            return []
        }
        if list.count > most { fail("'\(name)' has \(list.count) elements; at most \(most) are allowed.", "Split the table.") }
        return Array(list.prefix(most))
    }

    private mutating func text(_ json: JSON?, _ place: String, row: Int? = nil) -> String {
        guard let json, !json.isNull else { return "" }
        guard let text = json.stringValue, text.utf8.count <= DecisionLimits.maxTextBytes else {
            fail(
                "\(place) is no text of at most \(DecisionLimits.maxTextBytes) bytes.", rows: row.map { [$0] } ?? [],
                "Write a shorter text.")
            return ""
        }
        return text
    }

    private mutating func flag(_ json: JSON?, _ place: String) -> Bool {
        guard let json else { return false }
        guard let flag = json.boolValue else {
            fail("\(place) is neither true nor false.", "Write true or false.")
            return false
        }
        return flag
    }

    // MARK: Columns

    private mutating func policy(_ object: JSONObject, _ table: inout DecisionTable) {
        let name = text(object["hit_policy"], "'hit_policy'")
        let policy = DMNHitPolicy.allCases.first { $0.contentName == name || $0.letter == name }
        if let policy { table.hitPolicy = policy }
        if policy == nil, !name.isEmpty {
            fail(
                "The hit policy '\(name.prefix(80))' is unknown.",
                "Known are: " + DMNHitPolicy.allCases.map(\.contentName).joined(separator: ", ") + ".")
        }
        guard let aggregation = object["aggregation"], !aggregation.isNull else { return }
        table.aggregation = DMNAggregation.allCases.first { $0.rawValue.lowercased() == aggregation.stringValue?.lowercased() }
        if table.aggregation == nil { fail("The aggregation is unknown.", "Known are: sum, min, max, count.") }
    }

    private mutating func column(_ json: JSON, _ known: Set<String>, _ place: String) -> (JSONObject, String, DecisionType)? {
        guard let object = json.objectValue else {
            fail("\(place) is no object.", "Give name and type.")
            return nil
        }
        refuseUnknown(object, known, place)
        let name = text(object["name"], "The name of \(place)")
        guard let type = DecisionType(typeRef: object["type"]?.stringValue ?? "") else {
            fail(
                "\(place) ('\(name.prefix(80))') has no type that is known.",
                "Known are: " + DecisionType.allCases.map(\.rawValue).joined(separator: ", ") + ".")
            return nil
        }
        return (object, name, type)
    }

    private mutating func input(_ json: JSON, _ number: Int) -> DecisionInput? {
        guard let (object, name, type) = column(json, ["name", "title", "type", "values", "optional"], "Input \(number)") else {
            return nil
        }
        return DecisionInput(
            name, type, title: text(object["title"], "The title of '\(name)'"), values: cell(object["values"], "The values of '\(name)'"),
            isOptional: flag(object["optional"], "'optional' of '\(name)'"))
    }

    private mutating func output(_ json: JSON, _ number: Int) -> DecisionOutput? {
        guard let (object, name, type) = column(json, ["name", "title", "type", "values", "default"], "Output \(number)") else {
            return nil
        }
        return DecisionOutput(
            name, type, title: text(object["title"], "The title of '\(name)'"), values: cell(object["values"], "The values of '\(name)'"),
            defaultCell: cell(object["default"], "The default of '\(name)'"))
    }

    /// A cell: S-FEEL as text, or a number or truth value as such. `null` is the word `null`.
    private mutating func cell(_ json: JSON?, _ place: String, row: Int? = nil) -> String {
        switch json {
        case nil: return ""
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .null: return "null"
        case .int(let number): return "\(number)"
        case .number(let literal): return literal
        case .double(let number): return FEELNumber("\(number)")?.description ?? "\(number)"
        case .array, .object:
            fail("\(place) is no cell.", rows: row.map { [$0] } ?? [], "Write S-FEEL as text, a number, true or false.")
            return ""
        }
    }

    // MARK: Rules

    private mutating func rule(_ json: JSON, _ number: Int, _ table: DecisionTable) -> DecisionRule? {
        guard let object = json.objectValue else {
            fail("Rule \(number) is no object.", rows: [number], "Give when and then.")
            return nil
        }
        refuseUnknown(object, ["id", "note", "when", "then"], "Rule \(number)", row: number)
        let when = cells(object["when"], table.inputs.map(\.name), "Rule \(number), when", number)
        let then = cells(object["then"], table.outputs.map(\.name), "Rule \(number), then", number)
        for output in table.outputs where then[output.name] == nil {
            fail("Rule \(number) gives no '\(output.name)'.", rows: [number], "Give a value, or null.")
        }
        return DecisionRule(
            id: text(object["id"], "The id of rule \(number)", row: number),
            note: text(object["note"], "The note of rule \(number)", row: number),
            inputs: table.inputs.map { when[$0.name] ?? "-" }, outputs: table.outputs.map { then[$0.name] ?? "null" })
    }

    private mutating func cells(_ json: JSON?, _ names: [String], _ place: String, _ row: Int) -> [String: String] {
        guard let json, !json.isNull else { return [:] }
        guard let object = json.objectValue else {
            fail("\(place) is no object.", rows: [row], "Name columns and their cells.")
            return [:]
        }
        var result: [String: String] = [:]
        for member in object.members {
            guard names.contains(member.key) else {
                fail(
                    "\(place) names '\(member.key.prefix(80))', which is no column.", rows: [row],
                    "Columns are: " + names.joined(separator: ", ") + ".")
                continue
            }
            result[member.key] = cell(member.value, "\(place), '\(member.key)'", row: row)
        }
        return result
    }

    // MARK: Tests

    private mutating func test(_ json: JSON, _ number: Int, _ table: DecisionTable) -> DecisionTest? {
        let place = "Test \(number)"
        guard let object = json.objectValue else {
            fail("\(place) is no object.", "Give given and expect.")
            return nil
        }
        refuseUnknown(object, ["name", "given", "expect", "refused"], place)
        let given = values(object["given"] ?? [:], table.inputs.map { ($0.name, $0.type) }, "\(place), given")
        let name = text(object["name"], "The name of test \(number)")
        if let code = object["refused"]?.stringValue { return DecisionTest(name: name, given: given, expected: .refusal(code)) }
        guard let expect = object["expect"] else {
            fail("\(place) expects nothing.", "Give expect (null for no answer) or refused.")
            return nil
        }
        let outputs = table.outputs.map { ($0.name, table.aggregation == .count ? DecisionType.number : $0.type) }
        switch expect {
        case .null: return DecisionTest(name: name, given: given, expected: .answer(.nothing))
        case .array(let list):
            return DecisionTest(name: name, given: given, expected: .answer(.many(list.map { values($0, outputs, "\(place), expect") })))
        default: return DecisionTest(name: name, given: given, expected: .answer(.one(values(expect, outputs, "\(place), expect"))))
        }
    }

    private mutating func values(_ json: JSON, _ columns: [(String, DecisionType)], _ place: String) -> [String: FEELValue] {
        guard let object = json.objectValue else {
            fail("\(place) is no object.", "Name columns and their values.")
            return [:]
        }
        var result: [String: FEELValue] = [:]
        for member in object.members {
            guard let type = columns.first(where: { $0.0 == member.key })?.1 else {
                fail(
                    "\(place) names '\(member.key.prefix(80))', which is no column.",
                    "Columns are: " + columns.map(\.0).joined(separator: ", ") + ".")
                continue
            }
            // A value of another type is kept, so that a test can show that it is refused.
            guard let value = type.value(member.value) ?? DecisionType.allCases.lazy.compactMap({ $0.value(member.value) }).first else {
                fail("\(place), '\(member.key)' is no value.", "Write a value of type \(type.rawValue).")
                continue
            }
            result[member.key] = value
        }
        return result
    }
}

extension DMNHitPolicy {
    /// The policy's name in definitions.
    public var contentName: String { rawValue.lowercased().split(separator: " ").joined(separator: "_") }
}
