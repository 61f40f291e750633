import Kernel
import Store
import StoreSQLite
import Testing

@Suite struct WalkTests {
    @Test("what one unit of work writes, the next one reads")
    func writtenIsRead() async throws {
        let scratch = try Scratch()
        let id = try await scratch.database.write(as: .system, superuser: true) { env in
            try env.create(Contact.self, ["name": "Ada", "credit": 12.5, "born": "1815-12-10", "seen": "2026-11-20 08:00:00"]).id
        }
        let read = try await scratch.database.read(as: .system, superuser: true) { env in
            let contact = env.record(Contact.self, id)
            return [contact.title, contact.credit.description, contact.born?.description ?? "", contact.seen?.description ?? ""]
        }
        #expect(read == ["Ada", "12.5", "1815-12-10", "2026-11-20 08:00:00"])
    }

    @Test("a unit of work that throws leaves nothing behind")
    func throwingLeavesNothing() async throws {
        let scratch = try Scratch()
        await #expect(throws: Refusal.self) {
            try await scratch.database.write(as: .system, superuser: true) { env in
                _ = try env.create(Contact.self, ["name": "Ada"])
                try env.unit.flush()
                throw Refusal("test.stop", .invalid, "Stop.")
            }
        }
        let count = try await scratch.database.inspect { try $0.first("SELECT count(*) FROM test_contact", [], .integer) }
        #expect(count == .int(0))
    }
}
