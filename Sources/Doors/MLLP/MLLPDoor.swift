import CSockets
import Glibc
import HTTPServer
import Kernel
import Store

/// HL7 v2 over MLLP: referrals (REF^I12 to I15, answered by RRI) and demographics (ADT^A28, A31, A08, answered by ACK).
///
/// A thread per connection, because senders are few and stay connected for days. The original is stored before it is parsed; a message that
/// comes again under its control id gets the same answer and is not carried out again.
public final class MLLPDoor: Sendable {
    private static let stackBytes = 1 << 20
    private static let acceptTickMilliseconds: Int64 = 1_000

    private struct Parts: Sendable {
        let listener: Listener
        let desk: MessageDesk
        let lines: LineTable
    }

    private let database: Database
    private let configuration: MLLPConfiguration
    private let log: MLLPLog
    private let signal = StopSignal()
    private let parts = Locked<Parts?>(nil)
    private let isAccepting = Locked(false)

    /// A door that is not yet open.
    ///
    /// - Parameter database: Migrated and seeded.
    public init(database: Database, configuration: MLLPConfiguration = MLLPConfiguration(), log: @escaping MLLPLog = { _, _ in }) {
        self.database = database
        self.configuration = configuration
        self.log = log
    }

    /// The port that is listened on; 0 before the start.
    public var port: Int { parts.withLock { $0?.listener.port ?? 0 } }

    /// The connections that are open now.
    public var connections: Int { parts.withLock { $0?.lines.count ?? 0 } }

    /// Carries out what an earlier run left behind, then listens. Blocks while it reads and writes the database.
    ///
    /// - Throws: `mllp.bad_network`, `mllp.unknown_user`, `mllp.cannot_listen`, `mllp.already_started`, or what the store throws.
    public func start() throws {
        guard parts.withLock({ $0 == nil }), !signal.isSet else {
            throw Refusal("mllp.already_started", .internalFault, "The door was opened before.", instruction: "Make a new one.")
        }
        let trusted = try AddressList(configuration.trusted)
        let desk = try MessageDesk(database, configuration, log)
        let recovered = try desk.recover()
        if recovered > 0 { log("mllp.recovered", ["mllp.messages": String(recovered)]) }
        Glibc.signal(SIGPIPE, SIG_IGN)
        do {
            let tls = try configuration.tls.map { try TLSContext($0) }
            let listener = try Listener(HTTPServerConfiguration(host: configuration.host, port: configuration.port))
            let lines = LineTable(total: configuration.maxConnections, perAddress: configuration.maxConnectionsPerAddress)
            let parts = Parts(listener: listener, desk: desk, lines: lines)
            isAccepting.withLock { $0 = true }
            try startThread(stackBytes: Self.stackBytes) { self.accept(parts, trusted, tls) }
            self.parts.withLock { $0 = parts }
        } catch let error as HTTPServerError {
            throw Refusal("mllp.cannot_listen", .unavailable, error.message)
        }
    }

    /// Takes no new connections, finishes the messages in hand, then closes; what is not done in time is cut.
    public func stop(graceSeconds: Double = 10) async {
        let grace = Milliseconds.after(graceSeconds)
        signal.set(graceEnds: grace)
        guard let parts = parts.withLock({ $0 }) else { return }
        while isAccepting.withLock({ $0 }) || (parts.lines.count > 0 && Milliseconds.now < grace) {
            try? await Task.sleep(nanoseconds: 5_000_000)
        }
        parts.lines.cutAll()
        while parts.lines.count > 0 { try? await Task.sleep(nanoseconds: 5_000_000) }
    }

    // MARK: The accepting thread

    private func accept(_ parts: Parts, _ trusted: AddressList, _ tls: TLSContext?) {
        var retry = Milliseconds.after(configuration.retrySeconds)
        while !signal.isSet {
            if signal.wait(parts.listener.socket, for: POLLIN, until: Milliseconds.now + Self.acceptTickMilliseconds) {
                acceptAll(parts, trusted, tls)
            }
            if Milliseconds.now >= retry {
                parts.desk.recoverIfOwed()
                retry = Milliseconds.after(configuration.retrySeconds)
            }
        }
        parts.listener.close()
        isAccepting.withLock { $0 = false }
    }

    private func acceptAll(_ parts: Parts, _ trusted: AddressList, _ tls: TLSContext?) {
        while !signal.isSet {
            var storage = sockaddr_storage()
            let socket = sockets_accept(parts.listener.socket, &storage)
            if socket < 0 {
                // Out of sockets: those that wait stay in the system's queue.
                if errno != EAGAIN, errno != ECONNABORTED, errno != EINTR { usleep(100_000) }
                return
            }
            welcome(socket, PeerAddress(&storage), parts, trusted, tls)
        }
    }

    private func welcome(_ socket: Int32, _ peer: PeerAddress, _ parts: Parts, _ trusted: AddressList, _ tls: TLSContext?) {
        guard trusted.contains(peer.text) else { return turnAway(socket, peer, "mllp.untrusted_address") }
        let (admission, number) = parts.lines.admit(peer, socket)
        guard admission == .admitted else { return turnAway(socket, peer, "mllp.connections_" + admission.rawValue) }
        sockets_send_at_once(socket)
        let session = tls?.session(socket)
        if tls != nil, session == nil {
            parts.lines.leave(number, peer)
            return turnAway(socket, peer, "mllp.tls_failed")
        }
        let (configuration, signal, desk, lines) = (configuration, signal, parts.desk, parts.lines)
        let handle = SessionHandle(session: session)
        do {
            try startThread(stackBytes: Self.stackBytes) {
                let line = Line(peer, Transport(socket: socket, session: handle.session), configuration, desk, signal)
                line.run()
                lines.leave(number, peer)
                line.close()
            }
        } catch {
            lines.leave(number, peer)
            var transport = Transport(socket: socket, session: session)
            transport.close()
            log("mllp.no_thread", ["mllp.peer": peer.text])
        }
    }

    private func turnAway(_ socket: Int32, _ peer: PeerAddress, _ message: String) {
        log(message, ["mllp.peer": peer.text])
        Glibc.close(socket)
    }
}

/// An OpenSSL session on its way to the one thread that will use it.
private struct SessionHandle: @unchecked Sendable {
    let session: OpaquePointer?
}
