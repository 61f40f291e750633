import Kernel
import Messaging
import Store

/// What happened in the last minutes, read from the trail at most once a second for everybody who follows it.
///
/// The trail is in the order of commits and holds those of every node. Nothing is lost between two looks, and whoever comes back with the
/// number of the last change that they saw is told what came after it, or that too much did.
final class ChangeFeed: Sendable {
    /// One change: records of a model, or messages about them.
    struct Change: Sendable {
        /// Its place among all that this process has read; rises by one.
        let place: Int
        /// The trail's number when it was read; the same on every node.
        let number: Int
        let kind: String
        let model: String
        let ids: [Int]
    }

    fileprivate struct State {
        var isStarted = false
        var isReading = false
        var number = 0
        var message = 0
        var place = 0
        /// The place, and the number, after which all changes are kept.
        var floor = (place: 0, number: 0)
        var changes: [Change] = []
        var readAt: ContinuousClock.Instant?
    }

    /// Changes that are kept for those who come back, and how many are read at a time.
    private static let kept = 5_000
    private static let page = 1_000

    private let database: Database
    private let pause: Duration
    private let state = Locked(State())

    init(database: Database, seconds: Double) {
        self.database = database
        pause = .milliseconds(Int(seconds * 1_000))
    }

    /// Where somebody stands who has seen everything up to now.
    var end: Int { state.withLock { $0.place } }

    /// Where somebody stands who saw the change of a number last; nil when changes after it are not kept any more.
    func place(after number: Int) -> Int? {
        state.withLock { state in
            guard state.isStarted, number >= state.floor.number, number <= state.number else { return nil }
            return (state.changes.first { $0.number > number }?.place ?? state.place + 1) - 1
        }
    }

    /// Changes after a place; nil when some of them are not kept any more.
    func changes(after place: Int) -> [Change]? {
        state.withLock { state in
            guard place >= state.floor.place else { return nil }
            return state.changes.filter { $0.place > place }
        }
    }

    /// Reads what is new, unless somebody else does or did a moment ago.
    func refresh() async throws {
        let now = ContinuousClock().now
        let mayRead = state.withLock { state in
            if state.isReading { return false }
            if let last = state.readAt, now - last < pause { return false }
            state.isReading = true
            state.readAt = now
            return true
        }
        guard mayRead else { return }
        defer { state.withLock { $0.isReading = false } }
        let (isStarted, number, message) = state.withLock { ($0.isStarted, $0.number, $0.message) }
        guard isStarted else { return try await start() }
        var (found, upTo) = try await database.changes(after: number, limit: ChangeFeed.page)
        var all = found
        while upTo > number, found.count == ChangeFeed.page, all.count < ChangeFeed.kept {
            (found, upTo) = try await database.changes(after: upTo, limit: ChangeFeed.page)
            all += found
        }
        let messages = try await ChangeFeed.messages(after: message, database)
        keep(all, upTo, messages)
    }

    private func start() async throws {
        let number = try await database.lastChange()
        let message = try await database.read(as: .system, superuser: true) { env in
            try env.search(Message.self, order: "id desc", limit: 1).ids.first ?? 0
        }
        state.withLock { state in
            state.isStarted = true
            (state.number, state.message) = (number, message)
            state.floor = (0, number)
        }
    }

    private func keep(_ found: [CommittedChange], _ upTo: Int, _ messages: [(id: Int, model: String, record: Int)]) {
        state.withLock { state in
            state.number = max(state.number, upTo)
            for change in found { state.add(change.number, change.kind.rawValue, change.model, change.ids) }
            if let last = messages.last { state.message = last.id }
            // A message has no line in the trail: it is told as news of the record that it is about.
            for message in messages where !message.model.isEmpty { state.add(state.number, "message", message.model, [message.record]) }
            let surplus = state.changes.count - ChangeFeed.kept
            if surplus > 0 {
                state.floor = (state.changes[surplus - 1].place, state.changes[surplus - 1].number)
                state.changes.removeFirst(surplus)
            }
        }
    }

    private static func messages(after id: Int, _ database: Database) async throws -> [(id: Int, model: String, record: Int)] {
        try await database.read(as: .system, superuser: true) { env in
            try env.search(Message.self, .where("id", .greater, .int(id)), order: "id", limit: page).map { message in
                (message.id, message.recordModel, try message.value("res_id").intValue ?? 0)
            }
        }
    }
}

extension ChangeFeed.State {
    mutating func add(_ number: Int, _ kind: String, _ model: String, _ ids: [Int]) {
        place += 1
        changes.append(ChangeFeed.Change(place: place, number: number, kind: kind, model: model, ids: ids))
    }
}

/// How many streams there are, of each session and in all.
final class StreamCount: Sendable {
    private let perSession: Int
    private let total: Int
    private let counts = Locked<[String: Int]>([:])

    init(perSession: Int, total: Int) {
        self.perSession = perSession
        self.total = total
    }

    /// - Returns: Whether one more stream may begin; if so, `leave` must follow.
    func enter(_ session: String) -> Bool {
        counts.withLock { counts in
            guard counts[session, default: 0] < perSession, counts.values.reduce(0, +) < total else { return false }
            counts[session, default: 0] += 1
            return true
        }
    }

    func leave(_ session: String) {
        counts.withLock { counts in
            let rest = counts[session, default: 1] - 1
            counts[session] = rest > 0 ? rest : nil
        }
    }
}
