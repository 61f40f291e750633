import Kernel

/// A released version with the sites at which it is in force: everywhere, at some, or everywhere but at those that have one of their own.
public struct VersionScope: Sendable, Hashable {
    /// The version.
    public let version: ReleasedVersion
    /// The only sites where it is in force; nil when it is in force wherever no other version goes first.
    public let sites: Set<Int>?
    /// The sites where another version goes first.
    public let except: Set<Int>

    /// Whether it is in force for a company; what belongs to no company has what is in force everywhere.
    public func applies(to company: Int?) -> Bool {
        guard let company else { return sites == nil }
        return sites?.contains(company) ?? !except.contains(company)
    }

    /// The versions of one key that are in force somewhere.
    ///
    /// - Parameter versions: Those that go first in front.
    /// - Parameter own: The only sites that a version is for.
    static func scopes(_ versions: [ReleasedVersion], at now: Instant, own: (ReleasedVersion) -> Set<Int>?) -> [VersionScope] {
        var scopes: [VersionScope] = []
        var taken: Set<Int> = []
        for version in versions where version.effectiveFrom <= now {
            guard let sites = own(version) else {
                return scopes + [VersionScope(version: version, sites: nil, except: taken)]
            }
            let fresh = sites.subtracting(taken)
            if !fresh.isEmpty { scopes.append(VersionScope(version: version, sites: fresh, except: [])) }
            taken.formUnion(sites)
        }
        return scopes
    }
}

extension Definitions {
    /// The versions of a kind that are in force somewhere, with the sites where they are, in the order of keys.
    ///
    /// For engines that look at records of all sites: made once, it is asked for each record with `applies(to:)`.
    ///
    /// - Parameter isReady: Versions for which it says no count as not yet in force; for engines that keep records of their own.
    public static func scopes(
        _ kind: String, in env: Environment, where isReady: (ReleasedVersion) -> Bool = { _ in true }
    ) throws -> [VersionScope] {
        try byKey(kind, in: env).sorted { $0.key < $1.key }.flatMap { entry in
            VersionScope.scopes(entry.value.filter(isReady), at: env.now) { version in
                let own = version.company.map { [$0] as Set }
                return version.sites.isEmpty ? own : own?.intersection(version.sites) ?? version.sites
            }
        }
    }
}

extension GovernedRows {
    /// The released records of a kind that are in force somewhere, with the sites where they are; what the record itself says of its
    /// company is for its engine to ask.
    public static func scopes(_ kind: String, in env: Environment) throws -> [(row: GovernedRow, scope: VersionScope)] {
        try Definitions.byKey(kind, in: env).sorted { $0.key < $1.key }.flatMap { entry in
            try VersionScope.scopes(entry.value, at: env.now) { $0.sites.isEmpty ? nil : $0.sites }.map {
                (try row($0.version, in: env), $0)
            }
        }
    }

    /// A record as a version of it says, whether that is in force still or not; nil when there is no such version.
    public static func row(ofVersion id: Int, in env: Environment) throws -> GovernedRow? {
        let machine = env.asSuperuser("what was released is the same for everybody")
        let released = Domain.where("id", .equal, .int(id)) & .where("state", .in, ["released", "retired"])
        return try machine.search(DefinitionVersion.self, released, limit: 1).first.map { try row(ReleasedVersion($0), in: machine) }
    }

    /// A record as it stands, released or not: what a check at its writing looks at.
    public static func present(_ id: Int, of governed: GovernedModel, in env: Environment) throws -> GovernedRow {
        let machine = env.asSuperuser("a governed record is checked with the eyes of the machine")
        return try GovernedRow(id: id, content: try RowSnapshot.take(id, of: governed, in: machine), of: governed, in: machine)
    }
}
