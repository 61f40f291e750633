@testable import Kernel
import StoreSQLite
import Testing

@testable import Store

@Suite struct OrderTests {
    private func sql(_ make: (ModelSchema) throws -> Predicate) throws -> String {
        let scratch = try Scratch()
        let model = try scratch.database.registry.requireModel("test.contact")
        var compiler = SQLCompiler(registry: scratch.database.registry, dialect: scratch.driver.dialect)
        let order = [OrderTerm(path: [try #require(model.field("rank"))], descending: true, nullsFirst: nil)]
        try compiler.search(SearchRequest(model: model, predicate: try make(model), order: order))
        return compiler.text
    }

    @Test("an order says where unset values go unless the search asks for a value that is set")
    func unsetValues() throws {
        #expect(try sql { _ in .all }.contains("DESC NULLS FIRST"))
        #expect(try sql { .unset(try #require($0.field("rank"))) }.contains("NULLS FIRST"))
        #expect(try !sql { .contained(try #require($0.field("rank")), [.int(1)]) }.contains("NULLS"))
        #expect(try !sql { .not(.unset(try #require($0.field("rank")))) }.contains("NULLS"))
        #expect(try sql { .compare(try #require($0.field("name")), .equal, .text("a")) }.contains("NULLS FIRST"))
    }

    @Test("one part of an `and` is enough to rule unset values out, of an `or` every part must")
    func andOr() throws {
        let set = { (model: ModelSchema) in Predicate.compare(try #require(model.field("rank")), .greater, .int(1)) }
        let other = { (model: ModelSchema) in Predicate.compare(try #require(model.field("name")), .equal, .text("a")) }
        #expect(try !sql { .and([try other($0), try set($0)]) }.contains("NULLS"))
        #expect(try sql { .or([try other($0), try set($0)]) }.contains("NULLS FIRST"))
        #expect(try !sql { .or([try set($0), try set($0)]) }.contains("NULLS"))
        #expect(try sql { .not(try set($0)) }.contains("NULLS FIRST"))
    }
}
