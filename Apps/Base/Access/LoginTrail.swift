import Kernel
import Store

/// Writes failed logins into the audit trail, without letting the caller wait and without an unlimited queue.
final class LoginTrail: Sendable {
    /// The most failures that wait to be written; further ones are only counted, and the number stands in the next entry.
    static let limit = 64

    private struct State {
        var waiting = 0
        var uncounted = 0
    }
    private let database: Database
    private let state = Locked(State())

    init(_ database: Database) { self.database = database }

    /// Notes a failure; of an unknown login only the address is kept, as people type passwords into the wrong box.
    func failed(user: Int?, address: String) {
        let omitted = state.withLock { state -> Int? in
            guard state.waiting < LoginTrail.limit else {
                state.uncounted += 1
                return nil
            }
            state.waiting += 1
            defer { state.uncounted = 0 }
            return state.uncounted
        }
        guard let omitted else { return }
        var detail: ValueMap = ["address": .text(address)]
        if omitted > 0 { detail["omitted"] = .int(omitted) }
        let entry = AuditEntry(.loginFailed, model: User.name, ids: user.map { [$0] } ?? [], userId: user ?? 0, detail: detail)
        let (database, state) = (database, state)
        Task {
            try? await database.write(as: .system, superuser: true) { try $0.unit.transaction.appendAudit([entry]) }
            state.withLock { $0.waiting -= 1 }
        }
    }
}
