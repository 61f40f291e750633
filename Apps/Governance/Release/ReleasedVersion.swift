import JSON
import Kernel

/// A released version as engines use it, away from its record.
public struct ReleasedVersion: Sendable, Hashable {
    /// The id of its `governance.version`.
    public let id: Int
    /// The id of its `governance.definition`.
    public let definition: Int
    /// The kind's technical name.
    public let kind: String
    /// The definition's key.
    public let key: String
    /// Rises with every version of the definition.
    public let number: Int
    /// The definition's title.
    public let title: String
    /// What it says.
    public let content: JSON
    /// The tests that it brings along.
    public let tests: JSON
    /// The company that it is for; nil for all.
    public let company: Int?
    /// The sites that it is for first; empty for all.
    public let sites: Set<Int>
    /// The live record that it is about; 0 for none.
    public let record: Int
    /// Since when it is in force, or from when it will be.
    public let effectiveFrom: Instant
    /// Since when it is not any more.
    public let retiredOn: Instant?
    let checksum: String

    init(_ version: Record<DefinitionVersion>) {
        id = version.id
        definition = version.definition?.id ?? 0
        kind = version.kind
        key = version.key
        number = version.number
        title = version.definition?.label ?? ""
        content = version.content
        tests = version.tests
        company = version.company?.id
        sites = Set(version.sites.ids)
        record = version.definition?.record ?? 0
        effectiveFrom = version.effectiveFrom ?? version.env.now
        retiredOn = version.retiredOn
        checksum = version.checksum
    }

    /// What the audit trail says for everything that it causes: `rule:urgent-first@3`.
    public var cause: String { "\(kind):\(key)@\(number)" }

    /// Whether it is for a company.
    public func applies(to company: Int?) -> Bool {
        guard let company else { return self.company == nil && sites.isEmpty }
        return (self.company ?? company) == company && (sites.isEmpty || sites.contains(company))
    }

    /// Whether it was in force at a moment.
    public func isInForce(at moment: Instant) -> Bool {
        effectiveFrom <= moment && (retiredOn.map { $0 > moment } ?? true)
    }

    /// Whether it takes the place of another one wherever that one applied.
    func covers(_ other: ReleasedVersion) -> Bool { sites.isEmpty || (!other.sites.isEmpty && other.sites.isSubset(of: sites)) }

    /// Whether its content is the one that was released.
    var isSound: Bool { Drafting.seal(content, tests, sites: Array(sites)) == checksum }

    /// The one that goes before: the company's own before everybody's, then the one in force later, then the newer one.
    static func goesFirst(_ left: ReleasedVersion, _ right: ReleasedVersion) -> Bool {
        if (left.company == nil) != (right.company == nil) { return left.company != nil }
        if left.effectiveFrom != right.effectiveFrom { return left.effectiveFrom > right.effectiveFrom }
        return left.number > right.number
    }
}
