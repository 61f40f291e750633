import DMN
import Testing

@Suite struct RefusalTests {
    private func refusal(_ text: String, limits: DMNLimits = .default) -> DMNError? {
        do throws(DMNError) {
            _ = try DMNDocument(parsing: Array(text.utf8), limits: limits)
            return nil
        } catch { return error }
    }

    private func wrapped(_ inner: String, _ attributes: String = "") -> String {
        """
        <definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="n" namespace="u"><decision name="d">
        <decisionTable \(attributes)>\(inner)</decisionTable></decision></definitions>
        """
    }

    @Test("entities, external files and document types never reach the parser")
    func entities() {
        let bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
        #expect(refusal(bomb + wrapped("<output name=\"&b;\"/>"))?.code == "dmn.doctype")
        let file = "<!DOCTYPE d [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
        #expect(refusal(file + wrapped("<output/>"))?.code == "dmn.doctype")
        #expect(refusal(wrapped("<output name=\"&a;\"/>"))?.code == "dmn.syntax")
        #expect(refusal("<!DOCTYPE d PUBLIC \"x\" \"http://example.org/x.dtd\">" + wrapped("<output/>"))?.code == "dmn.doctype")
    }

    @Test("what is too large, too deep or too much is refused")
    func limits() {
        let small = DMNLimits(maxBytes: 400, maxDepth: 8, maxElements: 20)
        #expect(refusal(wrapped("<output/>" + String(repeating: " ", count: 400)), limits: small)?.code == "dmn.too_large")
        #expect(refusal(wrapped(String(repeating: "<rule>", count: 10)), limits: small)?.code == "dmn.too_deep")
        #expect(refusal(wrapped(String(repeating: "<a/>", count: 30)), limits: small)?.code == "dmn.too_large")
        #expect(refusal(wrapped("<x:a xmlns:x=\"u\">" + String(repeating: "<x:b>", count: 50)), limits: .default)?.code == "dmn.too_deep")
        let attributes = (0..<80).map { " a\($0)=\"\"" }.joined()
        #expect(refusal(wrapped("<output\(attributes)/>"))?.code == "dmn.too_large")
        let declarations = (0..<300).map { "<x xmlns:a\($0)=\"u\"/>" }.joined()
        #expect(refusal(wrapped(declarations))?.code == "dmn.too_large")
    }

    @Test("each fault of structure says what is missing, and in which line")
    func structure() {
        let input = "<input><inputExpression><text>a</text></inputExpression></input><output/>"
        let faults: [(String, String, Int)] = [
            ("", "dmn.not_dmn", 1), ("<a/>", "dmn.not_dmn", 1), ("x", "dmn.syntax", 1), ("<a", "dmn.syntax", 1),
            (wrapped(""), "dmn.structure", 2),
            ("<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"/>", "dmn.no_table", 1),
            ("<decision xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\"/>", "dmn.not_dmn", 1),
            (wrapped("<output/>\n<input/>"), "dmn.structure", 3), (wrapped(input, "hitPolicy=\"BEST\""), "dmn.structure", 2),
            (wrapped(input, "hitPolicy=\"COLLECT\" aggregation=\"AVERAGE\""), "dmn.structure", 2),
            (wrapped(input + "<rule><outputEntry/></rule>"), "dmn.structure", 2),
            (wrapped(input + "\n<rule><cell/></rule>"), "dmn.structure", 3),
            (wrapped("<output></input>"), "dmn.syntax", 2),
        ]
        for (text, code, line) in faults {
            let error = refusal(text)
            #expect(error?.code == code, "\(text)")
            #expect(error?.line == line, "\(text)")
        }
        #expect(refusal(wrapped(input + "<rule><outputEntry/></rule>"))?.what.contains("Rule 1 has 0 input and 1 output cells") == true)
        #expect(throws: DMNError.self) { try DMNDocument(parsing: Array(wrapped("<output/>").utf8) + [0]) }
    }

    @Test("a control character is refused when writing, with its place")
    func control() {
        var table = DMNTable()
        table.outputs = [DMNOutput(name: "a")]
        table.rules = [DMNRule(inputs: [], outputs: ["\"\u{1}\""])]
        let document = DMNDocument(name: "n", namespace: "u", decisions: [DMNDecision(name: "d", table: table)])
        #expect { try document.serialized() } throws: { ($0 as? DMNError)?.code == "dmn.character" }
    }
}
