import Base
import Governance
import JSON
import Kernel

extension PolicyContent {
    /// The row's values; external ids become records.
    func values(_ env: Environment) throws -> ValueMap {
        func record(_ place: String, _ externalId: String) throws -> Value {
            if externalId.isEmpty { return .null }
            guard let id = try Reference.find(externalId, env) else {
                throw Refusal.policy(place, "an external id; there is no '\(externalId)'")
            }
            return .int(id)
        }
        let sites = try companies.map { try record("sites", $0).intValue ?? 0 }
        let paths = inputs.paths.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
        var values: ValueMap = [
            "name": .text(name), "key": .text(key), "model": .text(model), "hours": .text(hours.rawValue),
            "calendar_id": try record("calendar", calendar), "company_ids": .list([[6, 0, .ids(sites)]]), "target_minutes": .int(target),
            "warn_percent": .int(warn), "escalation_user_id": try record("tell_user", escalationUser),
            "escalation_group_id": try record("tell_group", escalationGroup), "raises_exception": .bool(raisesException),
            "table_key": .text(table), "table_inputs": table.isEmpty ? .null : .json(.object(JSONObject(paths))),
        ]
        for (part, domain) in domains { values[part + "_domain"] = .text(domain) }
        return values
    }
}

/// The rows of released service levels, to which clocks keep: one for each version, those in force shown as active.
enum PolicyShelf {
    /// Puts a version on the shelf as it takes effect; clocks that run keep the promise of theirs.
    ///
    /// - Throws: `sla.definition`.
    static func put(_ version: ReleasedVersion, _ env: Environment) throws {
        let env = env.asSuperuser("service levels are put into force by their release")
        let content = try PolicyContent(version.content, key: version.key)
        try content.check(env)
        var values = try content.values(env)
        values["version"] = .int(version.number)
        values["version_id"] = .int(version.id)
        values["active"] = true
        if let known = try row(of: version, env) { try known.write(values) } else { try env.create(Policy.self, values) }
        try refresh(version.key, env)
    }

    /// Takes a version out of force; clocks are void where nothing takes its place.
    static func withdraw(_ version: ReleasedVersion, restoring next: ReleasedVersion?, _ env: Environment) throws {
        let env = env.asSuperuser("service levels are taken out of force by their retirement")
        if let next { try put(next, env) } else { try refresh(version.key, env) }
        let left = try scopes(env).filter { $0.version.key == version.key }
        let open = Domain.where("policy_key", .equal, .text(version.key)) & .where("state", .in, ["running", "paused"])
        for clock in try env.search(Clock.self, open) where !left.contains(where: { $0.applies(to: clock.company?.id) }) {
            try ClockWriter(env).add(.stop, to: clock, because: version.cause + " retired", outcome: .void)
        }
    }

    /// The versions in force that have taken effect, with the sites where they hold.
    static func scopes(_ env: Environment) throws -> [VersionScope] {
        let ready = Set(try all(env).search(Policy.self).compactMap { $0.released?.id })
        return try Definitions.scopes(ServiceLevelKind.kind, in: env) { ready.contains($0.id) }
    }

    /// Shows the versions of a key as active that are in force somewhere.
    private static func refresh(_ key: String, _ env: Environment) throws {
        let inForce = Set(try scopes(env).map(\.version.id))
        for row in try all(env).search(Policy.self, .where("key", .equal, .text(key))) {
            let isInForce = row.released.map { inForce.contains($0.id) } ?? false
            if row.active != isInForce { try row.write(["active": .bool(isInForce)]) }
        }
    }

    /// The row of a version; one that came before service levels were governed is taken over when it is the same version of the same key.
    private static func row(of version: ReleasedVersion, _ env: Environment) throws -> Record<Policy>? {
        let own = Domain.where("version_id", .equal, .int(version.id))
        let earlier =
            Domain.where("version_id", .equal, .null) & .where("key", .equal, .text(version.key))
            & .where("version", .equal, .int(version.number))
        return try all(env).search(Policy.self, own | earlier, order: "version_id desc", limit: 1).first
    }

    private static func all(_ env: Environment) throws -> Environment { try env.with(context: ["active_test": false]) }
}
