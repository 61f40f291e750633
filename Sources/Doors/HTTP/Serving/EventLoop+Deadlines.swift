import CSockets

extension EventLoop {
    /// Ends what takes too long.
    func checkDeadline(_ connection: Connection) {
        switch connection.phase {
        case .handshake, .lingering: if now > connection.deadline { close(connection) }
        case .head:
            guard now > connection.deadline else { return }
            if connection.inputCount == 0 { close(connection) } else { end(connection, .headTooSlow) }
        case .body:
            if now > connection.deadline || isSlow(connection, connection.progress.total) { end(connection, .bodyTooSlow) }
        case .handling: if now > connection.deadline { end(connection, .handlerTooSlow) }
        case .answered, .streaming:
            guard connection.hasOutput else { return }
            let inKernel = max(0, Int(sockets_unacknowledged(connection.transport.socket)))
            if isSlow(connection, connection.progress.total - inKernel) { close(connection) }
        case .closed: break
        }
    }

    private func end(_ connection: Connection, _ refusal: Refusal) {
        refuse(connection, refusal)
        advance(connection)
    }

    /// Whether less than the least progress was made since the present stretch of time began.
    private func isSlow(_ connection: Connection, _ total: Int) -> Bool {
        guard let mark = connection.progress.mark else {
            connection.progress.since = now
            connection.progress.mark = total
            return false
        }
        let elapsed = now - connection.progress.since
        guard elapsed >= milliseconds(configuration.progressSeconds) else { return false }
        if total - mark < Int(elapsed) * configuration.minBytesPerSecond / 1_000 { return true }
        connection.progress.since = now
        connection.progress.mark = total
        return false
    }
}
