import Kernel

/// What the verifier found in an audit trail.
public struct AuditReport: Sendable {
    /// One thing that is wrong.
    public struct Finding: Sendable, Hashable {
        /// Sorts of damage; the raw value is for programs.
        public enum Kind: String, Sendable {
            case changed, missing, extra, rechained, truncated, checkpoint, unreadable
        }

        /// What sort of damage it is.
        public let kind: Kind
        /// The first entry that cannot be trusted.
        public let seq: Int
        /// The last entry that cannot be trusted, where the damage is only known to lie between two checkpoints.
        public let through: Int
        /// One sentence.
        public let sentence: String

        init(_ kind: Kind, _ seq: Int, through: Int? = nil, _ sentence: String) {
            self.kind = kind
            self.seq = seq
            self.through = through ?? seq
            self.sentence = sentence
        }
    }

    /// How many entries were read.
    public internal(set) var entries = 0
    /// How many checkpoints were compared, in the database and in the file.
    public internal(set) var checkpoints = 0
    /// The last entry that a good checkpoint covers; what follows is chained but not signed yet.
    public internal(set) var sealedThrough = 0
    /// When the last entry was made.
    public internal(set) var lastAt = ""
    /// Seconds that it took.
    public internal(set) var seconds = 0.0
    /// What is wrong, the first entry first; at most `findingLimit`.
    public internal(set) var findings: [Finding] = []

    /// Findings after which the verifier stops listing.
    public static let findingLimit = 100

    /// Whether nothing is wrong.
    public var isGood: Bool { findings.isEmpty }

    /// The first entry that cannot be trusted.
    public var firstBad: Int? { findings.map(\.seq).min() }

    mutating func add(_ finding: Finding) { if findings.count < AuditReport.findingLimit { findings.append(finding) } }
}
