import Foundation
import Kernel
import TestKit
import Testing

@testable import Store
@testable import StorePostgres

/// Transactions that begin with what their node remembers, and are done again when it was old.
@Suite(hasServer) struct OpeningTests {
    private func setting(_ database: Database, _ label: String) throws -> Int {
        try database.writeBlocking(superuser: true) { env in try env.create(Setting.self, ["name": .text(label)]).id }
    }

    /// What a node sees, by record, by search, by name and by what an app remembers.
    private func seen(_ database: Database, _ id: Int, isWriting: Bool) throws -> [String] {
        let body: @Sendable (Environment) throws -> [String] = { env in
            let record = env.record(Setting.self, id)
            let names = try Records.namesInTables([record.records])
            let found = try env.search(Setting.self, .where("name", .equal, .text(record.label)), limit: 1)
            let remembered = try env.remembered("test", from: [Setting.name]) { try $0.search(Setting.self).first?.label ?? "" }
            return [record.label, names.first??[id] ?? "", found.first?.label ?? "", remembered]
        }
        return isWriting
            ? try database.writeBlocking(superuser: true, body) : try database.readBlocking(superuser: true, body)
    }

    @Test("what one node remembers of records, names and searches is never older than its transaction", arguments: [false, true])
    func neverOlder(_ isWriting: Bool) throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let id = try setting(scratch.database, "first")
        for label in ["second", "third", "fourth"] {
            #expect(try Set(seen(other, id, isWriting: isWriting)).count == 1)
            try scratch.database.writeBlocking(superuser: true) { env in try env.record(Setting.self, id).write(["name": .text(label)]) }
            #expect(try seen(other, id, isWriting: isWriting) == Array(repeating: label, count: 4))
        }
        try scratch.database.writeBlocking(superuser: true) { env in try env.record(Setting.self, id).records.unlink() }
        #expect(throws: Refusal.self) { try seen(other, id, isWriting: isWriting) }
    }

    @Test("a unit of work sees what it has written itself, although all was remembered before")
    func ownWrites() throws {
        let scratch = try Scratch()
        let id = try setting(scratch.database, "before")
        _ = try seen(scratch.database, id, isWriting: false)
        let after = try scratch.database.writeBlocking(superuser: true) { env in
            try env.record(Setting.self, id).write(["name": "after"])
            let found = try env.search(Setting.self, .where("name", .equal, "after"), limit: 1).ids
            return [
                String(found == [id]), try Records.namesInTables([env.record(Setting.self, id).records]).first??[id] ?? "not in a table",
            ]
        }
        #expect(after == ["true", "after"] || after == ["true", "not in a table"])
        #expect(try seen(scratch.database, id, isWriting: false) == Array(repeating: "after", count: 4))
    }

    @Test("what was refused by something old is looked at again, and a body that begins anew is asked from its beginning")
    func refusedByMemory() throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let id = try setting(scratch.database, "closed")
        let isOpen: @Sendable (Environment) throws -> Bool = { env in
            let label = try env.remembered("door", from: [Setting.name]) { try $0.search(Setting.self).first?.label ?? "" }
            guard label == "open" else { throw Refusal("test.closed", .invalid, "It is closed.") }
            return true
        }
        #expect(throws: Refusal.self) { try other.readBlocking(superuser: true, isOpen) }
        try scratch.database.writeBlocking(superuser: true) { env in try env.record(Setting.self, id).write(["name": "open"]) }
        #expect(try other.readBlocking(superuser: true, isOpen))
        try scratch.database.writeBlocking(superuser: true) { env in try env.record(Setting.self, id).write(["name": "closed"]) }
        #expect(throws: Refusal.self) { try other.writeBlocking(superuser: true, isOpen) }
        try scratch.database.writeBlocking(superuser: true) { env in try env.record(Setting.self, id).write(["name": "open"]) }
        #expect(try other.writeBlocking(superuser: true, isOpen))
    }

    @Test(
        "a unit of work that asks nothing is not kept when what it remembered was old"
    )
    func asksNothing() throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let id = try setting(scratch.database, "0")
        for round in 0..<5 {
            let note: @Sendable (Environment) throws -> String = { env in
                let label = try env.remembered("copied", from: [Setting.name]) { try $0.search(Setting.self).first?.label ?? "" }
                _ = try env.create(Account.self, ["name": .text("copy of \(label)")])
                return label
            }
            for _ in 0..<2 { #expect(try other.writeBlocking(superuser: true, note) == String(round)) }
            try scratch.database.writeBlocking(superuser: true) { env in
                try env.record(Setting.self, id).write(["name": .text(String(round + 1))])
            }
        }
        for round in 0..<5 { #expect(try scratch.number("SELECT count(*) FROM test_account WHERE name = 'copy of \(round)'") == 2) }
        #expect(try scratch.number("SELECT count(*) FROM test_account WHERE name LIKE 'copy of %'") == 10)
    }

    @Test("who made a record is forgotten on every node when they are deleted, also where the record was remembered")
    func forgottenMaker() throws {
        let scratch = try Scratch()
        let other = try scratch.node()
        defer { other.close() }
        let (id, maker) = try scratch.database.writeBlocking(superuser: true) { env in
            (try env.create(Setting.self, ["name": "made"]).id, try env.create(TestUser.self, ["name": "maker"]).id)
        }
        _ = try scratch.server.query("UPDATE test_setting SET create_uid = \(maker) WHERE id = \(id)", in: scratch.name)
        let makers: @Sendable (Environment) throws -> [Int?] = { env in
            let model = env.registry.schema(Setting.self)
            return [try env.value(model, id, try model.requireField("create_uid")).intValue]
        }
        #expect(try other.readBlocking(superuser: true, makers) == [maker])
        #expect(try other.readBlocking(superuser: true, makers) == [maker])
        try scratch.database.writeBlocking(superuser: true) { env in try env.record(TestUser.self, maker).records.unlink() }
        #expect(try other.readBlocking(superuser: true, makers) == [nil])
    }

    @Test("what is remembered is bounded by its bytes, tells apart what looks the same, and keeps nothing of what was not found")
    func bounds() throws {
        let memory = AnswerMemory()
        func rows(_ text: String) -> FetchedRows { FetchedRows(ids: [1], width: 1, cells: [.text(text)]) }
        func key(_ text: String) throws -> AnswerMemory.Question { try #require(AnswerMemory.Question("SELECT", [.text(text)])) }
        memory.keep(rows("composed"), try key("\u{E9}"), [0, 1])
        #expect(memory.find(try key("\u{E9}"), [0, 1])?.cells == [.text("composed")])
        #expect(try memory.find(key("e\u{301}"), [0, 1]) == nil && memory.find(key("\u{E9}"), [0, 2]) == nil)
        #expect(try memory.find(key("\u{E9}"), [1, 1]) == nil)
        memory.keep(FetchedRows(ids: [], width: 1, cells: []), try key("a password in the wrong box"), [0, 1])
        #expect(try memory.find(key("a password in the wrong box"), [0, 1]) == nil)
        #expect(AnswerMemory.Question("SELECT", [.text(String(repeating: "x", count: AnswerMemory.answerLimit))]) == nil)
        memory.keep(rows(String(repeating: "x", count: AnswerMemory.answerLimit)), try key("long"), [0, 1])
        #expect(try memory.find(key("long"), [0, 1]) == nil)
        for number in 0..<4_000 { memory.keep(rows(String(repeating: "x", count: 4_000)), try key("\(number)"), [0, 1]) }
        #expect(try memory.find(key("\u{E9}"), [0, 1]) == nil && memory.find(key("3999"), [0, 1]) != nil)
    }

    @Test("many rows are inserted by few statements, in their order, and one that breaks a rule undoes all")
    func manyRows() throws {
        let scratch = try Scratch()
        let labels = (0..<83).map { "row \($0)" }
        let ids = try scratch.database.writeBlocking(superuser: true) { env in
            try env.create(Account.self, labels.map { ["name": .text($0), "code": $0.hasSuffix("0") ? .null : .text($0)] }).ids
        }
        let read = try scratch.database.readBlocking(superuser: true) { env in
            try env.search(Account.self, .where("id", .in, .ids(ids)), order: "id").map { $0.label }
        }
        #expect(read == labels)
        let before = try scratch.number("SELECT count(*) FROM test_account")
        #expect(throws: Refusal.self) {
            try scratch.database.writeBlocking(superuser: true) { env in
                _ = try env.create(Account.self, (0..<40).map { ["name": "twice", "code": .text("code \($0 % 39)")] })
            }
        }
        #expect(try scratch.number("SELECT count(*) FROM test_account") == before)
    }

    @Test("statements of several rows are made only of those that insert one")
    func insertions() {
        let one = PostgresInsertion("INSERT INTO \"t\" (\"a\", \"b\") VALUES ($1, $2)", 2)
        #expect(one?.text(of: 2) == "INSERT INTO \"t\" (\"a\", \"b\") VALUES ($1, $2), ($3, $4)")
        #expect(one?.share(of: 83) == 32 && one?.share(of: 7) == 4 && one?.share(of: 1) == 1)
        let lenient = PostgresInsertion("INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING", 1)
        #expect(lenient?.text(of: 2) == "INSERT INTO t (a) VALUES ($1), ($2) ON CONFLICT DO NOTHING")
        #expect(PostgresInsertion("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = excluded.a", 1) == nil)
        #expect(PostgresInsertion("UPDATE t SET a = $1", 1) == nil)
        #expect(PostgresInsertion("INSERT INTO t (a) SELECT $1", 1) == nil)
    }
}
