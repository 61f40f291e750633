import CPostgres
import Crypto
import Glibc
import Kernel
import Store

/// Runs one piece of work to its end: again when others were in its way, again when the connection went before the commit, and when it
/// went during the commit only after the database said that the commit is not there.
final class PostgresRunner: Sendable {
    private let pool: PostgresPool
    private let options: PostgresOptions
    private let presence: PostgresPresence
    private let turn = Turn()

    init(_ pool: PostgresPool, _ options: PostgresOptions, _ presence: PostgresPresence) {
        self.pool = pool
        self.options = options
        self.presence = presence
    }

    /// What one try came to.
    private enum Outcome {
        case kept
        case failed(any Error)
        /// It may succeed when it is done again.
        case again(SQLFailure)
        /// A change was refused that had waited, when its work was over or at something else.
        case late
        /// Something that it remembered was old.
        case misled
        /// The connection was lost while the commit was on its way, under this mark.
        case unknown(String, SQLFailure)
    }

    /// Gives nil when the work is kept, else the reason.
    func perform(_ work: WriteWork) -> (any Error)? {
        let deadline = Deadline(seconds: options.unitSeconds)
        var attempt = 0
        var (gathers, isHopeful) = (true, true)
        while true {
            attempt += 1
            // Work that was in others' way twice waits for its turn, so that it gets through.
            let outcome = attempt > 2 ? turn.take { once(work, gathers, isHopeful) } : once(work, gathers, isHopeful)
            let reason: SQLFailure
            switch outcome {
            case .kept: return nil
            case .failed(let error): return (error as? SQLFailure)?.refusal(nil) ?? error
            case .again(let failure): reason = failure
            case .late:
                // Done again with each change told at once, it says itself what is wrong.
                gathers = false
                continue
            case .misled:
                isHopeful = false
                continue
            case .unknown(let mark, let failure):
                switch isKept(mark, deadline) {
                case true?: return nil
                case false?: reason = failure
                case nil: return Refusal.unknownFate(failure.message)
                }
            }
            let isHopeless = reason.kind == .lost && presence.isGivenUp
            if attempt >= options.attempts || deadline.isOver || isHopeless { return reason.refusal(nil) }
            pause(attempt, isLost: reason.kind == .lost)
        }
    }

    private func once(_ work: WriteWork, _ gathers: Bool, _ isHopeful: Bool) -> Outcome {
        let connection: PostgresConnection
        do { connection = try pool.take() } catch { return PostgresRunner.sorted(error) }
        defer { if isReplaced(connection) { pool.drop(connection) } else { pool.give(connection) } }
        do {
            connection.gathersChanges = gathers
            if work.isolation == .serial {
                try connection.beginCounted("SERIALIZABLE", isHopeful: isHopeful)
            } else {
                try connection.begin("READ COMMITTED")
            }
            try work.run(connection)
            try connection.verify()
        } catch {
            // It may have refused by what it remembered, before it asked anything.
            try? connection.open()
            connection.rollback()
            if connection.isMisled { return .misled }
            // What ended the transaction counts, whatever became of it on its way through the work.
            let failure = connection.failure.flatMap { PostgresRunner.isTemporary($0) ? $0 : nil }
            return failure == nil && connection.isGivenUpLate ? .late : PostgresRunner.sorted(failure ?? error)
        }
        if let failure = connection.failure {
            connection.rollback()
            if connection.isMisled { return .misled }
            return PostgresRunner.isLate(failure, connection) ? .late : PostgresRunner.sorted(failure)
        }
        return commit(connection)
    }

    private func commit(_ connection: PostgresConnection) -> Outcome {
        let mark = connection.hasChanged ? PostgresRunner.newMark() : nil
        do {
            try connection.commit(mark: mark)
            return .kept
        } catch let failure as SQLFailure {
            if failure.kind == .lost, let mark { return .unknown(mark, failure) }
            connection.rollback()
            if connection.isMisled { return .misled }
            return PostgresRunner.isLate(failure, connection) ? .late : PostgresRunner.sorted(failure)
        } catch { return .failed(error) }
    }

    /// Whether the commit with a mark is there; nil when the database could not be asked until the deadline.
    ///
    /// The same mark is written: where it is there already, the commit stands; where another transaction with it still runs, this waits
    /// for its end; and where it can be written, the lost commit can never come any more.
    private func isKept(_ mark: String, _ deadline: Deadline) -> Bool? {
        var attempt = 0
        while !deadline.isOver {
            attempt += 1
            if let connection = try? pool.take() {
                defer { pool.give(connection) }
                // Told from the mark of a commit by its moment: what was written here before may be found here again.
                let fence = "INSERT INTO baton_commit (mark, at) VALUES ($1, '-infinity') ON CONFLICT DO NOTHING"
                // A change, so that this commit waits for the standby as well, and with it for what came before.
                let confirmed = "UPDATE baton_commit SET at = now() WHERE mark = $1 AND at > '-infinity'"
                do {
                    try connection.begin("READ COMMITTED")
                    let isFenced = try connection.run(fence, [.text(mark)]) > 0
                    let isKept = try !isFenced && connection.run(confirmed, [.text(mark)]) > 0
                    try connection.commit()
                    return isKept
                } catch { connection.rollback() }
            }
            pause(attempt, isLost: true)
        }
        return nil
    }

    /// A server that takes no changes any more is not the one that has the database: the next connection finds that one.
    private func isReplaced(_ connection: PostgresConnection) -> Bool { connection.failure?.kind == .readOnly }

    private static func isLate(_ failure: SQLFailure, _ connection: PostgresConnection) -> Bool {
        connection.isGivenUpLate && !isTemporary(failure)
    }

    /// A name that no other commit has. It begins with the time, so that marks of one moment stand side by side in their index.
    private static func newMark() -> String {
        let milliseconds = UInt64(max(0, Deadline.wallMilliseconds))
        let time = (0..<6).map { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * UInt64($0))) }
        return Hex.encode(time + SystemRandomSource().bytes(10))
    }

    private static func isTemporary(_ failure: SQLFailure) -> Bool { [.conflict, .lost, .readOnly].contains(failure.kind) }

    private static func sorted(_ error: any Error) -> Outcome {
        if let failure = error as? SQLFailure, isTemporary(failure) {
            return .again(failure.kind == .readOnly ? SQLFailure(.lost, code: failure.code, message: "it takes no changes") : failure)
        }
        return .failed(error)
    }

    /// Waits a little, by chance more or less, so that those who were in each other's way do not meet again.
    private func pause(_ attempt: Int, isLost: Bool) {
        let most = isLost ? min(100_000 * attempt, 1_000_000) : min(500 << min(attempt, 8), 100_000)
        usleep(UInt32(SystemRandomSource().number(below: most) + 1))
    }
}

/// Lets one thread at a time through.
private final class Turn: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() { pthread_mutex_init(mutex, nil) }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func take<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}

extension Refusal {
    /// The connection went while a commit was on its way, and the database did not come back in time.
    static func unknownFate(_ reason: String) -> Refusal {
        Refusal(
            "store.unknown_fate", .unavailable, "The database went away while a change was being kept: \(reason).",
            instruction: "Look whether the change is there before you make it again.")
    }
}
