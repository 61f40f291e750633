/// Takes a request's body from the stream of bytes, by length or by chunks.
///
/// Source: RFC 9112, sections 6 and 7.1. Chunk extensions and trailers are read, checked for control characters and
/// dropped.
struct BodyReader {
    private enum State {
        case data(remaining: Int)
        case chunkSize(value: Int, digits: Int)
        case chunkExtension
        case chunkSizeLineFeed
        case chunkData(remaining: Int)
        case chunkEnd
        case chunkEndLineFeed
        case trailerStart
        case trailer
        case trailerLineFeed
        case lastLineFeed
        case done
    }

    /// The greatest number of bytes for one chunk's extensions and for all trailers.
    static let maxSideBytes = 4_096

    private(set) var body: [UInt8] = []
    private let limit: Int
    private var state: State
    private var size = 0
    private var sideBytes = 0

    var isDone: Bool { if case .done = state { true } else { false } }

    /// - Throws: A refusal with 413 when the length is known and above `limit`.
    init(_ framing: RequestHead.Framing, limit: Int) throws(Refusal) {
        self.limit = limit
        switch framing {
        case .none: state = .done
        case .chunked: state = .chunkSize(value: 0, digits: 0)
        case .length(let length):
            guard length <= limit else { throw .bodyTooLarge(limit) }
            state = .data(remaining: length)
            // Memory follows what arrives, not what is announced.
            body.reserveCapacity(min(length, 65_536))
        }
    }

    /// Takes what belongs to the body.
    ///
    /// - Returns: How many of `bytes` were used; those behind belong to the next request.
    mutating func consume(_ bytes: UnsafeBufferPointer<UInt8>) throws(Refusal) -> Int {
        var index = 0
        while index < bytes.count, !isDone {
            switch state {
            case .data(let remaining):
                index += take(bytes, index, remaining) { $0 == 0 ? .done : .data(remaining: $0) }
            case .chunkData(let remaining):
                index += take(bytes, index, remaining) { $0 == 0 ? .chunkEnd : .chunkData(remaining: $0) }
            default:
                try step(bytes[index])
                index += 1
            }
        }
        return index
    }

    /// Gives the body away and keeps nothing.
    mutating func takeBody() -> [UInt8] {
        let taken = body
        body = []
        return taken
    }

    private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ remaining: Int, _ next: (Int) -> State) -> Int {
        let count = min(remaining, bytes.count - index)
        body.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[index..<index + count]))
        state = next(remaining - count)
        return count
    }

    /// One byte of a chunk's frame.
    private mutating func step(_ byte: UInt8) throws(Refusal) {
        switch state {
        case .chunkSize(let value, let digits): try stepSize(byte, value, digits)
        case .chunkExtension:
            if byte == 0x0D { state = .chunkSizeLineFeed } else { try checkSide(byte) }
        case .chunkSizeLineFeed:
            try expect(byte, 0x0A)
            sideBytes = size == 0 ? sideBytes : 0
            state = size == 0 ? .trailerStart : .chunkData(remaining: size)
        case .chunkEnd:
            try expect(byte, 0x0D)
            state = .chunkEndLineFeed
        case .chunkEndLineFeed:
            try expect(byte, 0x0A)
            state = .chunkSize(value: 0, digits: 0)
        case .trailerStart:
            if byte == 0x0D {
                state = .lastLineFeed
            } else {
                guard byte.isTokenByte else { throw .malformed("A trailer has no name.") }
                try checkSide(byte)
                state = .trailer
            }
        case .trailer:
            if byte == 0x0D { state = .trailerLineFeed } else { try checkSide(byte) }
        case .trailerLineFeed:
            try expect(byte, 0x0A)
            state = .trailerStart
        case .lastLineFeed:
            try expect(byte, 0x0A)
            state = .done
        case .data, .chunkData, .done: preconditionFailure("Data is not read byte by byte.")
        }
    }

    private mutating func stepSize(_ byte: UInt8, _ value: Int, _ digits: Int) throws(Refusal) {
        if let digit = byte.hexValue {
            guard digits < 8 else { throw .bodyTooLarge(limit) }
            state = .chunkSize(value: value << 4 | Int(digit), digits: digits + 1)
            return
        }
        guard digits > 0, byte == 0x0D || byte == UInt8(ascii: ";") else { throw .malformed("The size of a chunk is no number.") }
        guard value <= limit - body.count else { throw .bodyTooLarge(limit) }
        size = value
        state = byte == 0x0D ? .chunkSizeLineFeed : .chunkExtension
    }

    private mutating func checkSide(_ byte: UInt8) throws(Refusal) {
        sideBytes += 1
        guard sideBytes <= Self.maxSideBytes else { throw .malformed("Chunk extensions or trailers are too long.") }
        guard byte >= 0x20 && byte != 0x7F || byte == 0x09 else { throw .malformed("A chunk's frame holds a control character.") }
    }

    private func expect(_ byte: UInt8, _ expected: UInt8) throws(Refusal) {
        guard byte == expected else { throw .malformed("A chunk does not end with CRLF.") }
    }
}
