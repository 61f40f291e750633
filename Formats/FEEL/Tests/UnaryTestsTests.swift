import FEEL
import Testing

@Suite struct UnaryTestsTests {
    private func holds(_ cell: String, _ value: String, _ scope: [String: FEELValue] = [:]) throws -> Bool {
        let value = try FEELExpression.parse(value).value { _ in nil }
        return try FEELUnaryTests.parse(cell).hold(for: value) { scope[$0] }
    }

    static let cases: [(cell: String, met: [String], unmet: [String])] = [
        ("-", ["1", "\"a\"", "null"], []), ("", ["null", "1"], []), ("\"a\"", ["\"a\""], ["\"b\"", "null", "1"]),
        ("\"a\", \"b\"", ["\"a\"", "\"b\""], ["\"c\""]), ("not(\"a\", \"b\")", ["\"c\"", "null"], ["\"a\"", "\"b\""]),
        ("< 10", ["9.99", "-1"], ["10", "null", "\"9\""]), ("<= 10", ["10"], ["10.01"]), ("> -5", ["-4"], ["-5"]), (">= 5", ["5"], ["4.9"]),
        ("[1..5]", ["1", "5", "2.5"], ["0.99", "5.01", "null"]), ("(1..5)", ["1.01", "4.99"], ["1", "5"]),
        ("]1..5[", ["2"], ["1", "5"]), ("[1..5)", ["1"], ["5"]), ("< 0, [1..2], 7", ["-1", "1.5", "7"], ["0", "3"]),
        ("not([1..5])", ["0", "6"], ["1", "3"]), ("true", ["true"], ["false", "null"]), ("null", ["null"], ["1", "\"\""]),
        ("not(null)", ["1", "\"\""], ["null"]), ("-1", ["-1"], ["1"]), ("[1, 2]", ["1", "2", "[1, 2]"], ["3"]), ("= 3", ["3"], ["4"]),
        ("!= 3", ["4"], ["3"]), ("(1 + 2) * 2", ["6"], ["3"]),
        ("[date(\"2026-01-01\")..date(\"2026-12-31\")]", ["date(\"2026-07-01\")"], ["date(\"2027-01-01\")", "\"2026-07-01\""]),
        ("> duration(\"PT72H\")", ["duration(\"P3DT1S\")"], ["duration(\"P3D\")", "duration(\"P1Y\")"]),
        (
            "<date and time(\"2026-01-01T00:00:00Z\")", ["date and time(\"2026-01-01T00:30:00+01:00\")"],
            ["date and time(\"2026-01-01T00:00:00Z\")"]
        ),
    ]

    @Test("a cell holds for what it names and for nothing else", arguments: cases)
    func cells(_ cell: String, _ met: [String], _ unmet: [String]) throws {
        for value in met { #expect(try holds(cell, value), "\(cell) should hold for \(value)") }
        for value in unmet { #expect(try !holds(cell, value), "\(cell) should not hold for \(value)") }
    }

    @Test("a cell may compare with a name, and does not hold where the name has no value")
    func names() throws {
        #expect(try holds("> limit", "5", ["limit": .int(4)]))
        #expect(try !holds("> limit", "5", ["limit": .int(6)]))
        #expect(try !holds("> limit", "5"))
        #expect(try holds("[low..low + 2]", "5", ["low": .int(4)]))
        #expect(try FEELUnaryTests.parse("> limit, [low..7]").names == ["limit", "low"])
    }
}
