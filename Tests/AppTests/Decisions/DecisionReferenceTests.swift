import DMN
import DecisionTables
import Decisions
import FEEL
import Foundation
import JSON
import Kernel
import TestKit
import Testing
import YAML

/// `docs/reference/decisions.md` says what is so.
@Suite struct DecisionReferenceTests {
    private static func page() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("docs/reference/decisions.md"), encoding: .utf8)
    }

    /// The lines between a fence of that language and the next one.
    private static func block(_ language: String) throws -> String {
        let lines = try page().split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "```\(language)"[...]))
        let end = try #require(lines[(start + 1)...].firstIndex(of: "```"[...]))
        return lines[(start + 1)..<end].joined(separator: "\n") + "\n"
    }

    /// The cells in backticks of the first column of the table under a heading.
    private static func firstColumn(_ heading: String) throws -> [String] {
        let parts = try page().components(separatedBy: "\n## ")
        let part = try #require(parts.first { $0.hasPrefix(heading) })
        return part.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line -> [String] in
            let first = line.split(separator: "|", omittingEmptySubsequences: true).first ?? ""
            return first.split(separator: "`", omittingEmptySubsequences: true).enumerated().filter { $0.offset % 2 == 1 }.map {
                String($0.element)
            }
        }
    }

    @Test("the page's table is read, complete by its defaults, and its tests come out")
    func example() throws {
        let table = try DecisionTable(key: "example", content: try YAML.parse(try Self.block("yaml")))
        let report = table.checked()
        #expect(report.problems == [])
        #expect(report.testsRun == 3)
        let outcome = try CompiledTable(table).evaluate(fields: ["amount": 300, "site": "north", "since": "2025-12-01"])
        #expect(outcome.json == ["days": 2, "desk": "front"])
        #expect(outcome.matched == [2, 3])
    }

    @Test("the page's CSV is read")
    func csv() throws {
        let dmn = try DMNCSV.table(parsing: Array(try Self.block("text").utf8))
        let table = try DecisionTable(key: "example", title: "", dmn: dmn)
        #expect(table.hitPolicy == .first)
        #expect(table.rules.map(\.id) == ["large", ""])
        #expect(try CompiledTable(table).evaluate(fields: ["amount": 1, "site": "north"]).json == ["days": 2])
    }

    @Test("each cell that the page shows is read")
    func cells() throws {
        let cells = try Self.firstColumn("Cells")
        #expect(cells.count == 21)
        for cell in cells { #expect(throws: Never.self) { try FEELUnaryTests.parse(cell, names: ["limit", "low"]) } }
    }

    @Test("the page lists every hit policy and every method")
    func lists() throws {
        #expect(Set(try Self.firstColumn("Hit policies")) == Set(DMNHitPolicy.allCases.map(\.contentName)))
        let world = try World()
        let methods = try world.act { env in
            let names = env.registry.schema(TableRecord.self).methodNames
            return names.filter { ["evaluate", "run_tests", "check"].contains($0) || $0.contains("port_") }
        }
        #expect(Set(try Self.firstColumn("Asking")) == Set(methods))
    }

    @Test("every code that the page names is in the program")
    func codes() throws {
        let known: Set<String> = [
            "decision.content", "decision.cell", "decision.cell_type", "decision.gap", "decision.overlap", "decision.never_reached",
            "decision.test_failed", "decision.gaps_unknown", "decision.overlaps_unknown",
        ]
        #expect(Set(try Self.firstColumn("What is checked")) == known)
        let content: JSON = [
            "inputs": [["name": "a", "type": "integer"]], "outputs": [["name": "b", "type": "integer"]], "complete": true,
            "rules": [["when": ["a": "< 5"], "then": ["b": 1]], ["when": ["a": "[4..9]"], "then": ["b": 1]]],
            "tests": [["given": ["a": 1], "expect": ["b": 2]]],
        ]
        let found = Set(try DecisionTable(key: "t", content: content).checked().problems.map(\.code))
        #expect(found == ["decision.gap", "decision.overlap", "decision.test_failed"])
    }
}
