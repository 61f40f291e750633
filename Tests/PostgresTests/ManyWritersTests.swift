import Kernel
import StorePostgres
import TestKit
import Testing

@testable import Store

@Suite(hasServer) struct ManyWritersTests {
    @Test("many who read, add and write the same record lose nothing")
    func noLostUpdate() async throws {
        let scratch = try Scratch()
        let database = scratch.database
        let id = try await database.write(as: .system, superuser: true) { try $0.create(Account.self, ["name": "a", "balance": 0]).id }
        try await atOnce(120) { _ in
            try await database.write(as: .system, superuser: true) { env in
                let account = env.record(Account.self, id)
                try account.write(["balance": .int(account.balance + 1)])
            }
        }
        #expect(try scratch.number("SELECT balance FROM test_account WHERE id = \(id)") == 120)
        #expect(try scratch.number("SELECT record_version FROM test_account WHERE id = \(id)") >= 120)
    }

    @Test("two who each decide by what the other is about to change are not both right")
    func noWriteSkew() async throws {
        let scratch = try Scratch()
        let database = scratch.database
        for _ in 0..<20 {
            let ids = try await database.write(as: .system, superuser: true) { env in
                try env.create(Account.self, [["balance": 100], ["balance": 100]]).ids
            }
            // Each may be emptied as long as the two together keep 100.
            try await atOnce(2) { own in
                try await database.write(as: .system, superuser: true) { env in
                    let sum = env.records(Account.self, ids).reduce(0) { $0 + $1.balance }
                    if sum >= 200 { try env.record(Account.self, ids[own]).write(["balance": 0]) }
                }
            }
            let rest = try scratch.number("SELECT sum(balance) FROM test_account WHERE id IN (\(ids[0]), \(ids[1]))")
            #expect(rest == 100)
        }
    }

    @Test("numbers of a counter have no gap and no double, although many draw them and some give up")
    func gaplessNumbers() async throws {
        let scratch = try Scratch()
        let database = scratch.database
        let kept = Locked<[Int]>([])
        try await atOnce(90) { task in
            let number = try? await database.write(as: .system, superuser: true) { env in
                let number = try env.unit.transaction.nextNumber("invoice", step: 1)
                if task % 3 == 0 { throw Refusal("test.stop", .invalid, "Stop.") }
                return number
            }
            if let number { kept.withLock { $0.append(number) } }
        }
        #expect(kept.withLock { $0.sorted() } == Array(1...60))
    }

    @Test("the trail of many writers is one whole chain with every entry in it")
    func oneChain() async throws {
        let scratch = try Scratch()
        let (database, dialect) = (scratch.database, scratch.database.dialect)
        let before = try scratch.number("SELECT (SELECT count(*) FROM baton_audit) + (SELECT count(*) FROM baton_audit_waiting)")
        try await atOnce(200) { number in
            try await database.write(as: .system, superuser: true) { env in
                try env.unit.transaction.appendAudit([AuditEntry(.system, model: "test.account", ids: [number], userId: 1)])
            }
        }
        try database.linkTrail()
        let report = try await database.inspect { AuditVerifier($0, dialect, key: nil, checkpoints: "").verify() }
        #expect(report.findings == [])
        #expect(report.entries == before + 200)
        #expect(try scratch.number("SELECT count(*) FROM baton_audit_waiting") == 0)
        try scratch.server.query("UPDATE baton_audit SET detail = '{\"x\":1}' WHERE seq = 7", in: scratch.name)
        let tampered = try await database.inspect { AuditVerifier($0, dialect, key: nil, checkpoints: "").verify() }
        #expect(tampered.firstBad == 7)
    }

    @Test("each job goes to one worker of many on two nodes")
    func jobsOnce() async throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let queues = [JobQueue(scratch.database), JobQueue(other)]
        for number in 0..<200 { try await queues[0].enqueue(JobRequest("x", payload: ["n": .int(number)])) }
        let seen = Locked<[Int]>([])
        try await atOnce(8) { worker in
            while true {
                let jobs = try await queues[worker % 2].claim(owner: "w\(worker)", limit: 7)
                if jobs.isEmpty { return }
                seen.withLock { $0 += jobs.map(\.id) }
                for job in jobs { try await queues[worker % 2].complete(job.lease) }
            }
        }
        #expect(seen.withLock { $0.count } == 200)
        #expect(Set(seen.withLock { $0 }).count == 200)
        #expect(try await queues[0].counts() == [.completed: 200])
    }

    @Test("what one node remembers is made again when another changed it")
    func rememberedAcrossNodes() async throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        @Sendable func count(_ env: Environment) throws -> Int {
            try env.remembered("test.accounts", from: ["test.account"]) { try $0.count(Account.self) }
        }
        for round in 0..<20 {
            _ = try await scratch.database.read(as: .system, count)
            try await other.write(as: .system, superuser: true) { _ = try $0.create(Account.self, ["name": "more"]) }
            #expect(try await scratch.database.read(as: .system, count) == 21 + round)
        }
    }

    @Test("what is remembered counts at once on a database whose tables were just made, and later where a model is counted first now")
    func rememberedFromTheBeginning() async throws {
        final class Makings: Sendable {
            let count = Locked(0)
        }
        var options = Scratch.options
        options.settleSeconds = 600
        let scratch = try Scratch(options: options)
        let makings = (settings: Makings(), users: Makings())
        for _ in 0..<4 {
            try await scratch.database.read(as: .system) { env in
                _ = try env.remembered("test.settings", from: ["test.setting"]) { env in
                    makings.settings.count.withLock { $0 += 1 }
                    return try env.count(Setting.self)
                }
                _ = try env.remembered("test.users", from: ["res.users"]) { env in
                    makings.users.count.withLock { $0 += 1 }
                    return try env.count(TestUser.self)
                }
            }
            // The wish to be counted is written beside the work.
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(makings.settings.count.withLock { $0 } == 1)
        // Once more where a reading began before it could know that users are counted now.
        #expect((4...5).contains(makings.users.count.withLock { $0 }))
        let other = try scratch.node(options: options)
        defer { other.close() }
        try await other.write(as: .system, superuser: true) { _ = try $0.create(Setting.self, ["name": "more"]) }
        let count = try await scratch.database.read(as: .system) { env in
            try env.remembered("test.settings", from: ["test.setting"]) { try $0.count(Setting.self) }
        }
        #expect(count == 1)
    }

    @Test("nodes that start at the same moment make tables and first records once")
    func startTogether() async throws {
        let server = try PostgresServer.shared.get()
        let name = try server.makeDatabase()
        try await atOnce(4) { _ in
            let driver = try PostgresDriver(try server.address(name), options: Scratch.options)
            let database = try Database(driver: driver, apps: [testApp])
            defer { database.close() }
            try await database.blocking {
                try database.exclusively {
                    try database.migrate()
                    try database.seed()
                }
            }
        }
        #expect(try server.query("SELECT count(*) FROM test_account", in: name) == "20\n")
        #expect(try server.query("SELECT count(*) FROM res_users", in: name) == "1\n")
    }
}
