import Glibc

extension EventLoop {
    /// Steps of one connection in one turn; the next turn goes on, after the others had theirs.
    private static let stepsAtOnce = 64

    /// Goes on with a connection until it must wait.
    func advance(_ connection: Connection) {
        for _ in 0..<Self.stepsAtOnce {
            guard flush(connection), step(connection), connection.phase != .closed else { return }
        }
        unfinished.append(connection.id)
    }

    /// - Returns: Whether more can be done at once.
    private func step(_ connection: Connection) -> Bool {
        switch connection.phase {
        case .handshake: handshake(connection)
        case .head: readHead(connection)
        case .body: readBody(connection)
        case .answered: finish(connection)
        case .lingering: linger(connection)
        case .streaming: askForChunk(connection)
        case .handling, .closed: false
        }
    }

    private func handshake(_ connection: Connection) -> Bool {
        switch connection.transport.handshake() {
        case .moved:
            connection.phase = .head
            return true
        case .wouldBlock: return false
        case .ended, .failed:
            close(connection)
            return false
        }
    }

    /// Takes in what has arrived, at most one scratch buffer.
    ///
    /// - Returns: Whether anything came.
    private func receive(_ connection: Connection) -> Bool {
        guard connection.isReadable else { return false }
        switch connection.transport.read(into: scratch) {
        case .moved(let count):
            // A short read has emptied the socket, unless an end follows that the poller has told already.
            if !connection.transport.isTLS, count < scratch.count, !connection.peerHasEnded { connection.isReadable = false }
            connection.append(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            return true
        case .wouldBlock:
            connection.isReadable = false
            return false
        case .ended, .failed:
            close(connection)
            return false
        }
    }

    private func readHead(_ connection: Connection) -> Bool {
        if connection.inputCount == 0, !receive(connection) { return false }
        if connection.parser == nil {
            connection.parser = HeadParser(limits: configuration.headLimits)
            connection.deadline = min(connection.deadline, now + milliseconds(configuration.headSeconds))
        }
        do throws(Refusal) {
            let found = try connection.withInput { bytes throws(Refusal) in try connection.parser?.parse(bytes) }
            guard let (head, count) = found ?? nil else { return receive(connection) }
            connection.consume(count)
            try begin(connection, head)
        } catch {
            refuse(connection, error)
        }
        return true
    }

    private func begin(_ connection: Connection, _ head: RequestHead) throws(Refusal) {
        connection.parser = nil
        connection.head = head
        connection.closesAfterAnswer = !head.keepsAlive
        connection.lingers = false
        let limit = head.framing == .none ? 0 : handler.bodyLimit(head.line.method, head.line.target.rawPath) ?? configuration.maxBodyBytes
        connection.reader = try BodyReader(head.framing, limit: limit)
        if head.expectsContinue, head.framing != .none, connection.inputCount == 0 { connection.queue(ResponseWriter.continues, at: now) }
        connection.phase = .body
        connection.deadline = now + milliseconds(configuration.bodySeconds)
        connection.progress = Connection.Progress(since: now, mark: 0)
    }

    private func readBody(_ connection: Connection) -> Bool {
        do throws(Refusal) {
            if connection.reader?.isDone == false {
                if connection.inputCount == 0, !receive(connection) { return false }
                try takeBody(connection)
            }
        } catch {
            refuse(connection, error)
            return true
        }
        if connection.reader?.isDone == true { dispatch(connection) }
        return true
    }

    private func takeBody(_ connection: Connection) throws(Refusal) {
        let count = try connection.withInput { bytes throws(Refusal) in try connection.reader?.consume(bytes) } ?? 0
        connection.consume(count)
        connection.progress.total += count
        let grown = (connection.reader?.body.count ?? 0) - connection.heldBytes
        guard grown == 0 || load.holdBody(grown) else { throw .overloaded }
        connection.heldBytes += grown
    }

    /// Reads and drops what a client sends that was told to stop.
    private func linger(_ connection: Connection) -> Bool {
        connection.dropInput()
        return receive(connection)
    }
}
