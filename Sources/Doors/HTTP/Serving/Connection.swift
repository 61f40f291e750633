/// One accepted connection; only the loop that owns it touches it.
final class Connection {
    enum Phase {
        /// The TLS handshake is under way.
        case handshake
        /// A head is awaited or has come in part.
        case head
        /// The body is awaited.
        case body
        /// A worker makes the answer.
        case handling
        /// Chunks of an answer are pulled.
        case streaming
        /// The answer is complete and being written.
        case answered
        /// All is said; what the client still sends is dropped.
        case lingering
        case closed
    }

    let id: UInt64
    let peer: PeerAddress
    var transport: Transport
    var phase: Phase

    /// What the poller last told, until an attempt shows otherwise.
    var isReadable = false
    var isWritable = true
    var peerHasEnded = false

    private(set) var input: [UInt8] = []
    private var inputStart = 0
    private(set) var output: [[UInt8]] = []
    private(set) var outputStart = 0

    /// The request under way.
    var parser: HeadParser?
    var head: RequestHead?
    var reader: BodyReader?
    /// Bytes of the body that count against the server's limit.
    var heldBytes = 0
    var task: Task<Void, Never>?

    /// The answer under way.
    var closesAfterAnswer = false
    var lingers = false
    var streamWaiter: CheckedContinuation<Bool, Never>?
    var streamIsEndless = false
    var streamIsChunked = false

    /// Milliseconds of the loop's clock.
    var deadline: Int64 = 0
    var progress = Progress()

    /// What was transferred since the beginning of the present stretch of time.
    struct Progress {
        var since: Int64 = 0
        /// `total` at its beginning; nil until somebody looks.
        var mark: Int?
        /// Bytes received of a body, or handed to the kernel of an answer.
        var total = 0
    }

    init(id: UInt64, peer: PeerAddress, transport: Transport) {
        self.id = id
        self.peer = peer
        self.transport = transport
        phase = transport.isTLS ? .handshake : .head
    }

    var inputCount: Int { input.count - inputStart }
    var hasOutput: Bool { !output.isEmpty }
    /// Whether nothing of a request has come.
    var isIdle: Bool { (phase == .head || phase == .handshake) && inputCount == 0 }

    func append(_ bytes: UnsafeRawBufferPointer) { input.append(contentsOf: bytes) }

    func withInput<R>(_ body: (UnsafeBufferPointer<UInt8>) throws(Refusal) -> R) throws(Refusal) -> R {
        let span = inputStart..<input.count
        return try input.withUnsafeBufferPointer { buffer throws(Refusal) in try body(UnsafeBufferPointer(rebasing: buffer[span])) }
    }

    func consume(_ count: Int) {
        inputStart += count
        if inputStart == input.count {
            inputStart = 0
            // An idle connection keeps no buffer.
            input = []
        } else if inputStart > 65_536 {
            input.removeFirst(inputStart)
            inputStart = 0
        }
    }

    func dropInput() { consume(inputCount) }

    func queue(_ bytes: [UInt8], at now: Int64) {
        guard !bytes.isEmpty else { return }
        if output.isEmpty { progress = Progress(since: now, total: progress.total) }
        output.append(bytes)
    }

    /// Notes that `count` bytes of the first piece of output are written.
    func written(_ count: Int) {
        progress.total += count
        outputStart += count
        if outputStart == output[0].count {
            output.removeFirst()
            outputStart = 0
        }
    }

    /// Forgets the exchange that is complete.
    func endExchange() {
        (parser, head, reader, task) = (nil, nil, nil, nil)
        streamIsEndless = false
        phase = .head
    }

    /// Wakes the stream that waits for its chunk to be written.
    func resumeStream(_ goesOn: Bool) {
        let waiter = streamWaiter
        streamWaiter = nil
        waiter?.resume(returning: goesOn)
    }
}
