import Kernel

/// What is in force: asked by every engine before it acts, remembered per database until a release changes it.
public enum Definitions {
    /// The most versions of one definition.
    public static let versionLimit = 100_000
    /// The most released versions of one kind that are kept at hand; retired ones do not count.
    public static let releasedLimit = 20_000
    /// What the remembered versions come from; apps that remember something made from versions name the same.
    public static let models = [Definition.name, DefinitionVersion.name]

    /// The version of a definition in force for a company at a moment; nil when there is none.
    ///
    /// - Parameters:
    ///   - company: nil finds what is in force everywhere.
    ///   - moment: Now when nil; past moments find what was in force then, retired versions included.
    public static func inForce(
        _ kind: String, _ key: String, company: Int? = nil, at moment: Instant? = nil, in env: Environment
    ) throws -> ReleasedVersion? {
        if let moment, moment < env.now {
            return try past(kind, key: key, in: env).first { $0.applies(to: company) && $0.isInForce(at: moment) }
        }
        let moment = moment ?? env.now
        return try byKey(kind, in: env)[key]?.first { $0.applies(to: company) && $0.effectiveFrom <= moment }
    }

    /// The versions in force of all definitions of a kind for a company, one for each key, in the order of keys.
    public static func inForce(_ kind: String, company: Int? = nil, in env: Environment) throws -> [ReleasedVersion] {
        try byKey(kind, in: env).values.compactMap { list in
            list.first { $0.applies(to: company) && $0.effectiveFrom <= env.now }
        }.sorted { $0.key < $1.key }
    }

    /// The kind of that name, or a refusal.
    public static func kind(_ name: String, in env: Environment) throws -> any DefinitionKind {
        let kinds = env.registry.offered(as: (any DefinitionKind).self)
        guard let kind = kinds.first(where: { $0.name == name }) else { throw Refusal.unknownKind(name, known: kinds.map(\.name)) }
        return kind
    }

    /// Released versions by key, those that go first in front.
    static func byKey(_ kind: String, in env: Environment) throws -> [String: [ReleasedVersion]] {
        try env.remembered("governance.released:" + kind, from: models) { env in
            let domain = Domain.where("kind", .equal, .text(kind)) & .where("state", .equal, "released")
            let versions = try env.search(DefinitionVersion.self, domain, limit: releasedLimit).map { ReleasedVersion($0) }
            if let broken = versions.first(where: { !$0.isSound }) { throw Refusal.tampered(broken.cause) }
            return Dictionary(grouping: versions, by: \.key).mapValues { $0.sorted(by: ReleasedVersion.goesFirst) }
        }
    }

    private static func past(_ kind: String, key: String, in env: Environment) throws -> [ReleasedVersion] {
        let domain =
            Domain.where("kind", .equal, .text(kind)) & .where("key", .equal, .text(key)) & .where("state", .in, ["released", "retired"])
        let machine = env.asSuperuser("what was in force is the same for everybody")
        return try machine.search(DefinitionVersion.self, domain, limit: releasedLimit).map { ReleasedVersion($0) }
            .sorted(by: ReleasedVersion.goesFirst)
    }

    /// Released versions of one definition, the latest first.
    static func released(of definition: Int, in env: Environment) throws -> [ReleasedVersion] {
        let domain = Domain.where("definition_id", .equal, .int(definition)) & .where("state", .equal, "released")
        return try env.search(DefinitionVersion.self, domain, limit: releasedLimit).map { ReleasedVersion($0) }
            .sorted(by: ReleasedVersion.goesFirst)
    }

    /// The version that would be in force in the place of this one.
    static func before(_ version: ReleasedVersion, in env: Environment) throws -> ReleasedVersion? {
        try released(of: version.definition, in: env).first { other in
            other.id != version.id && other.effectiveFrom <= env.now && ReleasedVersion.goesFirst(version, other)
                && (other.sites.isEmpty || version.sites.isEmpty || !other.sites.isDisjoint(with: version.sites))
        }
    }

    /// The latest version in force where this one applies.
    static func newestInForce(of version: ReleasedVersion, in env: Environment) throws -> ReleasedVersion? {
        try released(of: version.definition, in: env).first { other in
            other.effectiveFrom <= env.now
                && (other.sites.isEmpty || version.sites.isEmpty || !other.sites.isDisjoint(with: version.sites))
        }
    }

    /// The version with the eyes of the machine, for what only actions may change.
    static func machine(_ version: Record<DefinitionVersion>) -> Record<DefinitionVersion> {
        version.env.asSuperuser("the state of a version is changed by its actions alone").record(DefinitionVersion.self, version.id)
    }
}
