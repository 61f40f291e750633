import JSON
import Testing
import YAML

@Suite struct ValueTests {
    @Test("a definition becomes the JSON that it means")
    func definition() throws {
        let text = """
            # who looks at a referral first
            name: triage
            rules:
              - when: {age: 12, site: [north, "south"]}
                route: paediatrics
              - route: |
                  two
                  lines
                note: >-
                  folded
                  text
            empty:
            "quoted key": 'it''s'
            """
        let expected: JSON = [
            "name": "triage",
            "rules": [
                ["when": ["age": 12, "site": ["north", "south"]], "route": "paediatrics"],
                ["route": "two\nlines\n", "note": "folded text"],
            ],
            "empty": nil, "quoted key": "it's",
        ]
        #expect(try YAML.parse(text) == expected)
    }

    @Test("plain scalars follow the core schema")
    func coreSchema() throws {
        let scalars: [(String, JSON)] = [
            ("~", nil), ("null", nil), ("Null", nil), ("true", true), ("FALSE", false), ("no", "no"), ("on", "on"), ("y", "y"),
            ("12", 12), ("-3", -3), ("+7", 7), ("0", 0), ("-0", 0), ("0x1F", 31), ("0o17", 15), ("0xZZ", "0xZZ"), ("0x", "0x"),
            ("1.5", 1.5),
            (".5", 0.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0), ("+1E-2", 0.01), ("1e", "1e"), (".", "."), ("-", [nil]), ("+", "+"),
            ("1_000", "1_000"), ("2026-03-01", "2026-03-01"), ("08:30", "08:30"), ("9223372036854775807", .int(.max)),
            ("9223372036854775808", 9223372036854775808.0), ("1.2.3", "1.2.3"), ("'12'", "12"), ("\"true\"", "true"), ("\"\"", ""),
            ("é", "é"),
        ]
        for (text, value) in scalars { #expect(try YAML.parse(text) == value, "\(text)") }
    }

    @Test("numbers can be kept as written")
    func literalNumbers() throws {
        #expect(
            try YAML.parse("[1.50, +2.0, 3, .5, -1.e2]", numbers: .literal) == [
                .number("1.50"), .number("2.0"), 3, .number("0.5"), .number("-1.0e2"),
            ])
    }

    @Test("known tags are obeyed")
    func tags() throws {
        #expect(
            try YAML.parse("[!!str 12, ! 12, !!int 12, !!float 1, !!bool true, !!null ~, !!seq [], !!map {}, !!str a]") == [
                "12", "12", 12, 1.0, true, nil, [], [:], "a",
            ])
    }

    @Test("an alias repeats its value")
    func aliases() throws {
        #expect(try YAML.parse("a: &x [1, &y 2]\nb: *x\nc: *y") == ["a": [1, 2], "b": [1, 2], "c": 2])
    }

    @Test("a byte order mark, document marks and a version are allowed")
    func marks() throws {
        #expect(try YAML.parse("\u{FEFF}a: 1\n") == ["a": 1])
        #expect(try YAML.parse("%YAML 1.1\n---\na: 1\n...\n") == ["a": 1])
    }

    @Test("keys become text as written")
    func keys() throws {
        #expect(try YAML.parse("1: a\ntrue: b\n'': c\n'<<': d\n'~': e") == ["1": "a", "true": "b", "": "c", "<<": "d", "~": "e"])
    }
}
