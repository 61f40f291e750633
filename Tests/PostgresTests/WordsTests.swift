import Kernel
import TestKit
import Testing

@testable import Store
@testable import StorePostgres

@Suite(hasServer) struct WordsTests {
    @Test("every letter is folded in the database as in memory")
    func folding() async throws {
        let scratch = try Scratch()
        var texts = TextFolding.families.flatMap { family in family.letters.map(String.init) + [family.letters, family.plain] }
        texts += ["ÀÉÎÕÜ ŸÇ", "Straße", "ÆØÅ Œuvre Þing", "İstanbul ıslak", "e\u{301}te", "ΆΣ ΣΑΣ", "ЁЖИК Ї", "日本", "100% Ab_\\", ""]
        let wanted = texts.map { text -> String in
            var text = text
            return String(decoding: TextFolding.folded(&text), as: UTF8.self)
        }
        let found = try await scratch.database.inspect { [texts] connection in
            try texts.map { try connection.first("SELECT \(PostgresFolding.name)($1)", [.text($0)], .text)?.textValue ?? "" }
        }
        for (index, text) in texts.enumerated() where wanted[index] != found[index] {
            Issue.record("\(text): \(found[index]) in the database, \(wanted[index]) in memory")
        }
    }

    @Test("a pattern means the same in the database and in memory, however odd it is")
    func patterns() async throws {
        let scratch = try Scratch()
        let signs = ["%", "_", "\\", "a", "É", "ß", "e\u{301}", "A", "1"]
        var random = SystemRandomNumberGenerator()
        func word(_ most: Int) -> String {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in signs.randomElement() ?? "" }.joined()
        }
        let pairs = (0..<3_000).map { _ in (text: word(6), pattern: word(5), loose: Bool.random()) }
        let wrong = try await scratch.database.inspect { connection in
            let dialect = PostgresDialect()
            return try pairs.filter { pair in
                let sql = "SELECT " + dialect.like("$1::text", "$2", ignoringCase: pair.loose)
                let pattern = dialect.pattern(pair.pattern, ignoringCase: pair.loose)
                let found = try connection.first(sql, [.text(pair.text), .text(pattern)], .boolean)
                let expected = LikePattern.matches(pair.text, pattern: pair.pattern, ignoringCase: pair.loose)
                return found != .bool(expected)
            }
        }
        #expect(wrong.map { "\($0)" } == [])
    }

    @Test("a database in another language's order still orders by bytes")
    func order() async throws {
        let server = try PostgresServer.shared.get()
        try server.query("CREATE DATABASE other_order TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'")
        let driver = try PostgresDriver(try server.address("other_order"), options: Scratch.options)
        let database = try Database(driver: driver, apps: [testApp])
        defer { database.close() }
        try database.migrate()
        let names = try await database.write(as: .system, superuser: true) { env in
            _ = try env.create(TestUser.self, ["name": "system"])
            _ = try env.create(Account.self, ["b", "a", "Z", "ä", "A"].map { ["name": .text($0)] })
            return try env.search(Account.self, order: "name").map(\.label)
        }
        #expect(names == ["A", "Z", "a", "b", "ä"])
    }
}
