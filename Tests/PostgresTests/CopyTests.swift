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
}
