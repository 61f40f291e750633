import Base
import Kernel
import Store

/// Who has which record open, on every node, for as long as their page says so.
///
/// Nothing of it is kept: a note ends by itself when its page falls silent. Looking at it reads no record and leaves no line in the trail.
final class PresenceBoard: Sendable {
    /// Somebody at a record.
    struct Seat: Hashable, Sendable {
        let model: String
        let record: Int
        let user: Int
    }

    /// How long a page is believed without another word.
    static let seconds = 45
    /// The most notes, and letters of a page's own name.
    private static let limit = 5_000
    static let pageLetters = 40

    private struct State {
        var seats: Set<Seat> = []
        var readAt: ContinuousClock.Instant?
    }

    private let notes: SharedNotes
    private let pause: Duration
    private let state = Locked(State())

    init(_ database: Database, seconds: Double) {
        notes = SharedNotes(database, room: "presence", limit: PresenceBoard.limit)
        pause = .milliseconds(Int(seconds * 1_000))
    }

    /// What was seen last.
    var seats: Set<Seat> { state.withLock { $0.seats } }

    /// Notes that a page has a record open, or nothing open any more.
    func note(_ seat: Seat?, page: String, of user: Int) async throws {
        try await notes.change(["\(user) \(page)"]) { notes, now in
            notes[0] = seat.map { SharedNote("\($0.record) \($0.user) \($0.model)", until: now + PresenceBoard.seconds) }
        }
        state.withLock { $0.readAt = nil }
    }

    /// Looks again, unless somebody did a moment ago.
    func refresh() async throws {
        let now = ContinuousClock().now
        let isDue = state.withLock { state in
            if let last = state.readAt, now - last < pause { return false }
            state.readAt = now
            return true
        }
        guard isDue else { return }
        let found = Set(try await notes.all().compactMap(PresenceBoard.seat))
        state.withLock { $0.seats = found }
    }

    private static func seat(_ note: SharedNote) -> Seat? {
        let parts = note.text.split(separator: " ")
        guard parts.count == 3, let record = Int(parts[0]), let user = Int(parts[1]) else { return nil }
        return Seat(model: String(parts[2]), record: record, user: user)
    }
}

extension PresenceBoard.Seat {
    /// Who is where, of those records that the environment's user may read: `{model: [[record, user, name]]}`, oneself left out.
    static func visible(_ seats: [PresenceBoard.Seat], _ env: Environment) throws -> Value {
        let scope = try env.with(context: ["active_test": false])
        let superuser = env.asSuperuser("whoever sees a record may know who else works on it")
        var answer = ValueMap()
        for (name, others) in Dictionary(grouping: seats.filter { $0.user != env.user.id }, by: \.model).sorted(by: { $0.key < $1.key }) {
            guard let model = env.registry.model(name), env.allows(.read, on: model) else { continue }
            let ids = Set(try scope.search(model, .where("id", .in, .ids(others.map(\.record)))).ids)
            let seen = others.filter { ids.contains($0.record) }.sorted { ($0.record, $0.user) < ($1.record, $1.user) }
            let users = try superuser.search(User.self, .where("id", .in, .ids(seen.map(\.user))))
            let names = Dictionary(users.map { ($0.id, $0.displayedName) }) { first, _ in first }
            let lines = seen.compactMap { seat in names[seat.user].map { Value.list([.int(seat.record), .int(seat.user), .text($0)]) } }
            if !lines.isEmpty { answer[name] = .list(lines) }
        }
        return .map(answer)
    }
}
