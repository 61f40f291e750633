import Base
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
        var values: ValueMap = [
            "name": .text(name), "key": .text(key), "model": .text(model), "hours": .text(hours.rawValue),
            "calendar_id": try record("calendar", calendar), "company_ids": .list([[6, 0, .ids(sites)]]), "target_minutes": .int(target),
            "warn_percent": .int(warn), "escalation_user_id": try record("tell_user", escalationUser),
            "escalation_group_id": try record("tell_group", escalationGroup), "raises_exception": .bool(raisesException),
        ]
        for (part, domain) in domains { values[part + "_domain"] = .text(domain) }
        return values
    }
}

/// Putting service levels into force and taking them out of it: what a release of a definition does.
public enum PolicyShelf {
    /// Puts a version of a service level into force; clocks that run keep the promise of theirs.
    ///
    /// - Throws: `sla.definition`.
    @discardableResult
    public static func install(_ content: PolicyContent, version: Int, _ env: Environment) throws -> Record<Policy> {
        let env = env.asSuperuser("service levels are put into force by their release")
        try content.check(env)
        var values = try content.values(env)
        values["version"] = .int(version)
        values["active"] = true
        let all = try env.with(context: ["active_test": false])
        let versions = try all.search(Policy.self, .where("key", .equal, .text(content.key)))
        try versions.filtered { $0.number != version && $0.active }.write(["active": false])
        if let known = versions.first(where: { $0.number == version }) {
            try known.write(values)
            return known
        }
        return try env.create(Policy.self, values)
    }

    /// Takes a service level out of force: no clock starts any more, and those that run are void.
    public static func retire(_ key: String, _ env: Environment) throws {
        let env = env.asSuperuser("service levels are taken out of force by their retirement")
        try env.search(Policy.self, .where("key", .equal, .text(key))).write(["active": false])
        let open = Domain.where("policy_key", .equal, .text(key)) & .where("state", .in, ["running", "paused"])
        for clock in try env.search(Clock.self, open) {
            try ClockWriter(env).add(.stop, to: clock, because: "sla:\(key) retired", outcome: .void)
        }
    }

    /// Puts the service levels that an app ships into force, each at the version that its file names.
    public static func installShipped(_ file: JSON, _ env: Environment) throws {
        let version = file["version"]?.intValue ?? 1
        for entry in file["service_levels"]?.arrayValue ?? [] { try install(try PolicyContent(entry), version: version, env) }
    }
}
