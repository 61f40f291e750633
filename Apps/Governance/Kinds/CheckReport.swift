import JSON
import Kernel

/// What checks and tests said about a content.
struct CheckReport {
    /// The most problems and outcomes that a report names.
    static let limit = 200

    let problems: [DefinitionProblem]
    let outcomes: [TestOutcome]

    init(_ content: JSON, tests: JSON, at place: VersionPlace, of kind: any DefinitionKind, in env: Environment) throws {
        let env = env.asSuperuser("a definition is checked with the eyes of the machine")
        problems = Array(try kind.check(content, at: place, in: env).prefix(CheckReport.limit))
        // What is wrong in itself would only fail in other words.
        outcomes = problems.isEmpty ? Array(try kind.runTests(content, tests: tests, in: env).prefix(CheckReport.limit)) : []
    }

    var failures: [TestOutcome] { outcomes.filter { !$0.passed } }

    /// Refuses a content that has a problem or fails a test.
    func requireGood(_ name: String) throws {
        if let first = problems.first { throw Refusal.badDefinition(name, first, of: problems) }
        if let first = failures.first { throw Refusal.failedTests(name, first, failures) }
    }

    var json: JSON {
        [
            "problems": .array(
                problems.map {
                    ["place": .string($0.place), "message": .string($0.message), "remedy": .string($0.remedy)]
                }),
            "tests": .array(
                outcomes.map { ["name": .string($0.name), "passed": .bool($0.passed), "message": .string($0.message)] }),
        ]
    }
}
