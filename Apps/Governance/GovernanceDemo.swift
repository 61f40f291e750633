import JSON
import Kernel

/// A few definitions for the demo hospital group: a role in review, and one that is still a draft.
enum GovernanceDemo {
    static func fill(_ env: Environment) throws {
        let auditor = try draft(
            "exception-auditor", "Exceptions: readers", group: "exceptions.group_auditor",
            rights: ["ops.exception": "r", "ops.exception.occurrence": "r"],
            tests: [["name": "readers change nothing", "model": "ops.exception", "may": "r", "never": "wcd"]],
            note: "Put what readers of exceptions may do under governance.", env)
        _ = try auditor.asSet.call("action_submit")
        _ = try draft(
            "exception-worker", "Exceptions: workers", group: "exceptions.group_user",
            rights: ["ops.exception": "rw", "ops.exception.occurrence": "r"],
            tests: [["name": "workers delete nothing", "model": "ops.exception", "may": "rw", "never": "d"]],
            note: "Workers may not make exceptions by hand.", env)
    }

    private static func draft(
        _ key: String, _ title: String, group: String, rights: JSON, tests: JSON, note: String, _ env: Environment
    ) throws -> Record<DefinitionVersion> {
        let definition = try env.create(Definition.self, ["kind": "role", "key": .text(key), "title": .text(title)])
        return try env.create(
            DefinitionVersion.self,
            [
                "definition_id": .int(definition.id), "tests": .json(tests), "note": .text(note),
                "content": .json(["group": .string(group), "implies": ["base.group_user"], "rights": rights]),
            ])
    }
}
