import Glibc

extension EventLoop {
    /// Bodies up to this size travel in one piece with their head.
    private static let joinedBytes = 16_384

    /// Hands the complete request to the handler.
    func dispatch(_ connection: Connection) {
        guard let head = connection.head, let body = connection.reader?.takeBody() else { return close(connection) }
        let request = HTTPRequest(
            method: head.line.method, target: head.line.target, headers: head.headers, body: body, remoteAddress: connection.peer.text,
            isTLS: connection.transport.isTLS)
        connection.phase = .handling
        connection.deadline = now + milliseconds(configuration.handlerSeconds)
        let held = connection.heldBytes
        connection.heldBytes = 0
        if let response = handler.respondAtOnce(to: request) {
            load.releaseBody(held)
            return answer(connection, response)
        }
        guard load.beginRequest() else {
            load.releaseBody(held)
            return refuse(connection, .overloaded)
        }
        let id = connection.id
        connection.task = Task(executorPreference: workers) { [handler, load] in
            let response = await handler.respond(to: request)
            load.releaseBody(held)
            load.endRequest()
            self.post(.answer(id, response))
        }
    }

    /// Answers with a problem and closes; what the client still sends is dropped.
    func refuse(_ connection: Connection, _ refusal: Refusal) {
        connection.task?.cancel()
        connection.reader = nil
        load.releaseBody(connection.heldBytes)
        connection.heldBytes = 0
        answer(connection, refusal.response)
    }

    /// Queues the answer's head and bytes, or begins its stream.
    func answer(_ connection: Connection, _ response: HTTPResponse) {
        connection.task = nil
        let asksToClose = response.headers.tokens("Connection").contains("close")
        if isDraining || asksToClose {
            connection.lingers = !connection.closesAfterAnswer || asksToClose
            connection.closesAfterAnswer = true
        }
        if !queueAnswer(connection, response) {
            connection.closesAfterAnswer = true
            _ = queueAnswer(connection, Refusal.badAnswer.response)
        }
    }

    private func queueAnswer(_ connection: Connection, _ response: HTTPResponse) -> Bool {
        guard (200...599).contains(response.status) else { return false }
        let isOld = connection.head?.line.isOld ?? false
        let isHead = connection.head?.line.method == .head
        let hasNoBody = response.status == 204 || response.status == 304
        let framing: ResponseWriter.Framing
        switch response.body {
        case _ where hasNoBody: framing = .none
        case .bytes(let bytes): framing = .length(bytes.count)
        case .stream: framing = isOld ? .untilClose : .chunked
        }
        if framing == .untilClose { connection.closesAfterAnswer = true }
        let joins = !isHead && !hasNoBody && response.bytes.count <= Self.joinedBytes
        guard
            var bytes = writer.head(
                response, framing: framing, closes: connection.closesAfterAnswer, keepAliveIsSaid: isOld, date: date.current(),
                reserving: joins ? response.bytes.count : 0)
        else { return false }
        if joins { bytes.append(contentsOf: response.bytes) }
        connection.queue(bytes, at: now)
        connection.phase = .answered
        guard !isHead, !hasNoBody else { return true }
        if case .stream(let stream) = response.body { begin(stream, on: connection, isChunked: !isOld) }
        if !joins { connection.queue(response.bytes, at: now) }
        return true
    }

    /// Writes what is queued.
    ///
    /// - Returns: Whether all of it went out and the connection is still open.
    func flush(_ connection: Connection) -> Bool {
        while connection.hasOutput {
            guard connection.isWritable else { return false }
            let start = connection.outputStart
            let isLast = connection.output.count == 1
            let outcome = connection.output[0].withUnsafeBytes { bytes in
                connection.transport.write(UnsafeRawBufferPointer(rebasing: bytes[start...]), isLast: isLast)
            }
            switch outcome {
            case .moved(let count): connection.written(count)
            case .wouldBlock:
                connection.isWritable = false
                return false
            case .ended, .failed:
                close(connection)
                return false
            }
        }
        return true
    }

    /// The answer is written: the next request, or the end.
    func finish(_ connection: Connection) -> Bool {
        guard connection.closesAfterAnswer else {
            connection.endExchange()
            connection.deadline = now + milliseconds(connection.inputCount > 0 ? configuration.headSeconds : configuration.idleSeconds)
            return true
        }
        connection.transport.endWriting()
        // A client that still sends would lose the answer if the socket were closed at once.
        guard connection.lingers || connection.inputCount > 0 else {
            close(connection)
            return false
        }
        connection.phase = .lingering
        connection.deadline = now + milliseconds(configuration.lingerSeconds)
        return true
    }

    // MARK: Streams

    private func begin(_ stream: HTTPStream, on connection: Connection, isChunked: Bool) {
        if isDraining, stream.isEndless { return }
        connection.phase = .streaming
        connection.streamIsEndless = stream.isEndless
        connection.streamIsChunked = isChunked
        let id = connection.id
        connection.task = Task(executorPreference: workers) {
            var isComplete = true
            do {
                while let bytes = try await stream.next() {
                    if bytes.isEmpty { continue }
                    let goesOn = await withCheckedContinuation { self.post(.chunk(id, bytes, $0)) }
                    if !goesOn { return }
                }
            } catch {
                isComplete = false
            }
            self.post(.streamEnded(id, complete: isComplete))
        }
    }

    func write(_ connection: Connection, chunk: [UInt8], _ waiter: CheckedContinuation<Bool, Never>) {
        connection.streamWaiter = waiter
        connection.queue(connection.streamIsChunked ? ResponseWriter.chunk(chunk) : chunk, at: now)
        advance(connection)
    }

    /// All chunks are written: the next may come.
    func askForChunk(_ connection: Connection) -> Bool {
        connection.resumeStream(true)
        return false
    }

    func endStream(_ connection: Connection, complete: Bool) {
        guard complete else { return close(connection) }
        if connection.streamIsChunked { connection.queue(ResponseWriter.lastChunk, at: now) }
        connection.task = nil
        connection.phase = .answered
        advance(connection)
    }
}
