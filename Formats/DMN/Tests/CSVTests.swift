import DMN
import Testing

@Suite struct CSVTests {
    static let text = """
        C+,input,input,output,annotation\r
        name,season,guests,points,Why\r
        label,Season,,Points,\r
        type,string,number,number,\r
        values,\"""Winter"",""Summer""\",,\"2,1\",\r
        default,,,0,\r
        r1,\"""Winter""\",<= 8,2,\"it is ""cold""\"\r
        ,-,-,1,\r

        """

    @Test("a table is written as lines that spreadsheets read, and read back the same")
    func roundTrip() throws {
        var table = DocumentTests.table
        #expect(DMNCSV.text(table) == Self.text)
        // CSV has no ids of tables and columns and no descriptions of rules.
        table.id = ""
        table.inputs[0].id = ""
        table.inputs[1].id = ""
        table.outputs[0].id = ""
        table.rules[0].description = ""
        table.rules[1].inputs = ["-", "-"]
        table.rules[1].annotations = [""]
        #expect(try DMNCSV.table(parsing: Array(Self.text.utf8)) == table)
        #expect(try DMNCSV.table(parsing: [0xEF, 0xBB, 0xBF] + Self.text.replacing("\r\n", with: "\n").utf8) == table)
        table.rules[0].id = "values"
        #expect(try DMNCSV.table(parsing: Array(DMNCSV.text(table).utf8)) == table)
    }

    @Test("each fault says its line and what to do")
    func faults() {
        let faults: [(String, Int)] = [
            ("", 1), ("X,input,output", 1), ("U+,input,output", 1), ("C*,output", 1), ("U,output,input", 1), ("U,input", 1),
            ("U,thing,output", 1),
            ("U,input,output\n1,2,3", 2), ("U,input,output\nname,a,b\n1,2", 3), ("U,input,output\nname,a,\"b", 2),
            ("U,input,output\nname,a,b\"", 2),
            ("U,input,output\nname,a,\"b\"c", 2),
        ]
        for (text, line) in faults {
            do {
                _ = try DMNCSV.table(parsing: Array(text.utf8))
                Issue.record("accepted: \(text)")
            } catch {
                #expect(error.code == "dmn.csv", "\(text)")
                #expect(error.line == line, "\(text)")
            }
        }
        #expect(throws: DMNError.self) { try DMNCSV.table(parsing: Array("U,output".utf8) + [0xFF]) }
        let limits = DMNLimits(maxElements: 10)
        #expect(throws: DMNError.self) { try DMNCSV.table(parsing: Array(String(repeating: ",", count: 20).utf8), limits: limits) }
    }
}
