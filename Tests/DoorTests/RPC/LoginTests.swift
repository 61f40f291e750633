import Base
import JSON
import Kernel
import Testing

@Suite struct LoginTests {
    @Test("after five failures a login from an address pauses, the right password included, and longer each time")
    func throttle() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            for _ in 0..<5 {
                #expect(try await world.execute("crm.lead", "search", [[]], password: "wrong")["error"]?["data"]?["debug"] == "login.wrong")
            }
            let paused = try await world.execute("crm.lead", "search", [[]])
            #expect(paused["error"]?["data"]?["debug"] == "login.throttled")
            #expect(paused["error"]?["data"]?["name"] == "odoo.exceptions.AccessDenied")
            #expect(
                paused["error"]?["data"]?["message"]
                    == "Too many login failures, please wait a bit before trying again. Try again in 60 seconds.")
            world.world.clock.advance(seconds: 61)
            #expect(try await world.result("crm.lead", "search", [[]]) == [])
        }
    }

    @Test("what is remembered is not slowed down by somebody who guesses")
    func guesserLocksOutNobody() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            #expect(try await world.result("crm.lead", "search", [[]]) == [])
            for _ in 0..<6 { _ = try await world.execute("crm.lead", "search", [[]], password: "wrong") }
            #expect(try await world.result("crm.lead", "search", [[]]) == [])
        }
    }

    @Test("a changed password ends what was remembered, and so does archiving the user")
    func memoEndsWithThePassword() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let user = try world.makeUser("changing", groups: ["crm.group_user"])
            #expect(try await world.result("crm.lead", "search", [[]], user: user) == [])
            try world.world.act { try $0.record(User.self, user).write(["password": "another password"]) }
            #expect(try await world.error("crm.lead", "search", [[]], user: user)[0] == "odoo.exceptions.AccessDenied")
            let fresh = try await world.execute("crm.lead", "search", [[]], user: user, password: "another password")
            #expect(fresh["result"] == [])
            try world.world.act { try $0.record(User.self, user).write(["active": false]) }
            let gone = try await world.execute("crm.lead", "search", [[]], user: user, password: "another password")
            #expect(gone["error"]?["data"]?["debug"] == "login.wrong")
        }
    }

    @Test("an API key stands in for the password until it is removed or expires")
    func apiKeys() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let key = try await world.result("res.users.apikeys", "generate", ["robot", "2026-03-03 00:00:00"])
            let text = key.stringValue ?? ""
            #expect(text.count == 40)
            #expect(try await world.execute("crm.lead", "search", [[]], password: text)["result"] == [])
            world.world.clock.advance(days: 1)
            #expect(try await world.execute("crm.lead", "search", [[]], password: text)["error"]?["data"]?["debug"] == "login.wrong")
            let second = try await world.result("res.users.apikeys", "generate", ["robot"]).stringValue ?? ""
            #expect(try await world.execute("crm.lead", "search", [[]], password: second)["result"] == [])
            let ids = try await world.result("res.users.apikeys", "search", [[]])
            #expect(try await world.result("res.users.apikeys", "unlink", [ids]) == true)
            #expect(try await world.execute("crm.lead", "search", [[]], password: second)["error"]?["data"]?["debug"] == "login.wrong")
        }
    }

    @Test("the last use of an account and of a key is known, and written at most once in five minutes")
    func lastUse() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            func uses() throws -> [String] {
                try world.world.act { env in
                    try env.search(AccountUse.self, order: "id").map { "\($0.key?.id ?? 0) \($0.usedOn?.description ?? "") \($0.version)" }
                }
            }
            #expect(try await world.result("res.users", "search", [[["login_date", "!=", false]]]) == [2])
            let first = try await world.result("res.users", "read", [[2], ["login_date"]])
            #expect(first == [["id": 2, "login_date": .string(world.world.clock.now.description)]])
            world.world.clock.advance(seconds: 60)
            _ = try await world.result("res.users", "read", [[2], ["login_date"]])
            #expect(try uses().count == 1 && uses()[0].hasSuffix(" 1"))
            let key = try await world.result("res.users.apikeys", "generate", ["robot"]).stringValue ?? ""
            let id = try await world.result("res.users.apikeys", "search", [[]])[0]
            #expect(try await world.result("res.users.apikeys", "search", [[["last_used", "=", false]]])[0] == id)
            world.world.clock.advance(seconds: 300)
            let now = JSON.string(world.world.clock.now.description)
            for _ in 0..<3 {
                let read = try await world.execute("res.users.apikeys", "read", [[id ?? 0], ["last_used"]], password: key)
                #expect(read["result"]?[0]?["last_used"] == now)
            }
            #expect(try await world.result("res.users", "read", [[2], ["login_date"]])[0]?["login_date"] == now)
            #expect(try uses().map { $0.suffix(2) } == [" 2", " 1"])
            let before: JSON = [[["login_date", "<", "2000-01-01"]]]
            #expect(try await world.result("res.users", "search", before) == [])
        }
    }

    @Test("logins and failures stand in the trail, without the password")
    func trail() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            #expect(try await world.call("common", "login", ["baton", "admin", .string(RPCWorld.password)])["result"] == 2)
            _ = try await world.call("common", "login", ["baton", "admin", "a guess"])
            var kinds: [String] = []
            for _ in 0..<100 where !kinds.contains("login_failed") {
                try await Task.sleep(for: .milliseconds(20))
                kinds = try await world.world.database.inspect { connection in
                    try connection.query("SELECT kind FROM baton_audit WHERE kind LIKE 'login%'", [], [.text]).compactMap(\.textValue)
                }
            }
            #expect(kinds.contains("login") && kinds.contains("login_failed"))
        }
    }
}
