import CSockets
import Glibc
import HTTPServer
import Kernel
import Store

/// A door for mails: what fax gateways and mail servers of the house send goes in, for configured recipients only.
///
/// A thread per connection. A mail is answered with 250 when its original is stored.
public final class SMTPDoor: Sendable {
    private static let stackBytes = 2 << 20
    private static let tickMilliseconds: Int32 = 200

    private struct State {
        var listener: Listener?
        var isStopping = false
        var isAccepting = false
        var connections: [UInt64: Int] = [:]
    }

    private let configuration: SMTPConfiguration
    private let taker: MailTaker
    private let log: MailLog
    private let state = Locked(State())

    /// A door that is not yet open.
    public init(database: Database, configuration: SMTPConfiguration, log: @escaping MailLog = { _, _ in }) {
        self.configuration = configuration
        self.log = log
        taker = MailTaker(database: database)
    }

    /// The port that is listened on; 0 before the start.
    public var port: Int { state.withLock { $0.listener?.port ?? 0 } }

    /// Listens.
    ///
    /// - Throws: `smtp.bad_network`, `smtp.no_recipients`, `smtp.cannot_listen`.
    public func start() throws {
        guard !configuration.recipients.isEmpty else { throw Refusal.noRecipients() }
        guard let trusted = AddressList(networks: configuration.trusted) else { throw Refusal.badMailNetwork() }
        signal(SIGPIPE, SIG_IGN)
        do {
            let tls = try configuration.tls.map { try TLSContext($0) }
            let listener = try Listener(HTTPServerConfiguration(host: configuration.host, port: configuration.port))
            state.withLock { state in
                state.listener = listener
                state.isAccepting = true
            }
            try startThread(stackBytes: 1 << 20) { self.accept(listener.socket, trusted, tls) }
        } catch let error as HTTPServerError {
            throw Refusal("smtp.cannot_listen", .unavailable, error.message)
        }
    }

    /// Takes no new connections, and returns when those that are open have ended.
    public func stop() async {
        state.withLock { $0.isStopping = true }
        while state.withLock({ $0.isAccepting || $0.connections.values.contains { $0 > 0 } }) {
            try? await Task.sleep(nanoseconds: 10_000_000)
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func accept(_ socket: Int32, _ trusted: AddressList, _ tls: TLSContext?) {
        while !isStopping {
            var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, Self.tickMilliseconds) > 0 else { continue }
            var storage = sockaddr_storage()
            let line = sockets_accept(socket, &storage)
            if line >= 0 { welcome(line, PeerAddress(&storage), trusted, tls) } else if errno != EAGAIN { usleep(50_000) }
        }
        state.withLock { state in
            state.listener?.close()
            state.isAccepting = false
        }
    }

    private func welcome(_ socket: Int32, _ peer: PeerAddress, _ trusted: AddressList, _ tls: TLSContext?) {
        guard trusted.contains(peer.text) else {
            return turnAway(socket, peer, "smtp.untrusted_address", "554 5.7.1 You are not known here")
        }
        let isAdmitted = state.withLock { state in
            let own = state.connections[peer.network, default: 0]
            guard state.connections.values.reduce(0, +) < configuration.maxConnections, own < configuration.maxConnectionsPerAddress else {
                return false
            }
            state.connections[peer.network] = own + 1
            return true
        }
        guard isAdmitted else { return turnAway(socket, peer, "smtp.connections_full", "421 4.7.0 Too many connections; come back") }
        do {
            try startThread(stackBytes: Self.stackBytes) {
                let line = SMTPLine(
                    peer.text, socket: socket, tls, self.configuration, self.taker, self.log, isStopping: { self.isStopping })
                line.run()
                self.leave(peer)
            }
        } catch {
            leave(peer)
            turnAway(socket, peer, "smtp.no_thread", "421 4.3.2 Come back")
        }
    }

    private func leave(_ peer: PeerAddress) {
        state.withLock { state in
            let left = state.connections[peer.network, default: 1] - 1
            state.connections[peer.network] = left > 0 ? left : nil
        }
    }

    private func turnAway(_ socket: Int32, _ peer: PeerAddress, _ message: String, _ answer: String) {
        log(message, ["smtp.peer": peer.text])
        let bytes = Array((answer + "\r\n").utf8)
        _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        close(socket)
    }
}

extension Refusal {
    static func noRecipients() -> Refusal {
        Refusal(
            "smtp.no_recipients", .invalid, "The door for mails knows nobody for whom to take any.",
            instruction: "Name the addresses in `smtp-recipients`.")
    }

    static func badMailNetwork() -> Refusal {
        Refusal(
            "smtp.bad_network", .invalid, "An address of `smtp-trusted` is no IP address or network.",
            instruction: "Write addresses such as 10.1.2.3, and networks such as 10.1.0.0/16.")
    }
}
