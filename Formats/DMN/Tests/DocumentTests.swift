import DMN
import Testing

@Suite struct DocumentTests {
    /// As modelling tools write it: another prefix, an older version, a diagram, extensions, CDATA, remarks.
    static let drawn = """
        <?xml version="1.0" encoding="UTF-8"?>
        <dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:di="https://www.omg.org/spec/DMN/20191111/DMNDI/"
            xmlns:x="http://example.org/x" id="dish" name="Dish &amp; drink" namespace="http://example.org/dmn">
          <dmn:description>Season and guests</dmn:description>
          <dmn:inputData id="season" name="Season"/>
          <dmn:decision id="decision_dish" name="Dish">
            <dmn:description>What is cooked</dmn:description>
            <dmn:question>What do we eat?</dmn:question>
            <dmn:extensionElements><x:property name="a"><dmn:decision name="no"/></x:property></dmn:extensionElements>
            <dmn:variable name="Dish" typeRef="string"/>
            <dmn:informationRequirement><dmn:requiredInput href="#season"/></dmn:informationRequirement>
            <dmn:decisionTable id="table_1" hitPolicy="COLLECT" aggregation="SUM" x:height="9">
              <dmn:input id="i1" label="Season"><dmn:inputExpression id="e1" typeRef="string"><dmn:text>season</dmn:text></dmn:inputExpression>
                <dmn:inputValues><dmn:text>"Winter","Summer"</dmn:text></dmn:inputValues></dmn:input>
              <dmn:input id="i2" x:width="1"><dmn:inputExpression typeRef="number"><dmn:text> guests </dmn:text></dmn:inputExpression></dmn:input>
              <dmn:output id="o1" label="Points" name="points" typeRef="number"><dmn:outputValues><dmn:text>2,1</dmn:text></dmn:outputValues>
                <dmn:defaultOutputEntry><dmn:text>0</dmn:text></dmn:defaultOutputEntry></dmn:output>
              <dmn:annotation name="Why"/>
              <dmn:rule id="r1"><dmn:description>cold &lt; warm</dmn:description><dmn:inputEntry id="c1"><dmn:text>"Winter"</dmn:text></dmn:inputEntry>
                <dmn:inputEntry><dmn:text><![CDATA[<= 8]]></dmn:text></dmn:inputEntry><dmn:outputEntry><dmn:text>2</dmn:text></dmn:outputEntry>
                <dmn:annotationEntry><dmn:text>it is "cold"</dmn:text></dmn:annotationEntry></dmn:rule>
              <dmn:rule><dmn:inputEntry><dmn:text/></dmn:inputEntry><dmn:inputEntry><dmn:text>-</dmn:text></dmn:inputEntry>
                <dmn:outputEntry><dmn:text>1</dmn:text></dmn:outputEntry></dmn:rule>
            </dmn:decisionTable>
          </dmn:decision>
          <di:DMNDI><di:DMNDiagram id="d"/></di:DMNDI>
        </dmn:definitions>
        """

    static var table: DMNTable {
        var table = DMNTable()
        table.id = "table_1"
        table.hitPolicy = .collect
        table.aggregation = .sum
        table.inputs = [
            DMNInput(id: "i1", label: "Season", expression: "season", typeRef: "string", values: "\"Winter\",\"Summer\""),
            DMNInput(id: "i2", expression: "guests", typeRef: "number"),
        ]
        table.outputs = [DMNOutput(id: "o1", name: "points", label: "Points", typeRef: "number", values: "2,1", defaultEntry: "0")]
        table.annotations = ["Why"]
        table.rules = [
            DMNRule(id: "r1", description: "cold < warm", inputs: ["\"Winter\"", "<= 8"], outputs: ["2"], annotations: ["it is \"cold\""]),
            DMNRule(inputs: ["", "-"], outputs: ["1"]),
        ]
        return table
    }

    @Test("what a modelling tool draws is read with ids, types, values, defaults and remarks")
    func reading() throws {
        let document = try DMNDocument(parsing: Array(Self.drawn.utf8))
        #expect(document.name == "Dish & drink")
        #expect(document.namespace == "http://example.org/dmn")
        #expect(document.decisions.count == 1)
        #expect(document.decisions.first?.question == "What do we eat?")
        #expect(document.decisions.first?.description == "What is cooked")
        #expect(document.decisions.first?.table == Self.table)
        #expect(document.ignored == ["inputData", "informationRequirement"])
    }

    @Test("what is written is read as the same document, whatever characters stand in it")
    func roundTrip() throws {
        var table = Self.table
        table.outputs[0].label = "a \"b\" <c> & 'd'\n\té😀"
        table.rules[1].annotations = ["]]> &amp; &#10;"]
        table.rules[1].inputs[0] = "\"a\n  b\""
        for policy in DMNHitPolicy.allCases {
            table.hitPolicy = policy
            table.aggregation = policy == .collect ? .max : nil
            let decision = DMNDecision(id: "d", name: "Näme", description: "two\nlines", question: "why?", table: table)
            let document = DMNDocument(id: "x", name: "n", namespace: "urn:baton", decisions: [decision, decision])
            let again = try DMNDocument(parsing: try document.serialized())
            #expect(again.decisions.first == decision)
            // The second one has the same ids, which XML allows once.
            #expect(again.decisions.last?.id == "")
            #expect(again.decisions.last?.table.rules.map(\.inputs) == table.rules.map(\.inputs))
        }
    }

    @Test("documents of DMN 1.1, 1.2, 1.4 and 1.5 are read too")
    func versions() throws {
        for version in [
            "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
            "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
        ] {
            let text = Self.drawn.replacing("https://www.omg.org/spec/DMN/20191111/MODEL/", with: version)
            #expect(try DMNDocument(parsing: Array(text.utf8)).decisions.count == 1)
        }
    }
}
