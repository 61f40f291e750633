/// How much the reader accepts before it refuses.
public struct HL7Limits: Sendable, Hashable {
    /// Bytes of one message; 16 MiB, enough for an embedded document.
    public var messageBytes = 16 * 1024 * 1024
    /// Segments of one message.
    public var segmentsPerMessage = 100_000
    /// Fields of one segment; the longest that HL7 defines has fewer than 100.
    public var fieldsPerSegment = 1_000
    /// Messages of one file, over all its batches.
    public var messagesPerFile = 100_000

    /// The limits that apply unless an operator sets others.
    public static let standard = HL7Limits()

    /// The limits that apply unless they are changed.
    public init() {}
}
