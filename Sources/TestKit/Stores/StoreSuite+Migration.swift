import Kernel
import Store

extension StoreSuite {
    /// What becomes of indexes that an older program made.
    static let migrationChecks = [
        Check(name: "an index whose shape changed is dropped and made again, and the plan says so") { subject in
            let database = subject.database
            try database.systemBlocking { connection in
                // As a program left them whose things were unique by rank, and whose index of codes let two share one.
                try connection.run("CREATE UNIQUE INDEX \"uq__suite_thing__rank\" ON \"suite_thing\" (\"rank\")")
                try connection.run("DROP INDEX \"uq__suite_thing__code\"")
                try connection.run("CREATE INDEX \"uq__suite_thing__code\" ON \"suite_thing\" (\"code\")")
                try connection.run("CREATE INDEX \"of_an_administrator\" ON \"suite_thing\" (\"note\")")
                try connection.run("UPDATE baton_setting SET value = 'older' WHERE key = 'schema.shape'")
            }
            let wanted = [
                "drop the outdated index in suite_thing: code", "drop the outdated unique index in suite_thing: rank",
                "make unique in suite_thing: code",
            ]
            try expect(try database.migrationPlan().lines(), wanted, "the plan")
            try expect(try database.migrate().lines(), wanted, "what was done")
            try expect(try database.migrationPlan().lines(), [], "the plan afterwards")
            for name in ["a", "b"] { try await make(name, code: name, database) }
            try await expectRefusal("record.duplicate") { try await make("c", code: "a", database) }
            let left = try await database.inspect { try database.dialect.inspect($0).indexes["of_an_administrator"] }
            try expect(left?.columns, ["note"], "an index of somebody else")
        }
    ]

    private static func make(_ name: String, code: String, _ database: Database) async throws {
        try await database.write(as: .system, superuser: true) { env in
            _ = try env.create(Thing.self, ["name": .text(name), "code": .text(code), "rank": 7])
        }
    }
}
