/// The body of an answer.
public enum HTTPBody: Sendable {
    /// Bytes that are all there.
    case bytes([UInt8])
    /// Chunks that come one by one, as server-sent events or a large export.
    case stream(HTTPStream)
}

/// Chunks that the server pulls one at a time, the next when the last has been written.
public struct HTTPStream: Sendable {
    /// Whether it has no end of its own: such a stream is cut as soon as the server begins to stop.
    public let isEndless: Bool
    /// The next chunk, nil at the end. Runs on the worker pool; its task is cancelled when the client goes away.
    public let next: @Sendable () async throws -> [UInt8]?

    /// A stream that calls `next` until it returns nil; when it throws, the connection is cut so that the client notices.
    public init(isEndless: Bool = false, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.isEndless = isEndless
        self.next = next
    }

    /// A stream of a sequence's elements.
    ///
    /// - Parameter chunks: Made when the first chunk is wanted; its iteration stays in one task.
    public init<Chunks: AsyncSequence & Sendable>(isEndless: Bool = false, _ chunks: Chunks) where Chunks.Element == [UInt8] {
        let source = Iteration(chunks)
        self.init(isEndless: isEndless) { try await source.next() }
    }

    /// The iterator of a sequence; the server asks for one chunk at a time, so that it is never used twice at once.
    private final class Iteration<Chunks: AsyncSequence>: @unchecked Sendable where Chunks.Element == [UInt8] {
        private var iterator: Chunks.AsyncIterator
        init(_ chunks: Chunks) { iterator = chunks.makeAsyncIterator() }
        func next() async throws -> [UInt8]? { try await iterator.next() }
    }
}
