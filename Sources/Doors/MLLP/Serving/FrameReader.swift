/// Finds MLLP frames in a stream of bytes.
///
/// Shape: `VT (0x0B)`, the message, `FS (0x1C)`, `CR`. The CR may be missing; blanks between frames are skipped; other bytes between frames
/// are handed out as stray. Source: HL7 *Transport Specification: MLLP, Release 1*.
struct FrameReader {
    /// What was found.
    enum Piece: Equatable {
        case message([UInt8])
        /// Bytes outside of any frame.
        case stray([UInt8])
        /// The beginning of a message that is longer than the limit.
        case tooLong([UInt8])
    }

    static let start: UInt8 = 0x0B
    static let end: UInt8 = 0x1C
    /// Stray bytes that are kept at most.
    static let strayLimit = 65_536

    private let limit: Int
    private var buffer: [UInt8] = []
    /// What of the buffer was given out.
    private var consumed = 0
    /// How far the buffer was searched for an end.
    private var searched = 0

    init(limit: Int) { self.limit = limit }

    /// Whether a frame has begun and not ended.
    var isInFrame: Bool { consumed < buffer.count && buffer[consumed] == Self.start }

    /// What has come of a frame that has not ended, or of stray bytes; without the start byte.
    var rest: [UInt8] {
        let bytes = buffer[consumed...]
        return Array((bytes.first == Self.start ? bytes.dropFirst() : bytes).prefix(Self.strayLimit))
    }

    mutating func feed(_ bytes: UnsafeRawBufferPointer) { buffer.append(contentsOf: bytes) }

    mutating func feed(_ bytes: [UInt8]) { bytes.withUnsafeBytes { feed($0) } }

    /// The next piece; nil when more bytes must come first.
    mutating func next() -> Piece? {
        skipBlank()
        guard consumed < buffer.count else { return nil }
        return isInFrame ? nextMessage() : nextStray()
    }

    private mutating func nextMessage() -> Piece? {
        let first = consumed + 1
        searched = max(searched, first)
        if let found = buffer[searched...].firstIndex(of: Self.end) {
            let message = Array(buffer[first..<found])
            if message.count > limit { return tooLong(first) }
            drop(to: found + 1)
            return .message(message)
        }
        searched = buffer.count
        return buffer.count - first > limit ? tooLong(first) : nil
    }

    private func tooLong(_ first: Int) -> Piece { .tooLong(Array(buffer[first..<min(buffer.count, first + Self.strayLimit)])) }

    private mutating func nextStray() -> Piece? {
        let found = buffer[consumed...].firstIndex(of: Self.start)
        guard found != nil || buffer.count - consumed > Self.strayLimit else { return nil }
        let stray = Array(buffer[consumed..<(found ?? buffer.count)].prefix(Self.strayLimit))
        drop(to: found ?? buffer.count)
        return .stray(stray)
    }

    private mutating func skipBlank() {
        var place = consumed
        while place < buffer.count, [0x0D, 0x0A, 0x20, 0x00].contains(buffer[place]) { place += 1 }
        if place > consumed { drop(to: place) }
    }

    private mutating func drop(to place: Int) {
        consumed = place
        searched = place
        if consumed == buffer.count {
            buffer = []
            consumed = 0
        } else if consumed > 1 << 20 {
            buffer.removeFirst(consumed)
            consumed = 0
        }
        searched = consumed
    }

    /// A message in its frame.
    static func frame(_ message: [UInt8]) -> [UInt8] { [start] + message + [end, 0x0D] }
}
