import Foundation
import Kernel
import Store
import StoreSQLite
import Testing

/// Two that write to one file, each with a connection and a memory of its own, as processes have.
@Suite struct ProcessesTests {
    private func other(_ scratch: Scratch, _ apps: [App] = [testApp]) throws -> Database {
        try Database(driver: try SQLiteDriver(path: scratch.folder + "/baton.db"), apps: apps, clock: scratch.clock)
    }

    @Test("records made by two at once have ids of their own, none is lost, and the trail stays one chain")
    func ids() async throws {
        let scratch = try Scratch()
        let second = try other(scratch)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (name, database) in [("a", scratch.database), ("b", second)] {
                group.addTask {
                    for number in 0..<200 {
                        try await database.write(as: .system, superuser: true) { env in
                            _ = try env.create(Contact.self, ["name": .text("\(name) \(number)"), "code": .text("\(name)\(number)")])
                            _ = try env.create(Tag.self, ["name": .text(name)])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let found = try second.readBlocking(superuser: true) { env in
            let contacts = try env.search(Contact.self)
            return (Set(contacts.ids).count, Set(contacts.map(\.title)).count, try env.count(Tag.self))
        }
        #expect(found == (400, 400, 400))
        second.close()
        let report = try SQLiteDriver.readOnly(path: scratch.folder + "/baton.db") { connection in
            AuditVerifier(connection, scratch.driver.dialect, directory: scratch.folder).verify()
        }
        #expect(report.findings.isEmpty)
    }

    @Test("what one remembers is forgotten with its next write when the other has changed it, and not by writes of its own")
    func memory() async throws {
        let loads = Locked(0)
        let app = App("access", "Access") { app in
            app.add(TestUser.self)
            app.provide(AccessTests.TableDirectory(loads: loads))
            app.seed("users") { env in _ = try env.create(TestUser.self, ["name": "system"]) }
            app.add(Contact.self)
            app.add(Tag.self)
        }
        let scratch = try Scratch(apps: [app])
        let second = try other(scratch, [app])
        func write(_ database: Database) async throws {
            try await database.write(as: 1) { env in _ = try env.create(Tag.self, ["name": "x"]) }
        }
        try await write(second)
        try await write(scratch.database)
        for _ in 0..<2 { try await write(second) }
        let before = loads.withLock { $0 }
        for _ in 0..<5 { try await write(second) }
        #expect(loads.withLock { $0 } == before)
        try await scratch.database.write(as: 1) { try $0.records(TestUser.self, [1]).records.write(["name": "renamed"]) }
        try await write(second)
        let name = try await second.read(as: 1) { $0.user.name }
        #expect(name == "renamed")
        second.close()
    }

    @Test("sweeping a file leaves nothing of what was replaced in it")
    func sweep() throws {
        let scratch = try Scratch()
        let path = scratch.folder + "/baton.db"
        let word = "a word that nobody else uses \(UUID().uuidString)"
        try scratch.database.writeBlocking(superuser: true) { env in
            let contact = try env.create(Contact.self, ["name": "x", "data": .json(.string(word)), "photo": .bytes(Array(word.utf8))])
            _ = contact
        }
        func isThere() -> Bool {
            ["", "-wal"].contains { suffix in
                guard let bytes = FileManager.default.contents(atPath: path + suffix) else { return false }
                return bytes.range(of: Data(word.utf8)) != nil
            }
        }
        #expect(isThere())
        try scratch.database.systemBlocking { connection in
            try connection.run("UPDATE test_contact SET data = NULL, photo = NULL")
            try connection.run("UPDATE baton_audit SET detail = '{}'")
            try connection.run("DELETE FROM baton_content")
        }
        try SQLiteDriver.sweep(path: path)
        #expect(!isThere())
    }
}
