import Kernel

/// Something small that is kept for a while: a count of attempts, a form that is being filled in, a turn at work.
public struct SharedNote: Sendable, Equatable {
    /// What it says.
    public var text: String
    /// What comes with it.
    public var bytes: [UInt8]
    /// From then on it counts as gone.
    public var until: Instant

    /// A note.
    public init(_ text: String, bytes: [UInt8] = [], until: Instant) {
        (self.text, self.bytes, self.until) = (text, bytes, until)
    }
}

/// Notes of one kind that every node sees: in the database where several processes share it, else in memory.
///
/// Shape: a row of `baton_note` each; a change locks the rows of its keys until its commit, so that all nodes count together.
public final class SharedNotes: Sendable {
    /// What happens when there are as many as may be.
    public enum Overflow: Sendable {
        /// Those that would have ended first are forgotten.
        case forget
        /// No new one is taken.
        case refuse(Refusal)
    }

    /// Changes between two looks for notes that are over, and seconds.
    private static let sweepEvery = 64
    private static let sweepSeconds = 60

    private struct State {
        var notes: [String: SharedNote] = [:]
        var changes = 0
        var sweptAt = Instant(seconds: 0)
    }

    private let database: Database
    private let room: String
    private let limit: Int
    private let byteLimit: Int
    private let overflow: Overflow
    private let state = Locked(State())

    /// Notes of a kind.
    ///
    /// - Parameters:
    ///   - room: The kind's name.
    ///   - limit: The most notes of it.
    ///   - byteLimit: The most bytes that come with them, together.
    public init(_ database: Database, room: String, limit: Int, byteLimit: Int = .max, overflow: Overflow = .forget) {
        self.database = database
        self.room = room
        self.limit = limit
        self.byteLimit = byteLimit
        self.overflow = overflow
    }

    /// The note under a key; nil when there is none, or none any more.
    public func find(_ key: String) async throws -> SharedNote? {
        let now = database.clock.now
        guard database.isShared else { return state.withLock { $0.notes[key].flatMap { $0.until > now ? $0 : nil } } }
        let (dialect, name) = (database.dialect, name(key))
        return try await database.inspect { try NoteTable($0, dialect).find([name], now)[0] }
    }

    /// All notes of the kind that are not over, in no order.
    public func all() async throws -> [SharedNote] {
        let now = database.clock.now
        guard database.isShared else { return state.withLock { $0.notes.values.filter { $0.until > now } } }
        let (dialect, room, limit) = (database.dialect, room, limit)
        return try await database.inspect { try NoteTable($0, dialect).all(room, limit, now) }
    }

    /// Reads and changes the notes under some keys as if nobody else did so meanwhile.
    ///
    /// - Parameter body: Is given the notes in the order of the keys and leaves there what shall stand; it may run again.
    /// - Throws: What the body throws, or the refusal of a new note; then nothing is changed. `store.*`.
    public func change<Answer: Sendable>(
        _ keys: [String], _ body: @escaping @Sendable (inout [SharedNote?], Instant) throws -> Answer
    ) async throws -> Answer {
        let now = database.clock.now
        let isDue = countChange(now)
        guard database.isShared else { return try state.withLock { try change(keys, &$0.notes, now, isDue, body) } }
        let (dialect, names) = (database.dialect, keys.map(name))
        let (room, limit, byteLimit, overflow) = (room, limit, byteLimit, overflow)
        return try await database.system { connection in
            let table = NoteTable(connection, dialect)
            if isDue { try table.sweep(room, limit, now) }
            let before = try table.locked(names, room, now)
            var notes = before
            let answer = try body(&notes, now)
            if case .refuse(let refusal) = overflow, zip(before, notes).contains(where: { $0 == nil && $1 != nil }) {
                let bytes = notes.reduce(0) { $0 + ($1?.bytes.count ?? 0) }
                let others = try table.size(of: room, without: names, now)
                guard others.count < limit, others.bytes + bytes <= byteLimit else { throw refusal }
            }
            for (index, name) in names.enumerated() { try table.write(notes[index], name, instead: before[index]) }
            return answer
        }
    }

    private func name(_ key: String) -> String { room + ":" + key }

    /// Whether it is time to look for notes that are over.
    private func countChange(_ now: Instant) -> Bool {
        state.withLock { state in
            state.changes += 1
            guard state.changes % SharedNotes.sweepEvery == 0 || now - state.sweptAt > SharedNotes.sweepSeconds else { return false }
            state.sweptAt = now
            return true
        }
    }

    private func change<Answer>(
        _ keys: [String], _ kept: inout [String: SharedNote], _ now: Instant, _ isDue: Bool,
        _ body: (inout [SharedNote?], Instant) throws -> Answer
    ) throws -> Answer {
        if isDue || kept.count >= limit { kept = kept.filter { $0.value.until > now } }
        let before = keys.map { key in kept[key].flatMap { $0.until > now ? $0 : nil } }
        var notes = before
        let answer = try body(&notes, now)
        let isMore = zip(before, notes).contains { $0 == nil && $1 != nil }
        switch overflow {
        case .refuse(let refusal):
            let own = Set(keys)
            let bytes = kept.reduce(notes.reduce(0) { $0 + ($1?.bytes.count ?? 0) }) { sum, entry in
                own.contains(entry.key) ? sum : sum + entry.value.bytes.count
            }
            let others = kept.count(where: { !own.contains($0.key) })
            guard !isMore || (others < limit && bytes <= byteLimit) else { throw refusal }
        case .forget:
            if isMore, kept.count >= limit {
                for (key, _) in kept.sorted(by: { $0.value.until < $1.value.until }).prefix(max(1, limit / 10)) { kept[key] = nil }
            }
        }
        for (index, key) in keys.enumerated() { kept[key] = notes[index] }
        return answer
    }
}
