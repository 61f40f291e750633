import Kernel

extension Database {
    /// Runs a unit of work as if it counted, gives what it answered, and undoes it: records, trail, jobs, mails and outbox stay as they were.
    ///
    /// What is called after a commit is not called, and custom models get no tables. It runs in the place of a write, so that nobody else
    /// writes meanwhile: keep it short, and rehearse long work in pieces.
    /// - Throws: What the body throws; `store.busy`, `store.full`, `store.closed`; `access.*`.
    public func rehearse<Answer: Sendable>(
        as user: UserContext, context: ValueMap = [:], superuser: Bool = false, _ body: @escaping @Sendable (Environment) throws -> Answer
    ) async throws -> Answer {
        let policy = try await blocking { try self.policy() }
        let unit = WriteUnit(self, user, context, superuser, policy, isRehearsal: true, body)
        do {
            try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
                driver.submit(WriteWork(run: unit.run) { continuation.resume(throwing: $0 ?? Refusal.kept()) })
            }
        } catch is Rehearsed {}
        return try unit.answer()
    }

    /// The same for code that may block: start-up, tests, the command. Never on a thread of a task.
    public func rehearseBlocking<Answer: Sendable>(
        as user: UserContext = .system, context: ValueMap = [:], superuser: Bool = false,
        _ body: @escaping @Sendable (Environment) throws -> Answer
    ) throws -> Answer {
        let unit = WriteUnit(self, user, context, superuser, try policy(), isRehearsal: true, body)
        do { try submitAndWait(.serial, unit.run) } catch is Rehearsed {}
        return try unit.answer()
    }
}

extension Refusal {
    /// A rehearsal always ends by undoing itself; a driver that commits it nevertheless is broken.
    fileprivate static func kept() -> Refusal {
        Refusal("store.rehearsal_kept", .internalFault, "A rehearsal was committed.", instruction: "Report this to the maker.")
    }
}
