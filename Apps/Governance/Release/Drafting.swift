import Crypto
import JSON
import Kernel

/// Writing drafts, as long as they are drafts.
enum Drafting {
    /// Completes a new version: its number, its author, and the version that it is written from.
    static func begin(_ values: inout ValueMap, _ env: Environment) throws {
        guard let id = values["definition_id"]?.intValue else { return }
        let superuser = env.asSuperuser("numbers and the newest version are found by the machine")
        if !env.isSuperuser {
            try env.checkAccess(.write, env.registry.schema(Definition.self), [id])
            values.entries.removeAll { !DefinitionVersion.editable.contains($0.name) && $0.name != "definition_id" }
        }
        let definition = superuser.record(Definition.self, id)
        let number = try env.unit.transaction.nextNumber("governance.version.\(id)", step: 1)
        guard number <= Definitions.versionLimit else { throw Refusal.tooManyVersions(definition.kind + ":" + definition.key) }
        values["number"] = .int(number)
        values["author_id"] = .int(env.user.id)
        values["contributor_ids"] = .list([[6, 0, .ids([env.user.id])]])
        values["base_id"] = try newest(of: definition).map { .int($0.id) } ?? .null
    }

    /// The newest version of a definition that was released, in force or not yet.
    static func newest(of definition: Record<Definition>) throws -> Record<DefinitionVersion>? {
        let domain = Domain.where("definition_id", .equal, .int(definition.id)) & .where("state", .equal, "released")
        return try definition.env.search(DefinitionVersion.self, domain, order: "number desc", limit: 1).first
    }

    /// Refuses changes of what was submitted and of what the machine keeps; whoever changes a draft is among its authors.
    static func guardWrite(_ versions: Recordset<DefinitionVersion>, _ values: inout ValueMap) throws {
        let env = versions.env
        if env.isSuperuser { return }
        let own = Set(values.names.filter { !$0.hasPrefix("message_") && !$0.hasPrefix("activity_") })
        let changed = try FixedFields.changed(values, of: versions.records, among: Array(own))
        values.entries.removeAll { own.contains($0.name) && !changed.contains($0.name) }
        if changed.isEmpty { return }
        if let version = versions.first(where: { $0.state != .draft }) { throw Refusal.frozen(version.cause, version.state ?? .draft) }
        let kept = changed.filter { !DefinitionVersion.editable.contains($0) }
        if !kept.isEmpty { throw Refusal.protected(kept) }
        values["contributor_ids"] = .list([[4, .int(env.user.id)]])
    }

    /// Checks a version and keeps the report with it.
    @discardableResult static func check(_ version: Record<DefinitionVersion>) throws -> CheckReport {
        let machine = Definitions.machine(version)
        let kind = try Definitions.kind(machine.kind, in: machine.env)
        let place = VersionPlace(key: machine.key, company: machine.company?.id, sites: Set(machine.sites.ids))
        let report = try CheckReport(machine.content, tests: machine.tests, at: place, of: kind, in: machine.env)
        try machine.write(["report": .json(report.json)])
        return report
    }

    /// Throws a draft away; the trail keeps that it was there.
    static func discard(_ version: Record<DefinitionVersion>) throws {
        let machine = Definitions.machine(version)
        try DefinitionTrail.note("discarded", machine, by: version.env, ["checksum": .text(seal(machine))])
        try machine.write(["state": "draft"])
        try machine.asSet.unlink()
    }

    /// A new draft with the content of a version.
    static func copy(_ version: Record<DefinitionVersion>) throws -> Record<DefinitionVersion> {
        try version.env.checkAccess(.read, version.records.model, [version.id])
        return try version.env.create(
            DefinitionVersion.self,
            [
                "definition_id": version.definition.map { .int($0.id) } ?? .null, "content": .json(version.content),
                "tests": .json(version.tests), "company_ids": .list([[6, 0, .ids(version.sites.ids)]]),
                "note": .text("Copied from version \(version.number)."),
            ])
    }

    /// The checksum of what a version says and where: anything else is about the version, not in it.
    static func seal(_ version: Record<DefinitionVersion>) -> String {
        seal(version.content, version.tests, sites: version.sites.ids)
    }

    static func seal(_ content: JSON, _ tests: JSON, sites: [Int] = []) -> String {
        let whole: JSON = ["content": content, "tests": tests, "sites": .array(sites.sorted().map { JSON($0) })]
        // As it comes back from the table: numbers in their shortest form.
        let plain = (try? JSON.parse(whole.serialized())) ?? whole
        return SHA256.hash(plain.serialized()).hex
    }
}
