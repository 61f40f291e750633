/// How much JSON a reader accepts.
public struct JSONLimits: Sendable, Hashable {
    /// How many arrays and objects may stand inside each other, 1 to 512 (a larger number counts as 512).
    public var maxDepth: Int
    /// How many bytes the text may have.
    public var maxBytes: Int
    /// How many bytes one number may have.
    public var maxNumberBytes: Int
    /// Whether an object that names a key twice is refused; if not, both members are kept and the last one answers.
    public var rejectsDuplicateKeys: Bool

    /// The limits for ordinary input: 128 levels, 64 MiB, numbers of 1,024 bytes, duplicate keys kept.
    public static let `default` = JSONLimits()

    /// What the stack of one thread surely holds.
    static let deepest = 512

    /// Limits of your own; what is not named stays at its default.
    public init(
        maxDepth: Int = 128, maxBytes: Int = 64 << 20, maxNumberBytes: Int = 1024, rejectsDuplicateKeys: Bool = false
    ) {
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
        self.maxNumberBytes = maxNumberBytes
        self.rejectsDuplicateKeys = rejectsDuplicateKeys
    }
}

/// What a reader makes of numbers that are not plain 64-bit integers.
public enum JSONNumbers: Sendable, Hashable {
    /// The nearest `.double`; a number beyond its range is an error.
    case converted
    /// The text itself as `.number`, digit for digit.
    case literal
}
