import Base
import JSON
import Kernel

/// Governed records: what is in force, and the drafts that follow from writing them.
public enum GovernedRows {
    /// The parameter that names the models, separated by commas, whose records may be changed without a second person; `*` is all.
    public static let directChanges = "governance.direct_changes"

    /// The released records of a kind, in the order of keys.
    ///
    /// - Parameter company: Where they are to apply; nil takes all, each in its newest version.
    public static func inForce(_ kind: String, company: Int? = nil, in env: Environment) throws -> [GovernedRow] {
        let versions = try Definitions.byKey(kind, in: env).values.compactMap { list in
            list.first { (company == nil || $0.applies(to: company)) && $0.effectiveFrom <= env.now }
        }
        return try versions.sorted { $0.key < $1.key }.map { try row($0, in: env) }
    }

    /// The records of a kind as their newest open drafts want them, by id.
    public static func drafts(_ kind: String, in env: Environment) throws -> [Int: GovernedRow] {
        guard let governed = try Definitions.kind(kind, in: env) as? GovernedModel else { return [:] }
        let open = Domain.where("kind", .equal, .text(kind)) & .where("state", .in, ["draft", "in_review"])
        var found: [Int: GovernedRow] = [:]
        for version in try env.search(DefinitionVersion.self, open, order: "number", limit: Definitions.releasedLimit) {
            guard let id = version.definition?.record, id > 0 else { continue }
            found[id] = try GovernedRow(id: id, content: version.content, of: governed, in: env)
        }
        return found
    }

    /// What was released of one record; nil when nothing is in force.
    public static func inForce(_ kind: String, record id: Int, in env: Environment) throws -> GovernedRow? {
        let versions = try env.remembered("governance.record:\(kind):\(id)", from: Definitions.models) { env in
            let own = Domain.where("kind", .equal, .text(kind)) & .where("definition_id.res_id", .equal, .int(id))
            let found = try env.search(DefinitionVersion.self, own & .where("state", .equal, "released"), limit: Definitions.releasedLimit)
                .map { ReleasedVersion($0) }
            if let broken = found.first(where: { !$0.isSound }) { throw Refusal.tampered(broken.cause) }
            return found.sorted(by: ReleasedVersion.goesFirst)
        }
        return try versions.first { $0.effectiveFrom <= env.now }.map { try row($0, in: env) }
    }

    /// A released version as the record that it is about.
    public static func row(_ version: ReleasedVersion, in env: Environment) throws -> GovernedRow {
        try env.remembered("governance.row:\(version.id)", from: Definitions.models) { env in
            guard let governed = try Definitions.kind(version.kind, in: env) as? GovernedModel else {
                throw Refusal.unknownKind(version.kind, known: env.registry.offered(as: GovernedModel.self).map(\.name))
            }
            return try GovernedRow(version, of: governed, in: env)
        }
    }

    /// Whether a write of a model's records is released at once.
    static func isDirect(_ model: String, _ env: Environment) throws -> Bool {
        if env.user.id == UserContext.system.id { return true }
        let models = try env.remembered(directChanges, from: [Parameter.name]) { env -> Set<String> in
            let setting = try env.search(Parameter.self, .where("key", .equal, .text(directChanges)), limit: 1).first?.content ?? ""
            return Set(setting.split(separator: ",").map { $0.filter { $0 != " " } })
        }
        return models.contains(model) || models.contains("*")
    }

    /// Makes or updates the draft of each record, or releases it where that is allowed.
    static func note(_ ids: [Int], of governed: GovernedModel, without gone: Set<Int> = [], in env: Environment) throws {
        let machine = env.asSuperuser("a governed record's definition is kept by the machine")
        let made = env.unit.thing(GovernedChanges.self) { GovernedChanges() }
        for id in ids where !made.deleted.contains("\(governed.model),\(id)") {
            let content = try RowSnapshot.take(id, of: governed, without: gone, in: machine)
            let definition = try definition(of: id, governed, machine)
            let newest = try Drafting.newest(of: definition)
            if try isDirect(governed.model, env) {
                try release(content, definition, newest, env)
            } else {
                try draft(content, definition, newest, machine)
            }
        }
    }

    /// What somebody's direct writes make of a definition in force: a draft, or a release where the parameter names the model.
    ///
    /// - Parameter change: The whole content with what they changed; told of what waits already, or where it is released at once only of what
    ///   is in force, so that nobody releases another one's wishes along with their own.
    static func propose(
        of version: ReleasedVersion, model: String, _ env: Environment, change: (JSON) throws -> JSON
    ) throws {
        let machine = env.asSuperuser("a governed record's definition is kept by the machine")
        let definition = machine.record(Definition.self, version.definition)
        let newest = try Drafting.newest(of: definition)
        let present = newest?.content ?? version.content
        if try isDirect(model, env) {
            try release(try change(present), definition, newest, env)
        } else {
            try draft(try change(try openDraft(of: definition)?.content ?? present), definition, newest, machine)
        }
    }

    /// The draft that direct writes made.
    private static func openDraft(of definition: Record<Definition>) throws -> Record<DefinitionVersion>? {
        let open =
            Domain.where("definition_id", .equal, .int(definition.id)) & .where("state", .equal, "draft")
            & .where("origin", .equal, "record")
        return try definition.env.search(DefinitionVersion.self, open, order: "number desc", limit: 1).first
    }

    private static func draft(
        _ content: JSON, _ definition: Record<Definition>, _ newest: Record<DefinitionVersion>?, _ machine: Environment
    ) throws {
        let draft = try openDraft(of: definition)
        if let newest, same(newest.content, content) {
            if let draft { try Drafting.discard(draft) }
            return
        }
        if let draft {
            return try draft.write(["content": .json(content), "contributor_ids": .list([[4, .int(machine.user.id)]])])
        }
        try machine.create(
            DefinitionVersion.self,
            [
                "definition_id": .int(definition.id), "content": .json(content), "tests": newest.map { .json($0.tests) } ?? .null,
                "origin": "record",
            ])
    }

    private static func release(
        _ content: JSON, _ definition: Record<Definition>, _ newest: Record<DefinitionVersion>?, _ env: Environment
    ) throws {
        let machine = definition.env
        if let newest, same(newest.content, content) { return }
        let made = env.unit.thing(GovernedChanges.self) { GovernedChanges() }
        if let newest, made.versions.contains(newest.id) {
            // The same unit of work goes on changing it: one version says it all.
            try newest.write(["content": .json(content), "checksum": .text(Drafting.seal(content, newest.tests))])
            try Drafting.check(newest).requireGood(newest.cause)
            return
        }
        let isMachine = env.user.id == UserContext.system.id
        let version = try machine.create(
            DefinitionVersion.self,
            [
                "definition_id": .int(definition.id), "content": .json(content), "tests": newest.map { .json($0.tests) } ?? .null,
                "origin": isMachine ? "shipped" : "direct",
            ])
        made.versions.insert(version.id)
        try Drafting.check(version).requireGood(version.cause)
        try Releasing.put(version, inForceFrom: env.now, by: env, event: isMachine ? "shipped" : "direct change")
    }

    /// Whether two contents are the same once they have been stored.
    private static func same(_ left: JSON, _ right: JSON) -> Bool { Drafting.seal(left, .null) == Drafting.seal(right, .null) }

    private static func definition(of id: Int, _ governed: GovernedModel, _ env: Environment) throws -> Record<Definition> {
        if let known = try find(id, governed, env) { return known }
        let model = try env.registry.requireModel(governed.model)
        let record = Records(model, [id], env)
        let title = try record.value(id, model.fields[ModelSchema.Slot.displayName]).textValue ?? ""
        let company = model.field("company_id")?.kind.comodel == Company.name ? try record.value(id, "company_id") : .null
        return try env.create(
            Definition.self,
            [
                "kind": .text(governed.name), "key": .text(key(title, id)), "title": .text(title.isEmpty ? governed.title : title),
                "company_id": company, "res_model": .text(governed.model), "res_id": .int(id),
            ])
    }

    /// Whether the record that a definition is about is there.
    static func isAlive(_ definition: Record<Definition>) throws -> Bool {
        guard definition.record > 0, let model = definition.env.registry.model(definition.recordModel) else { return false }
        return try !definition.env.existing([definition.record], in: model).isEmpty
    }

    static func find(_ id: Int, _ governed: GovernedModel, _ env: Environment) throws -> Record<Definition>? {
        let own = Domain.where("res_model", .equal, .text(governed.model)) & .where("res_id", .equal, .int(id))
        return try env.search(Definition.self, own, limit: 1).first
    }

    /// A key that people recognise and that no other record has.
    private static func key(_ title: String, _ id: Int) -> String {
        var words = ""
        for character in title.lowercased().utf8 {
            let isPlain = (0x61...0x7A).contains(character) || (0x30...0x39).contains(character)
            if isPlain { words.unicodeScalars.append(Unicode.Scalar(character)) } else if words.last != "-", !words.isEmpty { words += "-" }
        }
        return (words.isEmpty ? "record-" : words.prefix(60) + (words.hasSuffix("-") ? "" : "-")) + String(id)
    }

    /// What becomes of the definition of records that are deleted: what is in force is retired first, by whoever may.
    static func forget(_ ids: [Int], of governed: GovernedModel, in env: Environment) throws {
        let machine = env.asSuperuser("a governed record's definition is kept by the machine")
        let made = env.unit.thing(GovernedChanges.self) { GovernedChanges() }
        for id in ids {
            made.deleted.insert("\(governed.model),\(id)")
            guard let definition = try find(id, governed, machine) else { continue }
            if let newest = try Drafting.newest(of: definition) {
                guard try isDirect(governed.model, env) else { throw Refusal.retireFirst(newest.cause) }
                try Retiring.retire(Record(id: newest.id, records: newest.records.with(env)), reason: "The record was deleted.")
            }
            let drafts = Domain.where("definition_id", .equal, .int(definition.id)) & .where("state", .in, ["draft", "in_review"])
            for draft in try machine.search(DefinitionVersion.self, drafts) { try Drafting.discard(draft) }
        }
    }
}

/// What this unit of work did to governed records.
private final class GovernedChanges {
    /// Versions that it released directly.
    var versions: Set<Int> = []
    /// Records that it is deleting, as `model,id`: what happens to their lines means nothing any more.
    var deleted: Set<String> = []
}

extension Refusal {
    static func retireFirst(_ name: String) -> Refusal {
        Refusal(
            "governance.retire_first", .conflict, "\(name) is released: deleting its record would take it out of force.",
            instruction: "Have the version retired, then delete the record.")
    }
}
