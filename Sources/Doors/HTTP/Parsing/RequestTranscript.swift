/// What the server reads from the bytes of one connection, without a connection: for tests and fuzzing.
package struct RequestTranscript: Equatable, Sendable {
    /// The requests that are complete.
    package private(set) var requests: [HTTPRequest] = []
    /// The status of the refusal that ended the reading, if any.
    package private(set) var refusedWith: Int?
    /// Bytes behind the last complete request.
    package private(set) var rest = 0

    /// - Parameters:
    ///   - bytes: All that the client sends.
    ///   - pieceBytes: How much arrives at a time.
    ///   - maxBodyBytes: The largest body.
    package init(_ bytes: [UInt8], pieceBytes: Int, maxBodyBytes: Int = 1_000_000) {
        let limits = HTTPServerConfiguration().headLimits
        var parser = HeadParser(limits: limits)
        var body: (head: RequestHead, reader: BodyReader)?
        var (start, end) = (0, 0)
        do throws(Refusal) {
            while true {
                let isStuck: Bool
                (isStuck, start) = try Self.step(&parser, &body, bytes, start..<end, maxBodyBytes)
                if let (head, reader) = body, reader.isDone {
                    var reader = reader
                    requests.append(
                        HTTPRequest(
                            method: head.line.method, target: head.line.target, headers: head.headers, body: reader.takeBody(),
                            remoteAddress: "", isTLS: false))
                    (body, parser) = (nil, HeadParser(limits: limits))
                    rest = start
                } else if isStuck {
                    guard end < bytes.count else { break }
                    end = min(bytes.count, end + pieceBytes)
                }
            }
        } catch {
            refusedWith = error.status
        }
        rest = bytes.count - rest
    }

    /// - Returns: Whether more bytes are needed, and where the unread ones begin.
    private static func step(
        _ parser: inout HeadParser, _ body: inout (head: RequestHead, reader: BodyReader)?, _ bytes: [UInt8], _ range: Range<Int>,
        _ maxBodyBytes: Int
    ) throws(Refusal) -> (isStuck: Bool, start: Int) {
        try bytes.withUnsafeBufferPointer { buffer throws(Refusal) in
            let part = UnsafeBufferPointer(rebasing: buffer[range])
            if body != nil {
                let count = try body?.reader.consume(part) ?? 0
                return (true, range.lowerBound + count)
            }
            guard let (head, count) = try parser.parse(part) else { return (true, range.lowerBound) }
            body = (head, try BodyReader(head.framing, limit: maxBodyBytes))
            return (false, range.lowerBound + count)
        }
    }

    /// Same requests, refusal and rest.
    package static func == (left: Self, right: Self) -> Bool {
        left.refusedWith == right.refusedWith && left.rest == right.rest
            && left.requests.elementsEqual(right.requests) { one, other in
                one.method == other.method && one.path == other.path && one.rawQuery == other.rawQuery && one.headers == other.headers
                    && one.body == other.body
            }
    }
}
