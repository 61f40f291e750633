import DMN
import FEEL

extension DecisionTable {
    /// The table as DMN writes it. Tests, optional inputs and completeness have no place there.
    public var dmn: DMNTable {
        var result = DMNTable()
        result.hitPolicy = hitPolicy
        result.aggregation = aggregation
        result.inputs = inputs.map { DMNInput(label: $0.title, expression: $0.name, typeRef: $0.type.rawValue, values: $0.values) }
        result.outputs = outputs.map {
            DMNOutput(name: $0.name, label: $0.title, typeRef: $0.type.rawValue, values: $0.values, defaultEntry: $0.defaultCell)
        }
        let hasNotes = rules.contains { !$0.note.isEmpty }
        if hasNotes { result.annotations = ["Note"] }
        result.rules = rules.map { DMNRule(id: $0.id, inputs: $0.inputs, outputs: $0.outputs, annotations: hasNotes ? [$0.note] : []) }
        return result
    }

    /// The table as a document of DMN 1.3.
    public func dmnDocument() throws(DMNError) -> [UInt8] {
        let decision = DMNDecision(id: key, name: title.isEmpty ? key : title, table: dmn)
        return try DMNDocument(
            id: "definitions_" + key, name: title.isEmpty ? key : title, namespace: "urn:baton:decision:" + key, decisions: [decision]
        )
        .serialized()
    }

    /// A table from DMN or CSV.
    ///
    /// Types that are not named follow from the cells. An input may be nothing when a cell of it asks for `null`. Of the inputs and
    /// tests of `earlier`, which DMN cannot hold, is kept what still fits. Several columns of remarks become one note.
    ///
    /// - Throws: What cannot be a table of ours, with its place.
    public init(key: String, title: String, dmn: DMNTable, keeping earlier: DecisionTable? = nil) throws(DecisionProblems) {
        self.init(key: key, title: title, hitPolicy: dmn.hitPolicy, aggregation: dmn.aggregation)
        var problems: [DecisionProblem] = []
        for (place, input) in dmn.inputs.enumerated() {
            let cells = dmn.rules.map { place < $0.inputs.count ? $0.inputs[place] : "-" }
            let known = earlier?.inputs.first { $0.name == input.expression }
            let type = DecisionTable.type(input.typeRef, input.expression, cells.compactMap(DecisionTable.constant(ofTests:)), &problems)
            let isOptional = known?.isOptional ?? (cells + [input.values]).contains { DecisionTable.asksForNull($0) }
            inputs.append(DecisionInput(input.expression, type, title: input.label, values: input.values, isOptional: isOptional))
        }
        for (place, output) in dmn.outputs.enumerated() {
            let cells = dmn.rules.map { place < $0.outputs.count ? $0.outputs[place] : "null" }
            let name = output.name.isEmpty ? "result" : output.name
            let type = DecisionTable.type(output.typeRef, name, cells.compactMap(DecisionTable.constant(of:)), &problems)
            outputs.append(DecisionOutput(name, type, title: output.label, values: output.values, defaultCell: output.defaultEntry))
        }
        rules = dmn.rules.map { rule in
            let note = ([rule.description] + rule.annotations).filter { !$0.isEmpty }.joined(separator: "; ")
            return DecisionRule(id: rule.id, note: note, inputs: rule.inputs, outputs: rule.outputs.map { $0.isEmpty ? "null" : $0 })
        }
        keep(earlier)
        guard problems.isEmpty else { throw DecisionProblems(key: key, list: problems) }
    }

    private mutating func keep(_ earlier: DecisionTable?) {
        guard let earlier else { return }
        mustBeComplete = earlier.mustBeComplete
        let names = Set(inputs.map(\.name))
        tests = earlier.tests.filter { $0.given.keys.allSatisfy(names.contains) }
    }

    /// The type that a document names, or else that of the first value in the column.
    private static func type(_ name: String, _ column: String, _ values: [FEELValue], _ problems: inout [DecisionProblem]) -> DecisionType {
        if name.isEmpty || name == "Any" { return values.lazy.compactMap { DecisionType.of($0) }.first ?? .string }
        if let type = DecisionType(typeRef: name) { return type }
        problems.append(
            DecisionProblem(
                "decision.type", column: column, "The column '\(column.prefix(80))' is of type '\(name.prefix(80))', which is not known.",
                remedy: "Use one of: " + DecisionType.allCases.map(\.rawValue).joined(separator: ", ") + "."))
        return .string
    }

    private static func constant(ofTests cell: String) -> FEELValue? { (try? FEELUnaryTests.parse(cell))?.constants.first }
    private static func constant(of cell: String) -> FEELValue? {
        (try? FEELExpression.parse(cell))?.constant.flatMap { $0.isNull ? nil : $0 }
    }

    private static func asksForNull(_ cell: String) -> Bool {
        guard let tests = try? FEELUnaryTests.parse(cell), !tests.isAny else { return false }
        return tests.tests.contains { if case .compare(_, .literal(.null)) = $0 { true } else { false } }
    }
}
