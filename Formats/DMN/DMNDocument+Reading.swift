extension DMNDocument {
    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: XML in UTF-8, DMN 1.1 to 1.5; a declared encoding is not followed. Any document type declaration is refused.
    ///   - limits: What is refused although it is correct.
    /// - Throws: `dmn.too_large`, `dmn.too_deep`, `dmn.doctype`, `dmn.encoding`, `dmn.syntax`, `dmn.not_dmn`, `dmn.no_table`,
    ///   `dmn.structure`.
    public init(parsing bytes: [UInt8], limits: DMNLimits = .default) throws(DMNError) {
        let root = try DMNTree.read(bytes, limits: limits)
        guard root.name == "definitions" else { throw .notDMN(line: root.line) }
        var reader = DMNReader()
        var decisions: [DMNDecision] = []
        for element in root.children {
            guard element.name == "decision", let table = element.first("decisionTable") else {
                reader.ignore(element)
                continue
            }
            decisions.append(try reader.decision(element, table))
        }
        guard !decisions.isEmpty else { throw .noTable(line: root.line) }
        self.init(id: root["id"], name: root["name"], namespace: root["namespace"], decisions: decisions)
        ignored = reader.ignored
    }
}

/// Turns elements into values, and remembers what it left out.
struct DMNReader {
    private(set) var ignored: [String] = []

    mutating func ignore(_ element: DMNElement) {
        let silent: Set<String> = ["description", "extensionElements", "variable"]
        if !silent.contains(element.name), !ignored.contains(element.name) { ignored.append(element.name) }
    }

    mutating func decision(_ element: DMNElement, _ table: DMNElement) throws(DMNError) -> DMNDecision {
        for child in element.children where !["decisionTable", "question"].contains(child.name) { ignore(child) }
        return DMNDecision(
            id: element["id"], name: element["name"], description: try text(of: element.first("description")),
            question: try text(of: element.first("question")), table: try self.table(table))
    }

    private mutating func table(_ element: DMNElement) throws(DMNError) -> DMNTable {
        var table = DMNTable()
        table.id = element["id"]
        table.hitPolicy = try choice(element, "hitPolicy", DMNHitPolicy.self) ?? .unique
        table.aggregation = try choice(element, "aggregation", DMNAggregation.self)
        for child in element.children {
            switch child.name {
            case "input": table.inputs.append(try input(child))
            case "output": table.outputs.append(try output(child))
            case "annotation": table.annotations.append(child["name"])
            case "rule": table.rules.append(try rule(child, table.rules.count + 1))
            default: ignore(child)
            }
        }
        guard !table.outputs.isEmpty else { throw .structure("A decision table needs an `output`.", line: element.line) }
        for (place, rule) in table.rules.enumerated()
        where rule.inputs.count != table.inputs.count || rule.outputs.count != table.outputs.count {
            throw .structure(
                "Rule \(place + 1) has \(rule.inputs.count) input and \(rule.outputs.count) output cells; the table has"
                    + " \(table.inputs.count) inputs and \(table.outputs.count) outputs.", line: element.line)
        }
        return table
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ element: DMNElement, _ name: String, _: Choice.Type
    ) throws(DMNError) -> Choice? where Choice.RawValue == String {
        guard let text = element.attributes[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .structure("`\(name)` is none of \(all).", line: element.line)
        }
        return choice
    }

    private func input(_ element: DMNElement) throws(DMNError) -> DMNInput {
        guard let expression = element.first("inputExpression") else {
            throw .structure("An `input` needs an `inputExpression`.", line: element.line)
        }
        return DMNInput(
            id: element["id"], label: element["label"], expression: try cell(expression), typeRef: expression["typeRef"],
            values: try cell(element.first("inputValues")))
    }

    private func output(_ element: DMNElement) throws(DMNError) -> DMNOutput {
        DMNOutput(
            id: element["id"], name: element["name"], label: element["label"], typeRef: element["typeRef"],
            values: try cell(element.first("outputValues")), defaultEntry: try cell(element.first("defaultOutputEntry")))
    }

    private func rule(_ element: DMNElement, _ number: Int) throws(DMNError) -> DMNRule {
        var rule = DMNRule(id: element["id"], description: try text(of: element.first("description")), inputs: [], outputs: [])
        for child in element.children {
            switch child.name {
            case "inputEntry": rule.inputs.append(try cell(child))
            case "outputEntry": rule.outputs.append(try cell(child))
            case "annotationEntry": rule.annotations.append(try cell(child))
            case "description", "extensionElements": break
            default: throw .structure("Rule \(number) holds `\(child.name)`, which is no cell.", line: child.line)
            }
        }
        return rule
    }

    /// The `text` in an element.
    private func cell(_ element: DMNElement?) throws(DMNError) -> String { try text(of: element?.first("text")) }

    private func text(of element: DMNElement?) throws(DMNError) -> String {
        guard let element else { return "" }
        guard let text = String(validating: element.text, as: UTF8.self) else { throw .encoding(line: element.line) }
        return trimmed(text)
    }
}

/// The text without white space around it.
func trimmed(_ text: String) -> String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\n" || scalar == "\r" || scalar == "\t" }
    var rest = text.unicodeScalars[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(rest)
}
