import Kernel
import Store
import StoreSQLite
import Testing

@Suite struct MigrationTests {
    struct First: Model {
        static let name = "test.thing"
        static let title = "Thing"
        let label = Char("name", "Label")
        let size = Integer("size")
        let old = Char("old")
    }

    /// The same model a version later: a column more, one less, one wider.
    struct Second: Model {
        static let name = "test.thing"
        static let title = "Thing"
        static var unique: [Unique] { [Unique("name", message: "Taken.")] }
        let label = Char("name", "Label")
        let size = Monetary("size")
        let tag = Many2one<Tag>("tag_id")
        let tags = Many2many<Tag>("tag_ids")
    }

    struct Clash: Model {
        static let name = "test.thing"
        static let title = "Thing"
        let size = Char("size")
    }

    private func app<M: Model>(_ model: M.Type) -> App {
        App("v", "V") { app in
            app.add(TestUser.self)
            app.add(Tag.self)
            app.add(model)
        }
    }

    private func database<M: Model>(_ scratch: Scratch, _ model: M.Type) throws -> Database {
        try Database(driver: scratch.driver, apps: [app(model)])
    }

    @Test("a second run has nothing to do")
    func idempotent() throws {
        let scratch = try Scratch()
        #expect(try scratch.database.migrate().steps.isEmpty)
        #expect(try scratch.database.migrationPlan().isEmpty)
    }

    @Test("columns are added and widened, and what is not wanted any more stays")
    func evolution() throws {
        let scratch = try Scratch(apps: [app(First.self)])
        try scratch.database.systemBlocking { try $0.run("INSERT INTO test_thing (id, name, size, old) VALUES (1, 'a', 3, 'kept')") }
        let next = try database(scratch, Second.self)
        let words = try next.migrationPlan().lines()
        #expect(words.contains("add the column tag_id to test_thing"))
        #expect(words.contains("turn the column size of test_thing from integer into amount"))
        #expect(words.contains("make the table test_tag_test_thing_rel"))
        #expect(words.contains("kept: the column old of test_thing"))
        try next.migrate()
        let row = try scratch.driver.withSnapshot { try $0.query("SELECT size, old FROM test_thing", [], [.amount, .text]) }
        #expect(Array(row) == [.amount(3), .text("kept")])
        #expect(try next.migrationPlan().steps.isEmpty)
    }

    @Test("a change that would lose values is refused, and nothing is changed")
    func refusal() throws {
        let scratch = try Scratch(apps: [app(First.self)])
        let next = try database(scratch, Clash.self)
        #expect(try next.migrationPlan().refused.count == 1)
        do {
            try next.migrate()
            Issue.record("an integer became a text")
        } catch let refusal as Refusal {
            #expect(refusal.code == "store.migration_refused")
        }
        #expect(try database(scratch, First.self).migrationPlan().isEmpty)
    }

    @Test("records that would clash stop a new unique combination, and nothing is changed")
    func duplicates() throws {
        let scratch = try Scratch(apps: [app(First.self)])
        try scratch.database.systemBlocking { try $0.run("INSERT INTO test_thing (id, name) VALUES (1, 'a'), (2, 'a')") }
        do {
            try database(scratch, Second.self).migrate()
            Issue.record("two things share a name")
        } catch let refusal as Refusal {
            #expect(refusal.code == "store.migration_duplicates")
        }
        let columns = try scratch.driver.withSnapshot { try $0.query("SELECT name FROM pragma_table_info('test_thing')", [], [.text]) }
        #expect(!columns.contains(.text("tag_id")))
    }

    @Test("a custom field gets its column while the database runs")
    func customField() throws {
        let scratch = try Scratch()
        let field = CustomField(name: "x_colour", kind: .char, title: "Colour")
        try scratch.database.replaceRegistry(custom: [CustomModel(name: "test.contact", title: "Contact", fields: [field])])
        try scratch.database.writeBlocking(superuser: true) { env in _ = try env.create(Contact.self, ["name": "a", "x_colour": "red"]) }
        let colour = try scratch.driver.withSnapshot { try $0.first("SELECT x_colour FROM test_contact", [], .text) }
        #expect(colour == .text("red"))
    }

    @Test("seeds run once, and again when their version rises")
    func seeds() throws {
        let runs = Locked(0)
        let app: @Sendable (Int) -> App = { version in
            App("s", "S") { app in
                app.add(TestUser.self)
                app.add(Tag.self)
                app.seed("tags", version: version) { _ in runs.withLock { $0 += 1 } }
            }
        }
        let scratch = try Scratch(apps: [app(1)])
        try scratch.database.seed()
        #expect(runs.withLock { $0 } == 1)
        try Database(driver: scratch.driver, apps: [app(2)]).seed()
        #expect(runs.withLock { $0 } == 2)
    }
}
