import JSON
import Kernel
import Testing

@testable import Scripts

@Suite struct HostTests {
    let pool = ScriptFixture.pool

    private func three() -> ScriptInput {
        var input = ScriptInput()
        input.model = "a"
        input.ids = [1, 2, 3]
        input.columns = ["name": ["kind": "value", "values": ["one", "two", "three"]]]
        input.environment = ["uid": 5, "now": "2026-03-02 09:00:00", "today": "2026-03-02", "context": ["lang": "en_US"], "company": 1]
        return input
    }

    @Test("fields that came along are read without asking, others once for all records")
    func reading() throws {
        let host = ListeningHost { _, given in
            ["kind": "one", "model": "b", "values": .array((given["ids"]?.arrayValue ?? []).map { $0 == 2 ? .null : 9 })]
        }
        #expect(try pool.value("return records.map((r) => r.name)", three(), host: host) == ["one", "two", "three"])
        #expect(host.calls.isEmpty)
        let text = "return records.map((r) => r.partner_id === null ? null : r.partner_id.id)"
        #expect(try pool.value(text, three(), host: host) == [9, nil, 9])
        #expect(host.calls == ["read"])
        #expect(try pool.value("return [record.name, record.id, records.length, String(records)]", three()) == ["one", 1, 3, "a(1, 2, 3)"])
        #expect(try pool.value("return [env.uid, env.today, env.context.lang, env.user.id]", three()) == [5, "2026-03-02", "en_US", 5])
    }

    @Test("what was read is forgotten after a change")
    func forgetting() throws {
        var name = "old"
        let host = ListeningHost { call, given in
            switch call {
            case "write":
                name = given["values"]?["name"]?.stringValue ?? ""
                return true
            default: return ["kind": "value", "values": .array((given["ids"]?.arrayValue ?? []).map { _ in .string(name) })]
            }
        }
        let text = "const before = record.name; record.name = 'new'; records.write({name: record.name + '!'}); return [before, record.name]"
        #expect(try pool.value(text, three(), host: host) == ["one", "new!"])
        #expect(host.calls == ["write", "read", "write", "read"])
    }

    @Test("relations of many records are read together")
    func related() throws {
        let host = ListeningHost { _, given in
            let ids = given["ids"]?.arrayValue ?? []
            if given["model"] == "b" { return ["kind": "value", "values": .array(ids.map { .string("name \($0.text())") })] }
            return ["kind": "one", "model": "b", "values": .array(ids.map { JSON(($0.intValue ?? 0) + 10) })]
        }
        #expect(try pool.value("return records.map((r) => r.partner_id.name)", three(), host: host) == ["name 11", "name 12", "name 13"])
        #expect(host.calls == ["read", "read"])
        #expect(try pool.value("return records.mapped('partner_id').ids", three(), host: host) == [11, 12, 13])
        #expect(try pool.value("return records.filter((r) => r.id !== 2).ids", three(), host: host) == [1, 3])
    }

    @Test("methods are called by their names")
    func methods() throws {
        let host = ListeningHost { call, given in
            call == "read" ? ["kind": "method", "values": [nil]] : given
        }
        let answer = try pool.value("return record.message_post({body: 'Hello'})", three(), host: host)
        #expect(answer == ["model": "a", "ids": [1], "name": "message_post", "given": ["body": "Hello"]])
        #expect(host.calls == ["read", "call"])
    }

    @Test("a field of several records is an error that says how to ask")
    func severalRecords() {
        #expect(
            pool.refusal(
                "const r = env('a').browse([1, 2]); return r.name",
                host: ListeningHost { _, given in
                    ["kind": "value", "values": ["x", "y"]]
                })?.message.contains("asked of 2 records") == true)
    }

    @Test("a refused read can be caught, a refused change cannot")
    func refusals() throws {
        let host = ListeningHost { call, _ in throw Refusal("access.denied", .accessDenied, "You may not \(call).") }
        #expect(
            try pool.value("try { env('a').search() } catch (error) { return [error.code, error.message] }", host: host)
                == ["access.denied", "You may not search."])
        let uncaught = pool.refusal("const a = 1;\nenv('a').search()", host: host)
        #expect(uncaught?.code == "access.denied")
        #expect(uncaught?.kind == .accessDenied)
        #expect(uncaught?.details["line"] == 2)
        #expect(uncaught?.details["script"] == "Test script")
        #expect(pool.refusal("try { env('a').create({}) } catch {}\nreturn 1", host: host)?.code == "access.denied")
    }

    @Test("a failure of the host that is no refusal ends the run as it is")
    func hostFails() {
        struct Broken: Error {}
        let host = ListeningHost { _, _ in throw Broken() }
        #expect(throws: Broken.self) { try pool.value("try { env('a').search() } catch {} return 1", host: host) }
    }
}
