import Glibc
import HTTPServer
import Kernel

/// One connection, on a thread of its own: it reads frames, hands them to the desk one after the other, and writes the answers.
final class Line {
    private static let scratchBytes = 65_536
    private static let handshakeSeconds = 10.0

    private let peer: PeerAddress
    private var transport: Transport
    private let configuration: MLLPConfiguration
    private let desk: MessageDesk
    private let stop: StopSignal
    private var frames: FrameReader
    private var isBroken = false

    init(_ peer: PeerAddress, _ transport: Transport, _ configuration: MLLPConfiguration, _ desk: MessageDesk, _ stop: StopSignal) {
        self.peer = peer
        self.transport = transport
        self.configuration = configuration
        self.desk = desk
        self.stop = stop
        frames = FrameReader(limit: configuration.maxMessageBytes)
    }

    /// Serves until the peer leaves, a limit is reached, or the door stops.
    func run() {
        guard shakeHands() else { return desk.log("mllp.tls_failed", ["mllp.peer": peer.text]) }
        while !isBroken, let piece = receive() { take(piece) }
    }

    func close() { transport.close() }

    private func shakeHands() -> Bool {
        guard transport.isTLS else { return true }
        let end = Milliseconds.after(Self.handshakeSeconds)
        while true {
            switch transport.handshake() {
            case .moved: return true
            case .ended, .failed: return false
            case .wouldBlock:
                if Milliseconds.now >= end || stop.isSet { return false }
                _ = stop.wait(transport.socket, for: POLLIN, until: end)
            }
        }
    }

    private func take(_ piece: FrameReader.Piece) {
        switch piece {
        case .message(let bytes): desk.take(bytes, from: peer.text) { send($0) }
        case .stray(let bytes):
            desk.keepUnframed(bytes, from: peer.text)
        case .tooLong(let bytes):
            desk.refuse(bytes, .messageTooLong(configuration.maxMessageBytes), from: peer.text) { send($0) }
            isBroken = true
        }
    }

    /// The next piece; nil at the end of the connection.
    private func receive() -> FrameReader.Piece? {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.scratchBytes, alignment: 16)
        defer { scratch.deallocate() }
        var patience = Patience(configuration, isInFrame: frames.isInFrame)
        while true {
            if let piece = frames.next() { return piece }
            if stop.isSet, !frames.isInFrame || Milliseconds.now >= stop.graceEnds ?? 0 { return end(timedOut: false) }
            switch transport.read(into: scratch) {
            case .moved(let count):
                frames.feed(UnsafeRawBufferPointer(rebasing: scratch[0..<count]))
                patience.moved(isInFrame: frames.isInFrame)
            case .ended, .failed: return end(timedOut: false)
            case .wouldBlock:
                let until = patience.deadline
                if Milliseconds.now >= until { return end(timedOut: true) }
                _ = stop.wait(transport.socket, for: POLLIN, until: min(until, stop.graceEnds ?? until))
            }
        }
    }

    /// What is left over when a connection ends: a frame without end is told to the sender, bytes without a frame are kept.
    private func end(timedOut: Bool) -> FrameReader.Piece? {
        let rest = frames.rest
        guard !rest.isEmpty else { return nil }
        if !frames.isInFrame {
            desk.keepUnframed(rest, from: peer.text)
        } else if timedOut {
            desk.refuse(rest, .frameWithoutEnd, from: peer.text) { send($0) }
        } else {
            desk.log("mllp.frame_without_end", ["mllp.peer": peer.text, "mllp.bytes": String(rest.count)])
        }
        return nil
    }

    private func send(_ message: [UInt8]) {
        var left = FrameReader.frame(message)[...]
        let end = Milliseconds.after(configuration.writeSeconds)
        while !left.isEmpty, !isBroken {
            switch left.withUnsafeBytes({ transport.write($0, isLast: true) }) {
            case .moved(let count): left = left.dropFirst(count)
            case .ended, .failed: isBroken = true
            case .wouldBlock:
                if Milliseconds.now >= end { isBroken = true } else { _ = stop.wait(transport.socket, for: POLLOUT, until: end) }
            }
        }
    }
}

/// How long a connection may take over what it does now.
private struct Patience {
    private let configuration: MLLPConfiguration
    private var lastByte = Milliseconds.now
    private var frameBegan: Int64?

    init(_ configuration: MLLPConfiguration, isInFrame: Bool) {
        self.configuration = configuration
        frameBegan = isInFrame ? lastByte : nil
    }

    mutating func moved(isInFrame: Bool) {
        lastByte = Milliseconds.now
        frameBegan = isInFrame ? frameBegan ?? lastByte : nil
    }

    var deadline: Int64 {
        guard let frameBegan else { return lastByte + Int64(configuration.idleSeconds * 1_000) }
        return min(frameBegan + Int64(configuration.messageSeconds * 1_000), lastByte + Int64(configuration.stallSeconds * 1_000))
    }
}
