import Kernel
import Store

/// Attempts from outside that led nowhere, grouped: one exception for each cause, route and address, however often it happened.
///
/// The first of a group is written at once, later ones with their number every few seconds, so that a flood costs a small write now and
/// then. Nothing of what was sent is written here: only where from, where to, why, and how often.
public final class AttemptLog: Sendable {
    /// An attempt.
    public struct Attempt: Sendable {
        /// A stable code: `security.unauthorised`.
        public var cause: String
        /// What happened, in words for people, without the address.
        public var title: String
        /// What to do.
        public var remedy: String
        /// The route, never a whole path: `/fhir`.
        public var route: String
        /// The peer's address.
        public var address: String
        /// What more is known of the latest one, such as its size; no content.
        public var note = ""

        /// An attempt.
        public init(cause: String, title: String, remedy: String, route: String, address: String, note: String = "") {
            (self.cause, self.title, self.remedy) = (cause, title, remedy)
            (self.route, self.address, self.note) = (route, address, note)
        }
    }

    /// The source of the exceptions.
    public static let source = "security"
    /// The most groups that wait to be written, and that are open at one time; what is beyond is counted together.
    public static let groupLimit = 200
    /// Seconds between two writes.
    static let pauseSeconds = 5.0

    private struct Group {
        var attempt: Attempt
        var count = 1
    }
    private struct State {
        var waiting: [String: Group] = [:]
        var isWriting = false
    }
    private let database: Database
    private let state = Locked(State())

    /// A log that writes into a database.
    public init(database: Database) { self.database = database }

    /// Notes an attempt; returns at once.
    public func note(_ attempt: Attempt) {
        let isFirst = state.withLock { state in
            var attempt = attempt
            if state.waiting[AttemptLog.reference(attempt)] == nil, state.waiting.count >= AttemptLog.groupLimit {
                (attempt.route, attempt.address) = ("*", "*")
            }
            state.waiting[AttemptLog.reference(attempt), default: Group(attempt: attempt, count: 0)].count += 1
            state.waiting[AttemptLog.reference(attempt)]?.attempt = attempt
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if isFirst { Task { await write() } }
    }

    private static func reference(_ attempt: Attempt) -> String { "\(attempt.cause) \(attempt.route) \(attempt.address)" }

    /// Writes until nothing waits any more.
    private func write() async {
        while let groups = next() {
            // What cannot be written now is lost but for its trace in the log of the server: it must not pile up.
            try? await database.write(as: .system, superuser: true) { env in
                for group in groups { try AttemptLog.raise(group.attempt, times: group.count, in: env) }
            }
            try? await Task.sleep(for: .seconds(AttemptLog.pauseSeconds))
        }
    }

    private func next() -> [Group]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer { state.waiting.removeAll() }
            return Array(state.waiting.values)
        }
    }

    /// Raises the exception of a group, or counts more of the same; when too many groups are open, of the group of all others.
    static func raise(_ attempt: Attempt, times: Int, in env: Environment) throws {
        let open = Domain.where("source", .equal, .text(source)) & .where("state", .in, ["open", "in_progress"])
        var attempt = attempt
        let own = open & .where("reference", .equal, .text(reference(attempt)))
        if try env.count(ExceptionCase.self, own) == 0, try env.count(ExceptionCase.self, open) >= groupLimit {
            (attempt.route, attempt.address) = ("*", "*")
        }
        let place = attempt.address == "*" ? "from many addresses" : "at \(attempt.route) from \(attempt.address)"
        let note = [attempt.note, times > 1 ? "\(times) times" : ""].filter { !$0.isEmpty }.joined(separator: "; ")
        try ExceptionCase.raise(
            attempt.cause, "\(attempt.title) \(place)" + (note.isEmpty ? "" : " (\(note))"), remedy: attempt.remedy, source: source,
            reference: reference(attempt), times: times, in: env)
    }
}
