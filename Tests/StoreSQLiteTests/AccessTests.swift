import Kernel
import Store
import StoreSQLite
import Testing

@Suite struct AccessTests {
    struct Patient: Model {
        static let name = "test.patient"
        static let title = "Patient"
        static var patientPath: String? { "id" }
        let label = Char("name", "Name")
    }

    /// Everybody reads; the name of a user is the one in the table.
    struct TableDirectory: Directory {
        let loads: Locked<Int>
        var watchedModels: Set<String> { ["res.users"] }

        func user(_ id: Int, in env: Environment) throws -> UserContext? {
            loads.withLock { $0 += 1 }
            guard let user = try env.search(TestUser.self, .where("id", .equal, .int(id))).first else { return nil }
            return UserContext(id: id, login: user.login, name: user.login, companyId: 1, companyIds: [1], groups: ["all"], groupIds: [1])
        }

        func policy(in env: Environment) throws -> AccessPolicy {
            AccessPolicy(
                rights: env.registry.models.map { .init(model: $0.name, group: nil, operations: AccessOperations(letters: "rwcd")) },
                rules: [])
        }
    }

    private func scratch(_ loads: Locked<Int>) throws -> Scratch {
        let app = App("access", "Access") { app in
            app.add(TestUser.self)
            app.add(Patient.self)
            app.provide(TableDirectory(loads: loads))
            app.seed("users") { env in _ = try env.create(TestUser.self, ["name": "system"]) }
        }
        return try Scratch(apps: [app])
    }

    @Test("who read a patient's record stands in the trail before the answer")
    func patientReads() async throws {
        let scratch = try scratch(Locked(0))
        let database = scratch.database
        let id = try await database.write(as: 1) { try $0.create(Patient.self, ["name": "Doe"]).id }
        let before = try await reads(database)
        let name = try await database.read(as: 1) { $0.record(Patient.self, id).label }
        #expect(name == "Doe")
        #expect(try await reads(database) == before + ["test.patient [\(id)] by 1"])
    }

    @Test("a user is loaded once, and again after a change of users")
    func usersAreRemembered() async throws {
        let loads = Locked(0)
        let scratch = try scratch(loads)
        let database = scratch.database
        for _ in 0..<5 { _ = try await database.read(as: 1) { $0.user.name } }
        #expect(loads.withLock { $0 } == 1)
        try await database.write(as: 1) { try $0.records(TestUser.self, [1]).records.write(["name": "renamed"]) }
        #expect(try await database.read(as: 1) { $0.user.name } == "renamed")
        #expect(loads.withLock { $0 } == 2)
    }

    @Test("a user who does not exist is refused")
    func unknownUser() async throws {
        let scratch = try scratch(Locked(0))
        do {
            _ = try await scratch.database.read(as: 77) { $0.user.name }
            Issue.record("user 77 was let in")
        } catch let refusal as Refusal {
            #expect(refusal.code == "access.unknown_user")
        }
    }

    private func reads(_ database: Database) async throws -> [String] {
        let sql = "SELECT model || ' ' || ids || ' by ' || user_id FROM baton_audit WHERE kind = 'read' ORDER BY seq"
        return try await database.inspect { try $0.query(sql, [], [.text]).compactMap(\.textValue) }
    }
}
