import Glibc
import Kernel
import Store

/// The one line of a node beside its pools: it hears of jobs that other nodes queue, shows that this node lives, and finds out whether the
/// server answers and which nodes have fallen silent.
///
/// Nothing depends on what is heard: jobs are looked for now and then anyhow, and a lease ends by itself. It only makes both soon.
final class PostgresPulse: @unchecked Sendable {
    /// Where jobs are announced.
    private static let channel = "baton_jobs"
    /// The shortest time between two calls, so that a stream of jobs elsewhere does not keep this node busy looking.
    private static let quietMilliseconds = 25

    private let address: PostgresAddress
    private let options: PostgresOptions
    private let presence: PostgresPresence
    private let isStopped = Locked(false)
    private let silent = Locked<Set<String>>([])
    private let news = Hook<Void>()
    /// Called at each sign of life that was missed for so long that nobody waits any more.
    private let givenUp: @Sendable () -> Void
    /// How often each node has shown itself, and how many of our own signs of life ago that number changed.
    private var others: [String: (beat: String, missed: Int)] = [:]

    init(_ address: PostgresAddress, _ options: PostgresOptions, _ presence: PostgresPresence, givenUp: @escaping @Sendable () -> Void) {
        self.address = address
        var own = options
        (own.statementSeconds, own.graceSeconds, own.connectSeconds) = (
            options.pulseSeconds, options.pulseSeconds, 2 * options.pulseSeconds
        )
        self.options = own
        self.presence = presence
        self.givenUp = givenUp
    }

    /// What tells the other nodes of jobs, in the transaction that queues them.
    static func news(from node: String) -> String { "NOTIFY \(channel), '\(node)'" }

    /// Nodes that showed themselves before and do no longer.
    var silentNodes: Set<String> { silent.withLock { $0 } }

    /// Has a body called when other nodes queued jobs, and when one fell silent; nil ends it.
    func onNews(_ body: (@Sendable () -> Void)?) {
        guard let body else { return news.clear() }
        news.set { _ in body() }
    }

    func start() { OwnThread.start("pulse") { [self] in loop() } }

    /// Ends the thread, soon.
    func stop() { isStopped.withLock { $0 = true } }

    private var goesOn: Bool { isStopped.withLock { !$0 } }

    private func loop() {
        while goesOn {
            do { try listen(try PostgresConnection(address, options)) } catch {
                if PostgresPulse.isFull(error) { presence.answered() } else { presence.missed() }
            }
            if presence.isGivenUp { givenUp() }
            if goesOn { usleep(250_000) }
        }
    }

    /// A server that has no room for one more connection works.
    private static func isFull(_ error: any Error) -> Bool {
        let message = (error as? SQLFailure)?.message ?? ""
        return message.contains("too many") || message.contains("remaining connection slots") || message.contains("no more connections")
    }

    private func listen(_ connection: PostgresConnection) throws {
        // Shown to others a moment late is better than waiting for the disk.
        try connection.execute("SET synchronous_commit = off; SET lock_timeout = '1s'")
        let name = "SELECT coalesce(host(inet_server_addr()), ''), pg_postmaster_start_time()"
        presence.met(try connection.rows(name, width: 2).first?.joined(separator: " ") ?? "")
        if options.tells { try connection.execute("LISTEN " + PostgresPulse.channel) }
        // What was said before is missed.
        var isNews = true
        while goesOn {
            try beat(connection)
            presence.answered()
            isNews = hear(connection.link) || isNews
            let end = Deadline(milliseconds: 1_000 * options.pulseSeconds)
            while goesOn, !end.isOver {
                if isNews {
                    news(())
                    isNews = false
                    usleep(UInt32(1_000 * PostgresPulse.quietMilliseconds))
                }
                if try connection.link.hears(within: min(max(end.milliseconds, 0), 500)) { isNews = hear(connection.link) }
            }
        }
        // Whoever leaves in good order is not missed.
        try? connection.execute("DELETE FROM \(PostgresGround.nodes) WHERE name = '\(options.node)'")
    }

    /// Whether another node has queued something.
    private func hear(_ link: PostgresLink) -> Bool {
        var isNews = false
        while let sender = link.notification() { if sender != options.node { isNews = true } }
        return isNews
    }

    private func beat(_ connection: PostgresConnection) throws {
        let sql =
            "INSERT INTO \(PostgresGround.nodes) (name, beat) VALUES ('\(options.node)', 1) ON CONFLICT (name) DO UPDATE "
            + "SET beat = \(PostgresGround.nodes).beat + 1, at = now(); SELECT name, beat FROM \(PostgresGround.nodes)"
        do { notice(try connection.rows(sql, width: 2)) } catch let failure as SQLFailure {
            // A server that refuses answers.
            if failure.kind == .lost { throw failure }
        }
    }

    private func notice(_ rows: [[String]]) {
        var seen: [String: (beat: String, missed: Int)] = [:]
        for row in rows where row[0] != options.node {
            let known = others[row[0]]
            seen[row[0]] = (row[1], known?.beat == row[1] ? (known?.missed ?? 0) + 1 : 0)
        }
        others = seen
        let gone = Set(seen.filter { $0.value.missed >= options.missedPulses }.keys)
        let isNew = silent.withLock { silent in
            defer { silent = gone }
            return !gone.subtracting(silent).isEmpty
        }
        if isNew { news(()) }
    }
}
