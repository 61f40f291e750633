import JSON
import Testing
import YAML

@Suite struct RefusalTests {
    private func code(_ text: String, limits: YAMLLimits = .default) -> String? {
        do throws(YAMLError) {
            _ = try YAML.parse(text, limits: limits)
            return nil
        } catch { return error.code }
    }

    @Test("each kind of refusal has its code")
    func codes() {
        let refused = [
            ("", "yaml.empty"), ("# only a comment\n", "yaml.empty"), ("a: 1\n---\nb: 2", "yaml.several_documents"),
            ("a: [1", "yaml.syntax"),
            ("a: b: c", "yaml.syntax"), ("\ta: 1", "yaml.syntax"), ("a: \"x", "yaml.syntax"), ("- a\nb", "yaml.syntax"),
            ("@x", "yaml.syntax"),
            ("\"\\ud800\"", "yaml.syntax"), ("a\u{1}", "yaml.syntax"), ("a: 1\na: 2", "yaml.duplicate_key"),
            ("{a: 1, 'a': 2}", "yaml.duplicate_key"),
            ("[1]: a", "yaml.bad_key"), ("? {a: 1}\n: b", "yaml.bad_key"), ("~: a", "yaml.bad_key"), ("&k a: b", "yaml.bad_key"),
            ("a: &x 1\n*x : 2", "yaml.bad_key"), ("b: &b {a: 1}\nc:\n  <<: *b", "yaml.bad_key"),
            ("!!python/object:os.system x", "yaml.tag"),
            ("!local x", "yaml.tag"), ("!!binary aGk=", "yaml.tag"), ("!!set {a: }", "yaml.tag"), ("!x [1]", "yaml.tag"),
            ("%TAG ! tag:example.org,2026:\n---\na", "yaml.tag"), ("!!int x", "yaml.bad_scalar"), ("!!bool 1", "yaml.bad_scalar"),
            (".inf", "yaml.bad_scalar"), ("-.INF", "yaml.bad_scalar"), (".nan", "yaml.bad_scalar"), ("007", "yaml.bad_scalar"),
            ("-01.5", "yaml.bad_scalar"),
            ("1e999", "yaml.bad_scalar"), ("0xFFFFFFFFFFFFFFFFF", "yaml.bad_scalar"), ("*x", "yaml.unknown_alias"),
            ("&x [*x]", "yaml.unknown_alias"),
        ]
        for (text, expected) in refused { #expect(code(text) == expected, "\(text)") }
    }

    @Test("bytes that are not UTF-8 are refused")
    func encoding() {
        for bytes in [[0xFF], [0x61, 0xC3], [0xFE, 0xFF, 0, 0x61], [0x61, 0], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            let error = #expect(throws: YAMLError.self) { try YAML.parse(bytes) }
            #expect(error?.code == "yaml.syntax")
        }
        #expect(throws: YAMLError.self) { try YAML.parse([UInt8]()) }
    }

    @Test("a bomb of aliases is refused before it grows")
    func bomb() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [\((0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
        }
        #expect(code(text) == "yaml.expands_too_far")
        #expect(code("[&x 1" + String(repeating: ", *x", count: 257) + "]") == "yaml.too_many_aliases")
        let long = "[&x \(String(repeating: "y", count: 1 << 20))" + String(repeating: ", *x", count: 20) + "]"
        #expect(code(long) == "yaml.expands_too_far")
    }

    @Test("many tag directives are refused at once, before and after a document")
    func tagDirectives() {
        let directives = (0..<100_000).map { "%TAG !a\($0)! x:\n" }.joined()
        let duration = ContinuousClock().measure {
            #expect(code(directives + "--- a") == "yaml.tag")
            #expect(code("a\n...\n" + directives + "--- b") == "yaml.tag")
        }
        #expect(duration < .seconds(5))
    }

    @Test("depth and size are limited, aliases included")
    func limits() {
        let nested = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        #expect(code(nested(64)) == nil)
        #expect(code(nested(65)) == "yaml.too_deep")
        #expect(code(String(repeating: "- ", count: 70) + "x") == "yaml.too_deep")
        #expect(code(nested(5000), limits: YAMLLimits(maxDepth: .max)) == "yaml.too_deep")
        #expect(code("[&x [[1]], [*x]]", limits: YAMLLimits(maxDepth: 4)) == nil)
        #expect(code("[&x [[1]], [[*x]]]", limits: YAMLLimits(maxDepth: 4)) == "yaml.too_deep")
        #expect(code("abc", limits: YAMLLimits(maxBytes: 2)) == "yaml.too_large")
        #expect(code(String(repeating: "1", count: 2000)) == "yaml.bad_scalar")
    }

    @Test("an error names its line and column and quotes nothing")
    func place() {
        let error = #expect(throws: YAMLError.self) { try YAML.parse("name: x\nlist:\n  - secret: 1\n    secret: 2\n") }
        #expect(error?.line == 4)
        #expect(error?.column == 5)
        #expect(error?.description.contains("secret") == false)
        let syntax = #expect(throws: YAMLError.self) { try YAML.parse("a: 1\nb: [1,\nc: 2\n") }
        #expect((3...4).contains(syntax?.line ?? 0))
    }
}
