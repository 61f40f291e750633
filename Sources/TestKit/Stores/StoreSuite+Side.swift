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
