import Foundation
import HTTPServer
import Kernel

/// A receiver of webhooks for tests: a real server on this machine that keeps what came and answers as it is told.
final class WebhookReceiver: Sendable {
    private let server: HTTPServer
    private let seen: Locked<[HTTPRequest]>
    private let answers: Locked<[HTTPResponse]>

    init(_ answers: [HTTPResponse] = [], slow milliseconds: UInt32 = 0) throws {
        let (seen, queue) = (Locked<[HTTPRequest]>([]), Locked(answers))
        self.seen = seen
        self.answers = queue
        server = HTTPServer(
            configuration: HTTPServerConfiguration(host: "127.0.0.1", port: 0),
            handler: ClosureHandler { request in
                seen.withLock { $0.append(request) }
                if milliseconds > 0 { usleep(milliseconds * 1_000) }
                return queue.withLock { $0.isEmpty ? HTTPResponse(status: 204) : $0.removeFirst() }
            })
        try server.start()
    }

    var url: String { "http://127.0.0.1:\(server.port)/hook" }
    var requests: [HTTPRequest] { seen.withLock { $0 } }
    func stop() async { await server.stop(graceSeconds: 1) }
}
