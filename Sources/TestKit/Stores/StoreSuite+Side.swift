import Kernel
import Store

extension StoreSuite {
    static let sideChecks = [
        Check(name: "counters leave no gap when a unit of work is undone") { subject in
            var numbers: [Int] = []
            for round in 0..<4 {
                let number = try? await subject.database.write(as: .system, superuser: true) { env in
                    let number = try env.unit.transaction.nextNumber("invoice", step: 1)
                    if round == 1 { throw Refusal("suite.stop", .invalid, "Stop.") }
                    return number
                }
                if let number { numbers.append(number) }
            }
            try expect(numbers, [1, 2, 3])
        },
        Check(name: "events come out of the outbox in order, and only those that were committed") { subject in
            for round in 0..<3 {
                _ = try? await subject.database.write(as: .system, superuser: true) { env in
                    try env.unit.transaction.emit(
                        OutboxEvent("suite.\(round)", model: "suite.tag", recordId: round, data: ["n": .int(round)]))
                    if round == 1 { throw Refusal("suite.stop", .invalid, "Stop.") }
                }
            }
            let dialect = subject.database.dialect
            let events = try await subject.database.inspect { try Outbox($0, dialect).events(after: 0, limit: 10) }
            try expect(events.map(\.event.type), ["suite.0", "suite.2"])
            try expect(events.last?.event.data, ["n": 2])
        },
        Check(name: "what follows a commit happens after it, and not after a rollback") { subject in
            let seen = Locked<[Int]>([])
            for round in 0..<2 {
                _ = try? await subject.database.write(as: .system, superuser: true) { env in
                    env.unit.onCommit { seen.withLock { $0.append(round) } }
                    if round == 1 { throw Refusal("suite.stop", .invalid, "Stop.") }
                }
            }
            try expect(seen.withLock { $0 }, [0])
        },
        Check(name: "notes are kept as they are left, end by themselves, and are not more than may be") { subject in
            let notes = SharedNotes(
                subject.database, room: "suite", limit: 2, overflow: .refuse(Refusal("suite.full", .unavailable, "Full.")))
            try await notes.change(["a", "b"]) { notes, now in
                notes[0] = SharedNote("one", bytes: [0, 255], until: now + 60)
                notes[1] = SharedNote("two", until: now + 30)
            }
            try await expectRefusal("suite.full") {
                try await notes.change(["c"]) { notes, now in notes[0] = SharedNote("x", until: now + 60) }
            }
            try await expectRefusal("suite.stop") {
                try await notes.change(["a"]) { notes, _ in
                    notes[0]?.text = "changed"
                    throw Refusal("suite.stop", .invalid, "Stop.")
                }
            }
            let now = subject.clock.now
            try expect(try await notes.find("a"), SharedNote("one", bytes: [0, 255], until: now + 60))
            try expect(Set(try await notes.all().map(\.text)), ["one", "two"])
            subject.clock.advance(seconds: 30)
            try expect(try await notes.all().map(\.text), ["one"])
            try expect(try await notes.find("b"), nil)
            let seen = try await notes.change(["a", "b", "c"]) { notes, now in
                defer { notes = [nil, nil, SharedNote("three", until: now + 60)] }
                return notes.map { $0?.text }
            }
            try expect(seen, ["one", nil, nil])
            try expect(try await notes.find("a"), nil)
            try expect(try await notes.find("c")?.text, "three")
        },
        Check(name: "the trail is chained over units of work, and a rollback leaves no hole") { subject in
            for round in 0..<4 {
                _ = try? await subject.database.write(as: .system, superuser: true) { env in
                    try env.unit.transaction.appendAudit([AuditEntry(.system, model: "suite.tag", ids: [round], userId: 1)])
                    if round == 1 { throw Refusal("suite.stop", .invalid, "Stop.") }
                }
            }
            let dialect = subject.database.dialect
            try subject.database.linkTrail()
            let report = try await subject.database.inspect { AuditVerifier($0, dialect, key: nil, checkpoints: "").verify() }
            try expect(report.findings, [])
            try expect(report.entries >= 3, true)
        },
    ]
}
