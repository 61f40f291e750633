extension DMNDocument {
    /// The document as XML of DMN 1.3 in UTF-8.
    ///
    /// Ids are written where they are there, can be ids of XML and stand once.
    ///
    /// - Throws: `dmn.character` when a text holds a control character that XML cannot.
    public func serialized() throws(DMNError) -> [UInt8] {
        var writer = DMNWriter()
        writer.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        let start = ["xmlns": DMNNamespace.model, "name": name, "namespace": namespace]
        try writer.open("definitions", id: id, start.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        for decision in decisions { try writer.decision(decision) }
        writer.close("definitions")
        return Array(writer.text.utf8)
    }
}

/// Writes elements, indented.
struct DMNWriter {
    private(set) var text = ""
    private var depth = 0
    private var ids: Set<String> = []

    mutating func line(_ content: String) {
        text += String(repeating: "  ", count: depth) + content + "\n"
    }

    mutating func open(_ name: String, id: String = "", _ attributes: [(String, String)]) throws(DMNError) {
        line(try tag(name, id, attributes) + ">")
        depth += 1
    }

    mutating func close(_ name: String) {
        depth -= 1
        line("</\(name)>")
    }

    private mutating func tag(_ name: String, _ id: String, _ attributes: [(String, String)]) throws(DMNError) -> String {
        var start = "<" + name
        if DMNWriter.mayBeId(id), ids.insert(id).inserted { start += " id=\"\(id)\"" }
        for (key, value) in attributes where !value.isEmpty || key == "name" || key == "namespace" {
            start += " \(key)=\"\(try escaped(value, in: "`\(key)` of `\(name)`"))\""
        }
        return start
    }

    mutating func decision(_ decision: DMNDecision) throws(DMNError) {
        try open("decision", id: decision.id, [("name", decision.name)])
        try leaf("description", decision.description)
        try leaf("question", decision.question)
        try table(decision.table)
        close("decision")
    }

    private mutating func table(_ table: DMNTable) throws(DMNError) {
        try open(
            "decisionTable", id: table.id, [("hitPolicy", table.hitPolicy.rawValue), ("aggregation", table.aggregation?.rawValue ?? "")])
        for input in table.inputs { try self.input(input) }
        for output in table.outputs { try self.output(output) }
        for annotation in table.annotations { line(try tag("annotation", "", [("name", annotation)]) + "/>") }
        for rule in table.rules { try self.rule(rule) }
        close("decisionTable")
    }

    private mutating func input(_ input: DMNInput) throws(DMNError) {
        try open("input", id: input.id, [("label", input.label)])
        try cell("inputExpression", input.expression, [("typeRef", input.typeRef)])
        if !input.values.isEmpty { try cell("inputValues", input.values) }
        close("input")
    }

    private mutating func output(_ output: DMNOutput) throws(DMNError) {
        try open("output", id: output.id, [("name", output.name), ("label", output.label), ("typeRef", output.typeRef)])
        if !output.values.isEmpty { try cell("outputValues", output.values) }
        if !output.defaultEntry.isEmpty { try cell("defaultOutputEntry", output.defaultEntry) }
        close("output")
    }

    private mutating func rule(_ rule: DMNRule) throws(DMNError) {
        try open("rule", id: rule.id, [])
        try leaf("description", rule.description)
        for entry in rule.inputs { try cell("inputEntry", entry) }
        for entry in rule.outputs { try cell("outputEntry", entry) }
        for entry in rule.annotations { try cell("annotationEntry", entry) }
        close("rule")
    }

    private mutating func cell(_ name: String, _ content: String, _ attributes: [(String, String)] = []) throws(DMNError) {
        line(try tag(name, "", attributes) + "><text>" + escaped(content, in: "`\(name)`") + "</text></\(name)>")
    }

    private mutating func leaf(_ name: String, _ content: String) throws(DMNError) {
        if !content.isEmpty { line("<\(name)>" + (try escaped(content, in: "`\(name)`")) + "</\(name)>") }
    }

    private func escaped(_ content: String, in place: String) throws(DMNError) -> String {
        var result = ""
        for scalar in content.unicodeScalars {
            switch scalar.value {
            case 0x26: result += "&amp;"
            case 0x3C: result += "&lt;"
            case 0x3E: result += "&gt;"
            case 0x22: result += "&quot;"
            case 0x09, 0x0A, 0x0D: result += "&#\(scalar.value);"
            case 0..<0x20, 0xFFFE, 0xFFFF: throw .character(place)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a text may be an id of XML; only the ASCII ones are used.
    static func mayBeId(_ id: String) -> Bool {
        guard let first = id.utf8.first, isLetter(first) else { return false }
        return id.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
    }
}
