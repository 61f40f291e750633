import Kernel
import Store

extension StoreSuite {
    static let rehearsalChecks = [
        Check(name: "nothing of a rehearsal stays: no record, trail, job, event, number or callback") { subject in
            let database = subject.database
            let before = try await Remains(subject)
            let seen = Locked(0)
            let count = try await database.rehearse(as: .system, superuser: true) { env in
                let tag = try env.create(StoreSuite.Tag.self, ["name": "Nowhere"])
                try tag.write(["name": "Somewhere"])
                try env.unit.transaction.emit(OutboxEvent("suite.rehearsed", model: "suite.tag", recordId: tag.id))
                try env.unit.transaction.enqueue(JobRequest("suite.rehearsed"))
                _ = try env.unit.transaction.nextNumber("rehearsal", step: 1)
                env.unit.onCommit { seen.withLock { $0 += 1 } }
                return try env.search(StoreSuite.Tag.self, .where("name", .equal, "Somewhere")).count
            }
            try expect(count, 1, "what the rehearsal itself saw")
            try expect(try await Remains(subject), before)
            try expect(seen.withLock { $0 }, 0, "callbacks")
            let number = try await database.write(as: .system, superuser: true) { env in
                try env.unit.transaction.nextNumber("rehearsal", step: 1)
            }
            try expect(number, 1, "the next number")
        },
        Check(name: "a rehearsal that fails says why, and others that share its commit are kept") { subject in
            let database = subject.database
            async let kept = database.write(as: .system, superuser: true) { try $0.create(StoreSuite.Tag.self, ["name": "Kept"]).id }
            async let undone = database.rehearse(as: .system, superuser: true) { try $0.create(StoreSuite.Tag.self, ["name": "Undone"]).id }
            _ = try await (kept, undone)
            try await expectRefusal("suite.stop") {
                try await database.rehearse(as: .system, superuser: true) { _ in throw Refusal("suite.stop", .invalid, "Stop.") }
            }
            let names = try await database.read(as: .system, superuser: true) { env in
                try env.search(StoreSuite.Tag.self, .where("name", .in, ["Kept", "Undone"])).map(\.label)
            }
            try expect(names, ["Kept"])
        },
        Check(name: "a rehearsal is refused what its commit would be refused") { subject in
            try await expectRefusal("record.duplicate") {
                try await subject.database.rehearse(as: .system, superuser: true) { env in
                    _ = try env.create(Thing.self, [["code": "A"], ["code": "A"]])
                }
            }
        },
        Check(name: "what is remembered is made again after a commit, and never seen before it by others or kept after a rollback") {
            subject in
            let database = subject.database
            let made = Locked(0)
            @Sendable func count(_ env: Environment) throws -> Int {
                try env.remembered("suite.tags", from: ["suite.tag"]) { env in
                    made.withLock { $0 += 1 }
                    return try env.count(StoreSuite.Tag.self)
                }
            }
            let first = try await database.read(as: .system, count)
            // A database that others share needs a moment until it counts the model's changes.
            var before = 0
            for _ in 0..<200 where made.withLock({ $0 }) != before {
                before = made.withLock { $0 }
                try await Task.sleep(for: .milliseconds(5))
                _ = try await database.read(as: .system, count)
            }
            try expect(made.withLock { $0 }, before, "made")
            let within = try await database.write(as: .system, superuser: true) { env in
                try env.create(StoreSuite.Tag.self, ["name": "New"])
                return try count(env)
            }
            try expect(within, first + 1, "within the unit of work")
            try expect(try await database.read(as: .system, count), first + 1, "after the commit")
            let rehearsed = try await database.rehearse(as: .system, superuser: true) { env in
                try env.create(StoreSuite.Tag.self, ["name": "Undone"])
                return try count(env)
            }
            try expect(rehearsed, first + 2, "within the rehearsal")
            try expect(try await database.read(as: .system, count), first + 1, "after the rehearsal")
            let (all, last) = try await SuiteRace.run(database, count)
            try expect(all, last, "with many units in one commit")
        },
    ]
}

/// Rows of every kind that a unit of work may leave.
private struct Remains: Equatable {
    let cells: [Value]

    init(_ subject: StoreSuite.Subject) async throws {
        // What earlier units left to be chained counts where it ends up.
        try subject.database.linkTrail()
        var cells: [Value] = []
        for table in ["suite_tag", "baton_audit", "baton_outbox", "baton_job", "baton_counter", "baton_content"] {
            cells += try await subject.database.inspect { try $0.query("SELECT count(*) FROM \(table)", [], [.integer]) }
        }
        self.cells = cells
    }
}

/// Many units of work that share commits, each of which must count its own record and all before it.
private enum SuiteRace {
    static func run(
        _ database: Database, _ count: @escaping @Sendable (Environment) throws -> Int
    ) async throws -> (all: [Int], expected: [Int]) {
        let start = try await database.read(as: .system, count)
        let seen = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try await database.write(as: .system, superuser: true) { env in
                        // Asked first without a change of one's own: what others of the same commit changed must be in it.
                        let before = try count(env)
                        try env.create(StoreSuite.Tag.self, ["name": .text("Race \(number)")])
                        return before
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        // Whatever order they were put in, each counted all that came before it.
        return (seen.sorted(), Array(start..<start + 40))
    }
}
