import Foundation
import Kernel
import Store
import StoreSQLite
import Testing

@Suite struct GroupCommitTests {
    @Test("a failing unit of work undoes itself and nothing else of its group")
    func failingUnitIsAlone() async throws {
        let scratch = try Scratch()
        let database = scratch.database
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let made: Void? = try? await database.write(as: .system, superuser: true) { env in
                        _ = try env.create(Contact.self, ["name": .text("n\(number)"), "rank": .int(number)])
                        try env.unit.flush()
                        if number % 3 == 0 { throw Refusal("test.stop", .invalid, "Stop.") }
                    }
                    return made != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        let kept = try await database.inspect { try $0.query("SELECT rank FROM test_contact ORDER BY rank", [], [.integer]) }
        #expect(outcomes == 133)
        #expect(kept.compactMap(\.intValue) == (0..<200).filter { $0 % 3 != 0 })
    }

    @Test("a link that leads nowhere fails its own unit, not the shared commit")
    func brokenLinkIsAlone() async throws {
        let scratch = try Scratch()
        let database = scratch.database
        let results = await withTaskGroup(of: String.self) { group in
            for number in 0..<50 {
                group.addTask {
                    do {
                        try await database.system { connection in
                            let parent: Value = number == 25 ? .int(99_999) : .null
                            let id = try connection.reserveIds(table: "test_contact", count: 1)[0]
                            try connection.run(
                                "INSERT INTO test_contact (id, name, parent_id) VALUES (?, ?, ?)", [.int(id), .text("x"), parent])
                        }
                        return "kept"
                    } catch let refusal as Refusal { return refusal.code } catch { return "other" }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(results == ["kept": 49, "record.restricted": 1])
    }

    @Test("a unique combination answers with the model's own sentence")
    func duplicateSaysWhy() async throws {
        let scratch = try Scratch()
        try await scratch.database.write(as: .system, superuser: true) { env in
            _ = try env.create(Contact.self, ["name": "a", "code": "C1"])
        }
        do {
            try await scratch.database.write(as: .system, superuser: true) { env in
                _ = try env.create(Contact.self, ["name": "b", "code": "C1"])
            }
            Issue.record("the second code was taken")
        } catch let refusal as Refusal {
            #expect(refusal.code == "record.duplicate")
            #expect(refusal.message == "This code is taken.")
        }
    }

    @Test("ids of a unit that was undone are not given again")
    func idsAreNotGivenTwice() async throws {
        let scratch = try Scratch()
        let seen = Locked<[Int]>([])
        for number in 0..<4 {
            _ = try? await scratch.database.write(as: .system, superuser: true) { env in
                let record = try env.create(Contact.self, ["name": "a"])
                seen.withLock { $0.append(record.id) }
                if number % 2 == 0 { throw Refusal("test.stop", .invalid, "Stop.") }
            }
        }
        #expect(seen.withLock { $0 } == [1, 2, 3, 4])
    }

    @Test("a full disk refuses everybody in the group, and the writer goes on when there is room")
    func fullDisk() async throws {
        var options = SQLiteOptions()
        options.pageLimit = 400
        let scratch = try Scratch(options: options)
        let database = scratch.database
        let bytes = [UInt8](repeating: 7, count: 100_000)
        var codes: [String] = []
        for number in 0..<40 {
            do {
                try await database.system { connection in
                    try connection.run(
                        "INSERT INTO baton_content (digest, size, bytes) VALUES (?, ?, ?)", [.text("d\(number)"), .int(1), .bytes(bytes)])
                }
            } catch let refusal as Refusal { codes.append(refusal.code) }
        }
        #expect(!codes.isEmpty)
        #expect(Set(codes) == ["store.full"])
        try await database.system { try $0.run("DELETE FROM baton_content") }
        try await database.system { try $0.run("INSERT INTO baton_content (digest, size, bytes) VALUES ('again', 1, x'00')") }
        let count = try await database.inspect { try $0.first("SELECT count(*) FROM baton_content", [], .integer) }
        #expect(count == .int(1))
    }

    @Test("on a full disk nobody in a group is told that a unit was kept which was not")
    func fullDiskInGroups() async throws {
        var options = SQLiteOptions()
        options.pageLimit = 600
        let scratch = try Scratch(options: options)
        let database = scratch.database
        let bytes = [UInt8](repeating: 7, count: 30_000)
        let kept = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let sql = "INSERT INTO baton_content (digest, size, bytes) VALUES (?, ?, ?)"
                    let made = try? await database.system { try $0.run(sql, [.text("d\(number)"), .int(number), .bytes(bytes)]) }
                    return made.map { _ in number }
                }
            }
            return await group.reduce(into: Set<Int>()) { if let number = $1 { $0.insert(number) } }
        }
        let stored = try await database.inspect { try $0.query("SELECT size FROM baton_content", [], [.integer]) }
        #expect(kept.count < 200)
        #expect(!kept.isEmpty)
        #expect(Set(stored.compactMap(\.intValue)) == kept)
    }

    @Test("more waiting work than the limit is refused at once")
    func queueIsBounded() async throws {
        var options = SQLiteOptions()
        options.queueLimit = 5
        let scratch = try Scratch(options: options)
        let database = scratch.database
        let gate = Gate()
        async let blocker: Void = database.system { _ in gate.wait() }
        while !gate.isWaiting { await Task.yield() }
        let answers = Locked<[String]>([])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do { try await database.system { _ in } } catch let refusal as Refusal {
                        answers.withLock { $0.append(refusal.code) }
                    } catch {}
                }
            }
            while answers.withLock({ $0.count }) < 15 { await Task.yield() }
            gate.open()
        }
        try await blocker
        #expect(answers.withLock { $0 } == Array(repeating: "store.busy", count: 15))
    }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
    private let state = Locked((waiting: false, open: false))
    var isWaiting: Bool { state.withLock { $0.waiting } }
    func open() { state.withLock { $0.open = true } }
    func wait() {
        state.withLock { $0.waiting = true }
        while !state.withLock({ $0.open }) { usleep(1_000) }
    }
}
