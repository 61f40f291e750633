import Kernel
import StorePostgres
import TestKit
import Testing

@testable import Store

private struct Place: Model {
    static let name = "test.place"
    static let title = "Place"
    let label = Char("name", "Name", .indexed(.trigram))
    let code = Char("code", .indexed(.btreeNotNull))
}

@Suite(hasServer) struct TrigramTests {
    private let app = App("test", "Test") { app in
        app.add(TestUser.self)
        app.add(Place.self)
        app.seed("users") { env in _ = try env.create(TestUser.self, ["name": "system"]) }
    }

    private func open(_ name: String, as user: String? = nil) throws -> Database {
        let server = try PostgresServer.shared.get()
        let address = user.map { "postgres://\($0):simple@127.0.0.1:\(server.port)/\(name)" } ?? server.text(name)
        return try Database(driver: try PostgresDriver(try PostgresAddress(address), options: Scratch.options), apps: [app])
    }

    /// How the database would answer a search that the program makes.
    private func plan(_ database: Database, _ domain: Domain) async throws -> String {
        let dialect = database.dialect
        return try await database.read(as: .system, superuser: true) { env in
            let model = try env.registry.requireModel("test.place")
            guard let transaction = env.unit.transaction as? SQLTransaction else { return "" }
            let predicate = try env.predicate(model, domain)
            var compiler = SQLCompiler(registry: env.registry, dialect: dialect)
            try compiler.condition(predicate, of: model, "t")
            let sql = "EXPLAIN SELECT id FROM test_place t WHERE " + compiler.text
            return try transaction.connection.query(sql, compiler.arguments, [.text]).compactMap(\.textValue).joined(separator: "\n")
        }
    }

    @Test("a search for a part of a name, whatever its case and accents, reads the trigram index and finds what it found before")
    func search() async throws {
        let server = try PostgresServer.shared.get()
        let name = try server.makeDatabase()
        let database = try open(name)
        defer { database.close() }
        let words = try database.migrate().lines()
        #expect(words.contains("index parts of texts in test_place: name"))
        #expect(!words.contains { $0.hasPrefix("note:") })
        try database.seed()
        try await database.write(as: .system, superuser: true) { env in
            for part in 0..<20 {
                _ = try env.create(
                    Place.self, (0..<500).map { ["name": .text("Praxis \(part * 500 + $0) Nordstadt"), "code": $0 == 0 ? "x" : .null] })
            }
            _ = try env.create(Place.self, ["name": "Clínica São João"])
        }
        try server.query("ANALYZE test_place", in: name)
        let domain = Domain.where("name", .ilike, "nica sao jo")
        #expect(
            try await database.read(as: .system, superuser: true) { try $0.search(Place.self, domain).map(\.label) } == ["Clínica São João"]
        )
        #expect(try await plan(database, domain).contains("ix_trigram__test_place__name"))
        #expect(try await plan(database, .where("code", .equal, "x")).contains("ix_btree_not_null__test_place__code"))
        #expect(try database.migrationPlan().isEmpty)
    }

    @Test(
        "what an older program made, a function that is parsed anew for each row and indexes that gather nothing, is renewed by the next start"
    )
    func renewed() throws {
        let server = try PostgresServer.shared.get()
        let name = try server.makeDatabase()
        let database = try open(name)
        defer { database.close() }
        try database.migrate()
        try server.query(
            "CREATE OR REPLACE FUNCTION baton_fold_1(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE "
                + "AS $$ SELECT lower(given COLLATE \"C\") $$", in: name)
        try server.query("ALTER INDEX ix_trigram__test_place__name SET (fastupdate = off)", in: name)
        try database.migrate()
        let language = "SELECT lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE proname = 'baton_fold_1'"
        #expect(try database.inspectBlocking { try $0.first(language, [], .text) } == "plpgsql")
        let options = "SELECT array_to_string(reloptions, ' ') FROM pg_class WHERE relname = 'ix_trigram__test_place__name'"
        #expect(try database.inspectBlocking { try $0.first(options, [], .text)?.textValue }?.contains("fastupdate=on") == true)
        #expect(try database.inspectBlocking { try $0.first("SELECT baton_fold_1('São')", [], .text) } == "sao")
    }

    @Test("without the extension nothing is indexed, the plan says what to do, and the index comes once it is there")
    func missing() throws {
        let server = try PostgresServer.shared.get()
        let name = try server.makeDatabase()
        try server.query("CREATE ROLE modest LOGIN PASSWORD 'simple'; GRANT CREATE ON SCHEMA public TO modest", in: name)
        let database = try open(name, as: "modest")
        defer { database.close() }
        let words = try database.migrationPlan().lines()
        #expect(words.contains { $0.hasPrefix("note: ") && $0.contains("test_place.name") && $0.contains("CREATE EXTENSION pg_trgm") })
        try database.migrate()
        #expect(try server.query("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'ix_trigram%'", in: name) == "0\n")
        try server.query("CREATE EXTENSION pg_trgm", in: name)
        #expect(try database.migrate().lines() == ["index parts of texts in test_place: name"])
        #expect(try server.query("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'ix_trigram%'", in: name) == "1\n")
    }
}
