import Decisions
import FEEL
import Governance
import JSON
import Kernel

/// Decision tables as governed definitions.
struct DecisionKind: DefinitionKind {
    static let kind = "decision"

    let name: String = DecisionKind.kind
    let title = "Decision table"

    /// What keeps a table from being submitted; what is only worth a look is shown by `decision.table`'s `check`.
    func check(_ content: JSON, in env: Environment) throws -> [DefinitionProblem] {
        do throws(DecisionProblems) {
            let table = try DecisionTable(key: name, content: content)
            _ = try CompiledTable(table)
            // The cases are run, and named one by one, by `runTests`.
            var bare = table
            bare.tests = []
            return bare.checked().errors.map(\.definitionProblem)
        } catch { return error.list.map(\.definitionProblem) }
    }

    /// What apps that ask the table want of it, too: an approver who is not there is found before somebody waits for them.
    func check(_ content: JSON, at place: VersionPlace, in env: Environment) throws -> [DefinitionProblem] {
        let own = try check(content, in: env)
        guard own.isEmpty else { return own }
        let table: DecisionTable
        do throws(DecisionProblems) { table = try DecisionTable(key: place.key, content: content) } catch { throw error.refusal }
        return try env.registry.offered(as: (any TableDemands).self).flatMap { try $0.problems(table, at: place, in: env) }
    }

    func runTests(_ content: JSON, tests: JSON, in env: Environment) throws -> [TestOutcome] {
        do throws(DecisionProblems) {
            let compiled = try CompiledTable(try DecisionTable(key: name, content: Self.content(content, with: tests)))
            return compiled.table.tests.enumerated().map { place, test in
                let failure = compiled.failure(of: test, number: place + 1)
                return TestOutcome(test.name.isEmpty ? "test \(place + 1)" : test.name, passed: failure == nil, failure?.message ?? "")
            }
        } catch { return [TestOutcome("tests", passed: false, error.refusal.sentence)] }
    }

    /// The content with the version's own tests behind those within it.
    private static func content(_ content: JSON, with tests: JSON) -> JSON {
        guard case .object(var object) = content, let more = tests.arrayValue, !more.isEmpty else { return content }
        object["tests"] = .array((object["tests"]?.arrayValue ?? []) + more)
        return .object(object)
    }

    func install(_ version: ReleasedVersion, replacing previous: ReleasedVersion?, in env: Environment) throws {
        try show(version, in: env)
    }

    func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, in env: Environment) throws {
        if let next { return try show(next, in: env) }
        try env.search(TableRecord.self, .where("definition", .equal, .int(version.definition))).unlink()
    }

    /// Brings the record that people find in line with a version.
    private func show(_ version: ReleasedVersion, in env: Environment) throws {
        let table: DecisionTable
        do throws(DecisionProblems) { table = try DecisionTable(key: version.key, content: version.content) } catch { throw error.refusal }
        let values: ValueMap = [
            "name": .text(table.title.isEmpty ? version.title : table.title), "key": .text(version.key),
            "hit_policy": .text(table.hitPolicy.contentName + (table.aggregation.map { " " + $0.rawValue.lowercased() } ?? "")),
            "inputs": .text(table.inputs.map(\.name).joined(separator: ", ")),
            "outputs": .text(table.outputs.map(\.name).joined(separator: ", ")), "rule_count": .int(table.rules.count),
            "version": .text(version.cause), "effective_from": .instant(version.effectiveFrom), "definition": .int(version.definition),
            "company_id": version.company.map { .int($0) } ?? .null,
        ]
        let known = try env.search(TableRecord.self, .where("definition", .equal, .int(version.definition)), limit: 1)
        if known.isEmpty { try env.create(TableRecord.self, values) } else { try known.write(values) }
    }
}

/// Knows what an app that asks decision tables wants of a version before it is released; an app offers one with `App.offer(_:)`.
public protocol TableDemands: Sendable {
    /// What is wrong with a version for those who ask the table, with row and cell: `rules[3].who`.
    func problems(_ table: DecisionTable, at place: VersionPlace, in env: Environment) throws -> [DefinitionProblem]
}

extension DecisionProblem {
    /// The problem with its place as definitions name places.
    fileprivate var definitionProblem: DefinitionProblem {
        let row = rows.first.map { "rules[\($0)]" } ?? ""
        let place = [row, column].filter { !$0.isEmpty }.joined(separator: ".")
        return DefinitionProblem(place.isEmpty ? "table" : place, message, remedy: remedy)
    }
}
