import Foundation
import Kernel
import Store
import StorePostgres
import StoreSQLite
import TestKit
import Testing

@Suite(hasServer) struct CopyTests {
    @Test("a demo hospital group moves from SQLite to PostgreSQL with every row, and goes on there")
    func moves() throws {
        let world = try World(demo: true)
        let server = try PostgresServer.shared.get()
        let name = try server.makeDatabase()
        let target = try Database(driver: try PostgresDriver(try server.address(name)), apps: World.apps, clock: world.clock)
        defer { target.close() }
        try target.migrate()
        let tables = Locked<[DatabaseCopy.TableReport]>([])
        try DatabaseCopy(from: world.database, to: target).run { table in tables.withLock { $0.append(table) } }
        let rows = tables.withLock { $0.reduce(0) { $0 + $1.rows } }
        #expect(rows > 1_000)
        let dialect = target.dialect
        #expect(try target.inspectBlocking { AuditVerifier($0, dialect, key: nil, checkpoints: "").verify() }.findings == [])
        // Ids go on where they were.
        let last = try target.inspectBlocking { try $0.first("SELECT max(id) FROM res_partner", [], .integer)?.intValue ?? 0 }
        let next = try target.writeBlocking(superuser: true) { env in
            try env.create(env.registry.requireModel("res.partner"), [["name": "After the move"]]).ids[0]
        }
        #expect(next > last)
        #expect(throws: Refusal.self) { try DatabaseCopy(from: world.database, to: target).run { _ in } }
    }

    @Test("what PostgreSQL has goes back into SQLite, entries of the trail that were not chained yet included, and ids go on")
    func back() throws {
        let scratch = try Scratch()
        try scratch.database.writeBlocking(superuser: true) { env in
            for number in 0..<30 { _ = try env.create(Account.self, ["name": .text("row \(number)"), "balance": .int(number)]) }
        }
        // The last account goes: its id must not come back.
        let gone = try scratch.database.writeBlocking(superuser: true) { env in
            let last = try env.create(Account.self, ["name": "gone"])
            let id = last.id
            try last.records.unlink()
            return id
        }
        try scratch.database.linkTrail()
        // The chaining that the last commit asked for is over as well, so that nobody chains what now comes past the program.
        usleep(500_000)
        _ = try scratch.server.query(
            "INSERT INTO baton_audit_waiting (at, user_id, kind, model, ids, detail) VALUES ('2026-11-20 09:00:00', 1, 'write', 'test.account', '[1]', '{}')",
            in: scratch.name)
        let chained = try scratch.number("SELECT count(*) FROM baton_audit")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-back-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let target = try Database(
            driver: try SQLiteDriver(path: folder.appendingPathComponent("baton.sqlite").path), apps: [testApp], clock: scratch.clock)
        defer { target.close() }
        try target.migrate()
        try DatabaseCopy(from: scratch.database, to: target).run { _ in }
        let dialect = target.dialect
        let report = try target.inspectBlocking { AuditVerifier($0, dialect, key: nil, checkpoints: "").verify() }
        #expect(report.findings == [] && report.entries == chained + 1)
        #expect(try target.inspectBlocking { try $0.first("SELECT count(*) FROM test_account", [], .integer) } == .int(50))
        let next = try target.writeBlocking(superuser: true) { env in try env.create(Account.self, ["name": "next"]).id }
        #expect(next > gone)
    }
}
