import Kernel
import Synchronization

/// Whether the server answers: told by the pulse, which asks each second, and by every statement that got an answer.
final class PostgresPresence: Sendable {
    /// What is said of a server that is silent.
    static let reason = "it does not answer"

    private let patience: Int
    /// When the pulse first found the server silent; 0 while it answers.
    private let silentSince = Atomic<Int>(0)
    /// When a statement was answered last.
    private let heardAt = Atomic<Int>(0)

    /// Which server it is: its number rises when another one takes its place.
    private let server = Locked((name: "", epoch: 0))
    /// Which of several hosts took a line last.
    private let lastPlace = Atomic<Int>(0)

    /// - Parameter seconds: How long calls wait for a server that is silent.
    init(patience seconds: Int) { patience = seconds * 1_000 }

    /// A statement was answered.
    func heard() { heardAt.store(Deadline.now, ordering: .relaxed) }

    /// The pulse was answered.
    func answered() {
        heard()
        silentSince.store(0, ordering: .relaxed)
    }

    /// The pulse was not answered.
    func missed() { _ = silentSince.compareExchange(expected: 0, desired: Deadline.now, ordering: .relaxed) }

    /// The pulse reached a server of this name. Lines to another one are given up: a server that was replaced may be frozen, or may come back
    /// and be nobody's any more.
    func met(_ name: String) {
        server.withLock { server in
            if server.name != name, !server.name.isEmpty { server.epoch += 1 }
            server.name = name
        }
    }

    /// Rises when another server takes the place of the one that was known.
    var epoch: Int { server.withLock { $0.epoch } }

    /// Which of several hosts took a line last.
    var place: Int {
        get { lastPlace.load(ordering: .relaxed) }
        set { lastPlace.store(newValue, ordering: .relaxed) }
    }

    /// Whether the server answers as far as is known: a line that was cut and is back within a second is no silence.
    var isAnswering: Bool { silence < 1_000 }

    /// Whether the server has been silent for so long that nobody waits for it any more.
    var isGivenUp: Bool { silence > patience }

    /// Milliseconds since anything was heard of a server that does not answer the pulse.
    private var silence: Int {
        let since = silentSince.load(ordering: .relaxed)
        if since == 0 { return 0 }
        return max(1, Deadline.now - max(since, heardAt.load(ordering: .relaxed)))
    }
}
