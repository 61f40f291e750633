import Base
import HTMLPages
import HTTPServer
import Kernel
import RPCDoor

/// `GET /app/api/events`: changes of records that the user may read, as server-sent events.
///
/// Shape: `?models=care.referral,mail.activity`; events `change` with `{"model", "ids", "kind"}` and the trail's number as id, `gap` when
/// more happened than is kept, `presence` with `{model: [[record, user, name]]}` for everybody else who has one of them open, and a comment
/// as a sign of life. `Last-Event-ID` resumes. A record that is out of reach is never named.
/// Source: WHATWG *HTML Standard*, section 9.2.
struct EventRoute: Sendable {
    let door: ClientDoor

    private static let modelLimit = 40
    /// Seconds between two signs of life.
    private static let beat = 15.0

    func add(to router: inout Router) {
        router.on(.get, "/app/api/events") { [self] request in
            do { return try await open(request) } catch { return door.problem(error, "events") }
        }
        router.onAtOnce(.get, "/app/api/{path*}") { _ in
            .problem(404, code: "http.not_found", detail: "Nothing is served at this path.", instruction: "Check the address.")
        }
    }

    private func open(_ request: HTTPRequest) async throws -> HTTPResponse {
        let caller = try await door.gate.caller(of: request)
        let models = Set((request.query["models"] ?? "").split(separator: ",").prefix(EventRoute.modelLimit).map(String.init))
        let key = caller.session.isEmpty ? "user \(caller.userId)" : caller.session
        guard door.streams.enter(key) else { throw Refusal.tooManyStreams() }
        let seat = Seat(key, door.streams)
        try await door.feed.refresh()
        let last = (request.headers["Last-Event-ID"] ?? request.query["after"]).flatMap { Int($0) }
        let start = last.map { door.feed.place(after: $0) } ?? door.feed.end
        let source = EventSource(door: door, caller: caller, models: models, place: start, seat: seat)
        var response = HTTPResponse.stream(
            HTTPStream(isEndless: true) { try await source.next() }, contentType: "text/event-stream; charset=utf-8")
        response.headers["X-Accel-Buffering"] = "no"
        return response
    }

    /// A place among the streams, given back when nobody holds it any more.
    private final class Seat: Sendable {
        private let key: String
        private let streams: StreamCount

        init(_ key: String, _ streams: StreamCount) {
            self.key = key
            self.streams = streams
        }

        deinit { streams.leave(key) }
    }

    /// The events of one stream; the server asks for one piece at a time.
    private actor EventSource {
        private let door: ClientDoor
        private let caller: Caller
        private let models: Set<String>
        private let seat: Seat
        private let began = ContinuousClock().now
        private var saidAt: ContinuousClock.Instant?
        private var place: Int
        private var told: Set<PresenceBoard.Seat> = []

        init(door: ClientDoor, caller: Caller, models: Set<String>, place: Int?, seat: Seat) {
            self.door = door
            self.caller = caller
            self.models = models
            self.seat = seat
            self.place = place ?? -1
        }

        /// The next piece. Where the door says no by now, a session that ended or a store that is away, the stream ends whole, and the
        /// browser asks anew.
        func next() async throws -> [UInt8]? {
            do { return try await piece() } catch is Refusal { return nil }
        }

        private func piece() async throws -> [UInt8]? {
            let clock = ContinuousClock()
            if saidAt == nil {
                saidAt = clock.now
                return Array("retry: 2000\n: hello\n\n".utf8)
            }
            while clock.now - began < .seconds(door.configuration.streamSeconds) {
                try await door.feed.refresh()
                try await door.presence.refresh()
                if let text = try await [news(), presence()].compactMap({ $0 }).joined().nonEmpty {
                    saidAt = clock.now
                    return Array(text.utf8)
                }
                if let said = saidAt, clock.now - said > .seconds(EventRoute.beat) {
                    saidAt = clock.now
                    // Whoever signed out meanwhile hears no more.
                    try await door.gate.read(caller) { _ in }
                    return Array(": beat\n\n".utf8)
                }
                try await Task.sleep(for: .milliseconds(Int(door.configuration.feedSeconds * 1_000)))
            }
            return nil
        }

        private func news() async throws -> String? {
            guard let changes = door.feed.changes(after: place), place >= 0 else {
                place = door.feed.end
                return "event: gap\ndata: {}\n\n"
            }
            guard let last = changes.last else { return nil }
            place = last.place
            let wanted = changes.filter { models.contains($0.model) }
            guard !wanted.isEmpty else { return nil }
            let seen = try await door.gate.read(caller) { env in try EventSource.visible(wanted, env) }
            return seen.map { number, value in
                "event: change\nid: \(number)\ndata: \(String(decoding: PlainJSON.bytes(value), as: UTF8.self))\n\n"
            }.joined()
        }

        /// Who has records of these models open, when that is not what was told before.
        private func presence() async throws -> String? {
            let now = door.presence.seats.filter { models.contains($0.model) && $0.user != caller.userId }
            guard now != told else { return nil }
            told = now
            let seen = try await door.gate.read(caller) { env in try PresenceBoard.Seat.visible(Array(now), env) }
            return "event: presence\ndata: \(String(decoding: PlainJSON.bytes(seen), as: UTF8.self))\n\n"
        }

        /// What the user may know of changes: the records that they may read, and that others went.
        private static func visible(_ changes: [ChangeFeed.Change], _ env: Environment) throws -> [(Int, Value)] {
            let scope = try env.with(context: ["active_test": false])
            return try changes.compactMap { change in
                guard let model = env.registry.model(change.model), env.allows(.read, on: model) else { return nil }
                if change.kind == "unlink" { return (change.number, ["model": .text(change.model), "ids": .list([]), "kind": "unlink"]) }
                let ids = try scope.search(model, .where("id", .in, .ids(change.ids))).ids
                guard !ids.isEmpty else { return nil }
                return (change.number, ["model": .text(change.model), "ids": .ids(ids), "kind": .text(change.kind)])
            }
        }
    }
}

extension String {
    /// Itself, or nil when it is empty.
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

extension Refusal {
    static func tooManyStreams() -> Refusal {
        Refusal(
            "client.too_many_streams", .unavailable, "Too many pages of yours listen for changes.", instruction: "Close some of them.")
    }
}
