import Kernel
import StorePostgres
import TestKit
import Testing

@testable import Store

/// A program of before, one that added something, and one that changed something.
private struct Older: Model {
    static let name = "test.thing"
    static let title = "Thing"
    let label = Char("name", "Name")
    let size = Integer("size")
}

private struct Newer: Model {
    static let name = "test.thing"
    static let title = "Thing"
    let label = Char("name", "Name")
    let size = Integer("size")
    let colour = Char("colour")
}

private struct Newest: Model {
    static let name = "test.thing"
    static let title = "Thing"
    let label = Char("name", "Name")
    let size = Float("size")
    let colour = Char("colour")
}

@Suite(hasServer) struct VersionTests {
    private func app<M: Model>(_ model: M.Type) -> App {
        App("test", "Test") { app in
            app.add(TestUser.self)
            app.add(M.self)
            app.seed("users") { env in _ = try env.create(TestUser.self, ["name": "system"]) }
        }
    }

    private func open<M: Model>(_ scratch: String, _ model: M.Type) throws -> Database {
        let server = try PostgresServer.shared.get()
        let database = try Database(driver: try PostgresDriver(try server.address(scratch), options: Scratch.options), apps: [app(model)])
        do {
            try database.migrate()
            try database.seed()
        } catch {
            database.close()
            throw error
        }
        return database
    }

    private func make(_ database: Database, _ name: String) async throws {
        try await database.write(as: .system, superuser: true) { env in
            _ = try env.create(env.registry.requireModel("test.thing"), [["name": .text(name), "size": 7]])
        }
    }

    @Test("while a newer program only adds, older nodes go on beside it and may even be started after it")
    func additions() async throws {
        let name = try PostgresServer.shared.get().makeDatabase()
        let older = try open(name, Older.self)
        defer { older.close() }
        try await make(older, "before")
        let newer = try open(name, Newer.self)
        defer { newer.close() }
        for round in 0..<5 {
            try await make(older, "older \(round)")
            try await make(newer, "newer \(round)")
        }
        let late = try open(name, Older.self)
        defer { late.close() }
        try await make(late, "late")
        try await make(newer, "after it")
        let count = try await newer.read(as: .system, superuser: true) { try $0.searchCount($0.registry.requireModel("test.thing"), .all) }
        #expect(count == 13)
        #expect(older.isAnswering == true)
    }

    @Test("when a newer program changes how a value is kept, older nodes refuse to read and write it, and do not start")
    func changes() async throws {
        let name = try PostgresServer.shared.get().makeDatabase()
        let older = try open(name, Newer.self)
        defer { older.close() }
        try await make(older, "before")
        let newest = try open(name, Newest.self)
        defer { newest.close() }
        try await make(newest, "after")
        await #expect(throws: Refusal.outdated()) { try await make(older, "misread") }
        await #expect(throws: Refusal.outdated()) {
            try await older.read(as: .system, superuser: true) { try $0.searchCount($0.registry.requireModel("test.thing"), .all) }
        }
        #expect(older.isAnswering == false)
        #expect(newest.isAnswering == true)
        do {
            try open(name, Newer.self).close()
            Issue.record("an older program started")
        } catch let refusal as Refusal { #expect(refusal.code == "store.migration_refused") }
        try await make(newest, "still")
        let second = try open(name, Newest.self)
        defer { second.close() }
        try await make(second, "another")
        #expect(second.isAnswering == true)
    }
}
