/// How much a reader of forms accepts.
public struct MIMELimits: Sendable, Hashable {
    /// How many bytes a whole body may have.
    public var maxBytes: Int
    /// How many parts a multipart body may have.
    public var maxParts: Int
    /// How many bytes the headers of one part may have.
    public var maxHeaderBytes: Int
    /// How many fields an url-encoded form may have.
    public var maxFields: Int

    /// The limits for ordinary input: 64 MiB, 200 parts with headers of 8 KiB, 2,000 fields.
    public static let `default` = MIMELimits()

    /// The longest boundary that RFC 2046 allows, in bytes.
    static let maxBoundaryBytes = 70

    /// Limits of your own; what is not named stays at its default.
    public init(maxBytes: Int = 64 << 20, maxParts: Int = 200, maxHeaderBytes: Int = 8192, maxFields: Int = 2000) {
        self.maxBytes = maxBytes
        self.maxParts = maxParts
        self.maxHeaderBytes = maxHeaderBytes
        self.maxFields = maxFields
    }
}
