import CSockets
import Glibc

/// One thread that carries connections: it reads, parses, hands requests to workers and writes answers.
///
/// All but ``post(_:)`` runs on the loop's own thread.
final class EventLoop: @unchecked Sendable {
    /// Tells that a loop has done what it was told.
    typealias Done = @Sendable () -> Void

    /// What other threads tell the loop.
    enum Message {
        case answer(UInt64, HTTPResponse)
        case chunk(UInt64, [UInt8], CheckedContinuation<Bool, Never>)
        case streamEnded(UInt64, complete: Bool)
        case drain(Done)
        case halt(Done)
    }

    private struct Mailbox {
        var messages: [Message] = []
        /// Whether the loop waits for the poller and must be woken.
        var isAsleep = false
        var isClosed = false
    }

    private static let wakerID = UInt64.max
    private static let listenerID = UInt64.max - 1
    private static let tickMilliseconds: Int64 = 200
    private static let eventsAtOnce = 256
    static let scratchBytes = 65_536

    let configuration: HTTPServerConfiguration
    let handler: any HTTPHandler
    let workers: any TaskExecutor
    let load: ServerLoad
    let tls: TLSContext?
    let listener: Listener
    let writer: ResponseWriter

    private let poller: Int32
    private let waker: Int32
    private let mailbox = Locked(Mailbox())
    private(set) var connections = ConnectionTable()
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchBytes, alignment: 16)
    var date = HTTPDate()
    /// Milliseconds of the monotonic clock at the last wake-up.
    private(set) var now: Int64 = 0
    private var nextTick: Int64 = 0
    /// Connections that have more to do than one turn allows.
    var unfinished: [UInt64] = []
    private(set) var isDraining = false
    private var isListening = true
    private var haltWaiters: [Done] = []

    init(
        _ configuration: HTTPServerConfiguration, handler: any HTTPHandler, workers: any TaskExecutor, load: ServerLoad, tls: TLSContext?,
        listener: Listener
    ) throws(HTTPServerError) {
        self.configuration = configuration
        self.handler = handler
        self.workers = workers
        self.load = load
        self.tls = tls
        self.listener = listener
        writer = ResponseWriter(serverName: configuration.serverName)
        poller = sockets_poller()
        waker = sockets_waker()
        guard poller >= 0, waker >= 0, sockets_watch_level(poller, waker, Self.wakerID, 0) == 0,
            sockets_watch_level(poller, listener.socket, Self.listenerID, 1) == 0
        else { throw .noPoller(errno) }
    }

    deinit {
        if poller >= 0 { Glibc.close(poller) }
        if waker >= 0 { Glibc.close(waker) }
        scratch.deallocate()
    }

    // MARK: Other threads

    func post(_ message: Message) {
        let state = mailbox.withLock { box -> (wakes: Bool, isClosed: Bool) in
            guard !box.isClosed else { return (false, true) }
            box.messages.append(message)
            let wakes = box.isAsleep
            box.isAsleep = false
            return (wakes, false)
        }
        if state.isClosed { Self.reject(message) } else if state.wakes { wake() }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = Glibc.write(waker, &one, 8)
    }

    /// Answers a message that no loop will read.
    private static func reject(_ message: Message) {
        switch message {
        case .answer, .streamEnded: break
        case .chunk(_, _, let waiter): waiter.resume(returning: false)
        case .drain(let done), .halt(let done): done()
        }
    }

    // MARK: The thread

    func run() {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.eventsAtOnce) { events in
            while haltWaiters.isEmpty {
                let count = epoll_wait(poller, events.baseAddress, Int32(Self.eventsAtOnce), fallAsleep())
                now = Self.clock()
                for index in 0..<max(0, Int(count)) { handle(events[index]) }
                readMessages()
                continueUnfinished()
                if now >= nextTick { tick() }
            }
        }
        end()
    }

    /// - Returns: How long the poller may wait, in milliseconds; -1 is forever.
    private func fallAsleep() -> Int32 {
        let isFree = unfinished.isEmpty
        let sleeps = mailbox.withLock { box in
            box.isAsleep = isFree && box.messages.isEmpty
            return box.isAsleep
        }
        guard sleeps else { return 0 }
        return connections.isEmpty && (isListening || isDraining) ? -1 : Int32(Self.tickMilliseconds)
    }

    private static func clock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private func handle(_ event: epoll_event) {
        switch event.data.u64 {
        case Self.wakerID:
            var count: UInt64 = 0
            _ = Glibc.read(waker, &count, 8)
        case Self.listenerID: accept()
        case let id:
            guard let connection = connections[id] else { return }
            let flags = event.events
            if flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return close(connection) }
            if flags & EPOLLRDHUP.rawValue != 0 {
                connection.peerHasEnded = true
                if connection.streamIsEndless { return close(connection) }
            }
            // TLS may have to read in order to write, and the other way round.
            let isTLS = connection.transport.isTLS
            if isTLS || flags & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { connection.isReadable = true }
            if isTLS || flags & EPOLLOUT.rawValue != 0 { connection.isWritable = true }
            advance(connection)
        }
    }

    private func readMessages() {
        let messages = mailbox.withLock { box in
            let messages = box.messages
            box.isAsleep = false
            box.messages.removeAll(keepingCapacity: messages.count <= 256)
            return messages
        }
        for message in messages { handle(message) }
    }

    private func handle(_ message: Message) {
        switch message {
        case .answer(let id, let response):
            guard let connection = connections[id], connection.phase == .handling else { return }
            answer(connection, response)
            advance(connection)
        case .chunk(let id, let bytes, let waiter):
            guard let connection = connections[id], connection.phase == .streaming else { return waiter.resume(returning: false) }
            write(connection, chunk: bytes, waiter)
        case .streamEnded(let id, let complete):
            guard let connection = connections[id], connection.phase == .streaming else { return }
            endStream(connection, complete: complete)
        case .drain(let done):
            drain()
            done()
        case .halt(let done): haltWaiters.append(done)
        }
    }

    private func continueUnfinished() {
        let ids = unfinished
        unfinished = []
        for id in ids { if let connection = connections[id] { advance(connection) } }
    }

    private func tick() {
        nextTick = now + Self.tickMilliseconds
        listen(!isDraining)
        connections.forEach(checkDeadline)
    }

    // MARK: Connections

    func open(_ socket: Int32, peer: PeerAddress, session: OpaquePointer?) {
        let transport = Transport(socket: socket, session: session)
        let connection = connections.add { Connection(id: $0, peer: peer, transport: transport) }
        connection.deadline = now + milliseconds(configuration.headSeconds)
        if sockets_watch_edges(poller, socket, connection.id) != 0 { close(connection) }
    }

    func close(_ connection: Connection) {
        guard connection.phase != .closed else { return }
        connection.phase = .closed
        connections.remove(connection.id)
        connection.transport.close()
        connection.task?.cancel()
        connection.task = nil
        connection.resumeStream(false)
        load.releaseBody(connection.heldBytes)
        load.leave(connection.peer)
    }

    func milliseconds(_ seconds: Double) -> Int64 { Int64(seconds * 1_000) }

    /// Begins or ceases to accept; sockets that wait stay in the system's queue.
    func listen(_ wanted: Bool) {
        guard wanted != isListening else { return }
        isListening = wanted
        if wanted {
            _ = sockets_watch_level(poller, listener.socket, Self.listenerID, 1)
        } else {
            _ = sockets_unwatch(poller, listener.socket)
        }
    }

    /// Takes no new connections, closes those that wait, and lets each answer be the last of its connection.
    private func drain() {
        guard !isDraining else { return }
        accept()
        isDraining = true
        listen(false)
        connections.forEach { connection in
            if connection.isIdle {
                // A request may have come that the poller has not told yet.
                connection.isReadable = true
                advance(connection)
                if connection.isIdle { close(connection) }
            } else if connection.streamIsEndless {
                close(connection)
            }
        }
    }

    private func end() {
        let late = mailbox.withLock { box in
            box.isClosed = true
            return box.messages
        }
        late.forEach(Self.reject)
        listen(false)
        connections.forEach(close)
        haltWaiters.forEach { $0() }
    }
}
