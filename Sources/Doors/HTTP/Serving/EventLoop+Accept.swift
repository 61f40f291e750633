import CSockets
import Glibc

extension EventLoop {
    /// Connections accepted in one turn, so that those at work are not kept waiting.
    private static let acceptsAtOnce = 64

    func accept() {
        guard !isDraining else { return }
        for _ in 0..<Self.acceptsAtOnce {
            var storage = sockaddr_storage()
            let socket = sockets_accept(listener.socket, &storage)
            if socket >= 0 {
                welcome(socket, PeerAddress(&storage))
            } else if errno != EINTR && errno != ECONNABORTED {
                // Out of sockets or memory: make room, and listen again with the next tick.
                if errno != EAGAIN, !evictOne() { listen(false) }
                return
            }
        }
    }

    private func welcome(_ socket: Int32, _ peer: PeerAddress) {
        var admission = load.admit(peer)
        if admission == .serverFull, evictOne() { admission = load.admit(peer) }
        guard admission == .admitted else {
            if tls == nil { refuseUnread(socket) }
            Glibc.close(socket)
            return
        }
        sockets_send_at_once(socket)
        let session = tls?.session(socket)
        if tls != nil, session == nil {
            load.leave(peer)
            Glibc.close(socket)
            return
        }
        open(socket, peer: peer, session: session)
    }

    /// Tells a client that there is no room, without waiting for its request.
    private func refuseUnread(_ socket: Int32) {
        let response = Refusal.tooManyConnections.response
        let framing = ResponseWriter.Framing.length(response.bytes.count)
        guard let head = writer.head(response, framing: framing, closes: true, keepAliveIsSaid: false, date: date.current(), reserving: 0)
        else { return }
        let bytes = head + response.bytes
        send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Closes the connection of this loop that has waited longest between requests, or else in the middle of a head.
    ///
    /// - Returns: Whether one was closed.
    private func evictOne() -> Bool {
        var candidate: Connection?
        connections.forEach { connection in
            guard connection.phase == .head || connection.phase == .handshake else { return }
            guard let best = candidate else { return candidate = connection }
            if connection.isIdle != best.isIdle {
                if connection.isIdle { candidate = connection }
            } else if connection.deadline < best.deadline {
                candidate = connection
            }
        }
        guard let candidate else { return false }
        close(candidate)
        return true
    }
}
