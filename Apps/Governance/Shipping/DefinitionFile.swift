import Base
import JSON
import Kernel
import YAML

/// A definition as a file: what an app ships, and what people export and import.
///
/// Shape: YAML with `kind`, `key`, `title`, `content`, and where there are any `tests` and `note`.
public struct DefinitionFile: Sendable, Hashable {
    /// The kind's technical name.
    public let kind: String
    /// The definition's key.
    public let key: String
    /// The definition's title.
    public let title: String
    /// What changed and why.
    public let note: String
    /// What it says.
    public let content: JSON
    /// The tests that it brings along.
    public let tests: JSON

    /// A definition from its parts.
    public init(kind: String, key: String, title: String, content: JSON, tests: JSON = .null, note: String = "") {
        self.kind = kind
        self.key = key
        self.title = title
        self.note = note
        self.content = content
        self.tests = tests
    }

    init(_ version: Record<DefinitionVersion>) throws {
        let governed = try Definitions.kind(version.kind, in: version.env) as? GovernedModel
        self.init(
            kind: version.kind, key: version.key, title: version.definition?.label ?? "",
            content: try governed.map { try PortableRow($0, version.env).exported(version.content) } ?? version.content,
            tests: version.tests, note: version.note)
    }

    /// Reads a file.
    ///
    /// - Throws: `governance.bad_file` with the line, or the name of the part that is missing.
    public static func parse(_ bytes: [UInt8]) throws -> DefinitionFile {
        let json: JSON
        do { json = try YAML.parse(bytes) } catch { throw bad("The file cannot be read: \(error.what) (line \(error.line)).") }
        func text(_ name: String) throws -> String {
            guard let text = json[name]?.stringValue, !text.isEmpty else { throw bad("'\(name)' is missing or is no text.") }
            return text
        }
        guard let content = json["content"] else { throw bad("'content' is missing.") }
        return DefinitionFile(
            kind: try text("kind"), key: try text("key"), title: try json["title"]?.stringValue ?? text("key"), content: content,
            tests: json["tests"] ?? .null, note: json["note"]?.stringValue ?? "")
    }

    /// The file.
    public var yaml: String {
        var json: JSONObject = ["kind": .string(kind), "key": .string(key), "title": .string(title)]
        if !note.isEmpty { json["note"] = .string(note) }
        json["content"] = content
        if !tests.isNull { json["tests"] = tests }
        return YAML.write(.object(json))
    }

    private static func bad(_ what: String) -> Refusal {
        Refusal(
            "governance.bad_file", .validation, what, instruction: "Give YAML with kind, key, title and content; an export shows the form.")
    }

    /// A draft of what the file says, in the definition of its kind and key, which is made when there is none.
    func makeDraft(in env: Environment) throws -> Record<DefinitionVersion> {
        if let governed = try Definitions.kind(kind, in: env) as? GovernedModel { return try makeRow(governed, in: env) }
        let definition = try definition(in: env, company: nil)
        let version = try env.create(
            DefinitionVersion.self,
            ["definition_id": .int(definition.id), "content": .json(content), "tests": .json(tests), "note": .text(note)])
        try Definitions.machine(version).write(["origin": "imported"])
        return version
    }

    /// The definition of its kind and key.
    func definition(in env: Environment, company: Int?) throws -> Record<Definition> {
        let known =
            Domain.where("kind", .equal, .text(kind)) & .where("key", .equal, .text(key))
            & .where("company_id", .equal, company.map { .int($0) } ?? .null)
        if let found = try env.search(Definition.self, known, limit: 1).first { return found }
        return try env.create(
            Definition.self,
            [
                "kind": .text(kind), "key": .text(key), "title": .text(title), "company_id": company.map { .int($0) } ?? .null,
            ])
    }
}
