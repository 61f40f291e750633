import JSON
import Testing

@Suite struct ParsingTests {
    @Test(
        "correct texts are accepted",
        arguments: [
            "null", " true ", "\t[\r\n]", "{}", "[1,2]", "\"\"", "0", "-0", "1e5", "1E+5", "0.5", "-1.25e-3", "[[[]]]",
            "{\"\":{\"a\":[null,{}]}}", "\"\\u00e9\\ud83d\\ude00\\/\"", "\"\u{7F}é漢😀\"", "9223372036854775808", "1e-400",
        ])
    func correctTextsAreAccepted(text: String) throws {
        _ = try JSON.parse(text)
        _ = try JSON.parse(text, numbers: .literal)
    }

    @Test(
        "faulty texts are refused",
        arguments: [
            " ", "nul", "True", "nulll", "[1,]", "[,1]", "[1 2]", "[", "]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
            "{'a':1}", "{1:2}", "01", "-", "+1", ".5", "1.", "1.e3", "1e", "1e+", "-a", "0x10", "NaN", "Infinity", "-Infinity", "\"",
            "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\t\"", "\"\n\"",
            "\"\u{0}\"", "1 2", "{}{}", "[1]//", "/**/1", "\u{FEFF}1", "[\u{A0}1]", "\"abcdefghi\u{1F}\"", "-01", "1e400", "[1}",
        ])
    func faultyTextsAreRefused(text: String) {
        #expect(throws: JSONError.self) { try JSON.parse(text) }
    }

    @Test("an empty text is an error, not a trap")
    func emptyTextIsAnError() {
        #expect(code { try JSON.parse([UInt8]()) } == "json.empty")
        #expect(code { try JSON.parse(UnsafeRawBufferPointer(start: nil, count: 0)) } == "json.empty")
        #expect(code { try JSON.parse("\n ") } == "json.empty")
    }

    @Test(
        "invalid UTF-8 is refused in values and keys, with and without escapes",
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80],
        ] as [[UInt8]])
    func invalidUTF8IsRefused(bad: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let escape = Array("\\n".utf8)
        let long = Array("a long run of plain text".utf8)
        for text in [bad, bad + escape, escape + bad, long + bad, long + bad + long] {
            #expect(code { try JSON.parse([quote] + text + [quote]) } == "json.utf8")
            #expect(code { try JSON.parse(Array("{".utf8) + [quote] + text + [quote] + Array(":1}".utf8)) } == "json.utf8")
        }
        #expect(throws: JSONError.self) { try JSON.parse(bad) }
    }

    @Test("escapes and plain runs of every length come out as written")
    func escapesAndRuns() throws {
        for length in 0..<40 {
            let run = String(repeating: "x", count: length)
            #expect(try JSON.parse("\"\(run)\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\(run)é\"") == .string("\(run)\"\\/\u{8}\u{C}\n\r\tA\(run)é"))
        }
        #expect(try JSON.parse("\"\\ud83d\\ude00\"") == "😀")
        #expect(try JSON.parse("\"\\u0000\"") == "\u{0}")
    }

    @Test("depth, size and length of numbers are limited")
    func limits() throws {
        let nested = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        _ = try JSON.parse(nested(128))
        #expect(code { try JSON.parse(nested(129)) } == "json.too_deep")
        #expect(code { try JSON.parse(nested(100_000), limits: JSONLimits(maxDepth: .max)) } == "json.too_deep")
        #expect(code { try JSON.parse("[1,2]", limits: JSONLimits(maxBytes: 4)) } == "json.too_large")
        #expect(code { try JSON.parse(String(repeating: "1", count: 1025)) } == "json.number_too_long")
        #expect(try JSON.parse("[[],[],{\"a\":[]}]", limits: JSONLimits(maxDepth: 3)).arrayValue?.count == 3)
    }

    @Test("a key that stands twice is kept, the last answers, and it is refused on request")
    func duplicateKeys() throws {
        let text = "{\"a\":1,\"b\":2,\"a\":3}"
        let value = try JSON.parse(text)
        #expect(value["a"] == 3)
        #expect(value.text() == text)
        let strict = JSONLimits(rejectsDuplicateKeys: true)
        #expect(code { try JSON.parse(text, limits: strict) } == "json.duplicate_key")
        let many = (0..<40).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(code { try JSON.parse("{\(many),\"k7\":1}", limits: strict) } == "json.duplicate_key")
        #expect(try JSON.parse("{\(many)}", limits: strict).objectValue?.count == 40)
    }

    @Test("an error names its place and quotes nothing")
    func errorsNameTheirPlace() {
        let error = #expect(throws: JSONError.self) { try JSON.parse("{\n  \"a\": 1,\n  secret\n}") }
        #expect(error?.code == "json.syntax")
        #expect(error?.offset == 14)
        #expect(error?.line == 3)
        #expect(error?.column == 3)
        #expect(error?.description.contains("secret") == false)
    }

    private func code(_ body: () throws -> JSON) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? JSONError)?.code
        }
    }
}
