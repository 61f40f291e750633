import CSockets
import Glibc
import HTTPServer
import Kernel
import Mailroom
import Referrals

/// One connection, on a thread of its own.
final class SMTPLine {
    private static let scratchBytes = 65_536
    private static let handshakeSeconds = 10.0
    private static let tickMilliseconds: Int32 = 200

    private let peer: String
    private var transport: Transport
    private let tls: TLSContext?
    private let configuration: SMTPConfiguration
    private let taker: MailTaker
    private let log: MailLog
    private let isStopping: @Sendable () -> Bool
    private var session: SMTPSession
    private var reader: SMTPReader
    private var isOver = false

    init(
        _ peer: String, socket: Int32, _ tls: TLSContext?, _ configuration: SMTPConfiguration, _ taker: MailTaker, _ log: @escaping MailLog,
        isStopping: @escaping @Sendable () -> Bool
    ) {
        self.peer = peer
        transport = Transport(socket: socket, session: nil)
        self.tls = tls
        self.configuration = configuration
        self.taker = taker
        self.log = log
        self.isStopping = isStopping
        session = SMTPSession(configuration)
        reader = SMTPReader(limit: configuration.maxMailBytes)
    }

    /// Serves until the peer leaves, a limit is reached, or the door stops.
    func run() {
        send(session.greeting)
        while !isOver {
            guard let piece = receive({ $0.command() }, within: configuration.idleSeconds) else { break }
            switch piece {
            case .line(let line): act(session.take(line))
            default: finish("500 5.5.2 The line is no command")
            }
        }
        transport.close()
    }

    private func act(_ step: SMTPSession.Step) {
        switch step {
        case .answer(let text): send(text)
        case .end(let text): finish(text)
        case .encrypt(let text):
            send(text)
            encrypt()
        case .data(let text):
            send(text)
            mail()
        }
    }

    private func finish(_ text: String) {
        send(text)
        isOver = true
    }

    private func encrypt() {
        // What came in the clear behind the command is no part of the encrypted talk.
        reader.drop()
        guard let opened = tls?.session(transport.socket) else { return isOver = true }
        transport = Transport(socket: transport.socket, session: opened)
        let end = Self.now + Self.handshakeSeconds
        while true {
            switch transport.handshake() {
            case .moved:
                session.encrypted()
                return
            case .ended, .failed: return isOver = true
            case .wouldBlock: guard wait(POLLIN, until: end) else { return isOver = true }
            }
        }
    }

    private func mail() {
        let receivers = session.receivers
        guard let piece = receive({ $0.data() }, within: configuration.mailSeconds) else { return isOver = true }
        defer { session.forget() }
        guard case .mail(let bytes) = piece else {
            log("smtp.mail_too_long", ["smtp.peer": peer])
            return send("552 5.3.4 The mail is larger than \(configuration.maxMailBytes) bytes")
        }
        do {
            // Once for each user who acts: two addresses of one desk are one delivery.
            var stored: [(actor: MailTaker.Actor, receipt: IntakeDesk.Receipt)] = []
            for login in Set(receivers.map(\.login)) {
                let actor = MailTaker.Actor(login: login, desk: login ?? "")
                stored.append((actor, try taker.store(bytes, for: actor)))
            }
            send("250 2.0.0 Kept as \(stored.map { String($0.receipt.intakeId) }.joined(separator: ", "))")
            for (actor, receipt) in stored { carryOut(receipt, bytes, actor) }
        } catch {
            let refusal = error as? Refusal
            log("smtp.not_stored", ["smtp.peer": peer, "smtp.error": refusal?.code ?? "internal"])
            send(refusal?.kind == .limit ? "552 5.3.4 The mail is too large" : "451 4.3.0 It could not be kept; send it again")
        }
    }

    /// What is stored is not lost: it is taken apart later when it cannot be now.
    private func carryOut(_ receipt: IntakeDesk.Receipt, _ bytes: [UInt8], _ actor: MailTaker.Actor) {
        do { try taker.carryOut(receipt, bytes, for: actor) } catch {
            log("smtp.postponed", ["smtp.intake": String(receipt.intakeId), "smtp.error": (error as? Refusal)?.code ?? "internal"])
        }
    }

    // MARK: - The socket

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The next piece; nil at the end of the connection, of its time, or of the door.
    private func receive(_ next: (inout SMTPReader) -> SMTPReader.Piece?, within seconds: Double) -> SMTPReader.Piece? {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.scratchBytes, alignment: 16)
        defer { scratch.deallocate() }
        let end = Self.now + seconds
        while true {
            if let piece = next(&reader) { return piece }
            switch transport.read(into: scratch) {
            case .moved(let count): reader.feed(UnsafeRawBufferPointer(rebasing: scratch[0..<count]))
            case .ended, .failed: return nil
            case .wouldBlock:
                guard wait(POLLIN, until: end) else {
                    if !isStopping() { send("421 4.4.2 It took too long") } else { send("421 4.3.2 The door closes") }
                    return nil
                }
            }
            if Self.now >= end { return nil }
        }
    }

    /// Waits until the socket is ready; false at the end of the time, or when the door stops.
    private func wait(_ events: Int32, until end: Double) -> Bool {
        while Self.now < end, !isStopping() {
            var watched = pollfd(fd: transport.socket, events: Int16(events), revents: 0)
            if poll(&watched, 1, Self.tickMilliseconds) > 0 { return true }
        }
        return false
    }

    private func send(_ text: String) {
        var left = Array((text + "\r\n").utf8)[...]
        let end = Self.now + configuration.idleSeconds
        while !left.isEmpty, !isOver {
            switch left.withUnsafeBytes({ transport.write($0, isLast: true) }) {
            case .moved(let count): left = left.dropFirst(count)
            case .ended, .failed: isOver = true
            case .wouldBlock: if !wait(POLLOUT, until: end) { isOver = true }
            }
        }
    }
}
