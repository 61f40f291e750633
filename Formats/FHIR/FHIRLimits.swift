import JSON

/// How much FHIR a reader and the validator accept.
public struct FHIRLimits: Sendable, Hashable {
    /// How many elements may stand inside each other.
    public var maxDepth: Int
    /// How many bytes a resource may have.
    public var maxBytes: Int
    /// After how many problems the validator stops looking.
    public var maxProblems: Int
    /// How many members one object may have; the largest R4 type has fewer than 150, siblings included.
    public var maxMembers: Int
    /// How many bytes one string may have; FHIR R4 itself says 1,048,576 characters.
    public var maxStringBytes: Int

    /// The limits for ordinary input: 100 levels, 16 MiB, 100 problems, 1,000 members, strings of 1 MiB.
    public static let `default` = FHIRLimits()

    /// Limits of your own; what is not named stays at its default.
    public init(
        maxDepth: Int = 100, maxBytes: Int = 16 << 20, maxProblems: Int = 100, maxMembers: Int = 1000,
        maxStringBytes: Int = 1 << 20
    ) {
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
        self.maxProblems = maxProblems
        self.maxMembers = maxMembers
        self.maxStringBytes = maxStringBytes
    }

    var json: JSONLimits { JSONLimits(maxDepth: 2 * maxDepth, maxBytes: maxBytes, rejectsDuplicateKeys: true) }
}
