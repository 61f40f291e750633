import Kernel
import Store
import StoreSQLite
import Testing

@Suite struct SnapshotTests {
    @Test("a reader sees one moment although others write")
    func readerSeesOneMoment() async throws {
        let scratch = try Scratch()
        let (database, driver) = (scratch.database, scratch.driver)
        try await database.write(as: .system, superuser: true) { env in _ = try env.create(Contact.self, ["name": "a"]) }
        let counts = try driver.withSnapshot { connection in
            let before = try connection.first("SELECT count(*) FROM test_contact", [], .integer)
            try database.writeBlocking(superuser: true) { env in _ = try env.create(Contact.self, ["name": "b"]) }
            return [before, try connection.first("SELECT count(*) FROM test_contact", [], .integer)]
        }
        let after = try await database.inspect { try $0.first("SELECT count(*) FROM test_contact", [], .integer) }
        #expect(counts == [.int(1), .int(1)])
        #expect(after == .int(2))
    }

    @Test("a reader cannot write")
    func readerCannotWrite() async throws {
        let scratch = try Scratch()
        do {
            try await scratch.database.read(as: .system, superuser: true) { env in _ = try env.create(Contact.self, ["name": "a"]) }
            Issue.record("a reader wrote")
        } catch let refusal as Refusal {
            #expect(refusal.code == "store.read_only")
        }
    }

    @Test("a closed store refuses and leaves one file with everything in it")
    func closing() async throws {
        let scratch = try Scratch()
        try await scratch.database.write(as: .system, superuser: true) { env in _ = try env.create(Contact.self, ["name": "a"]) }
        scratch.database.close()
        await #expect(throws: Refusal.self) { try await scratch.database.system { _ in } }
        let again = try SQLiteDriver(path: scratch.driver.path)
        let database = try Database(driver: again, apps: [testApp])
        let plan = try database.migrate()
        #expect(plan.isEmpty)
        #expect(try await database.inspect { try $0.first("SELECT count(*) FROM test_contact", [], .integer) } == .int(1))
        database.close()
    }

    @Test("waiting for a unit of work inside another one is refused instead of hanging")
    func nested() async throws {
        let scratch = try Scratch()
        let database = scratch.database
        await #expect(throws: Refusal.self) {
            try await database.write(as: .system, superuser: true) { _ in try database.writeBlocking { _ in } }
        }
    }
}
