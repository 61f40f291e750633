import Base
import Crypto
import JSON
import Kernel
import Store
import Testing

/// Signing in with a code from a phone, and what a password alone is still good for.
@Suite struct SecondFactorTests {
    private func enter(_ world: RPCWorld, _ login: String, _ code: String? = nil, password: String = RPCWorld.password) async throws -> JSON
    {
        var params: JSONObject = ["db": "baton", "login": .string(login), "password": .string(password)]
        if let code { params["totp"] = .string(code) }
        let body: JSON = ["jsonrpc": "2.0", "id": 1, "params": .object(params)]
        return try JSON.parse(try await world.send("POST", "/web/session/authenticate", body.text()).body)
    }

    private func code(of answer: JSON) -> String? { answer["error"]?["data"]?["code"]?.stringValue }

    /// What the phone shows now, or some steps later.
    private func phone(_ key: String, _ world: RPCWorld, _ later: Int = 0) throws -> String {
        let bytes = try #require(Base32.decode(key))
        return OneTimePassword(key: bytes).code(step: OneTimePassword.step(at: world.world.clock.now.seconds) + later)
    }

    /// Makes a user with a second factor; the key and the recovery codes.
    private func enrolled(_ world: RPCWorld, _ login: String) throws -> (id: Int, key: String, codes: [String]) {
        let id = try world.makeUser(login, groups: ["base.group_user", "crm.group_user"])
        let key = try world.world.act(as: login) { try OwnSecondFactor($0).begin()["key"]?.textValue ?? "" }
        let shown = try phone(key, world)
        let codes = try world.world.act(as: login) { try OwnSecondFactor($0).confirm(shown, session: "")["codes"]?.listValue ?? [] }
        return (id, key, codes.compactMap(\.textValue))
    }

    @Test("a password alone does not open a session, a code opens one, and the same code no second")
    func life() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let (_, key, codes) = try enrolled(world, "ann")
            #expect(codes.count == 10 && Set(codes).count == 10)
            #expect(code(of: try await enter(world, "ann")) == "login.totp_required")
            #expect(code(of: try await enter(world, "ann", "000000")) == "login.totp_wrong")
            // The code that confirmed the enrolment is used up.
            #expect(code(of: try await enter(world, "ann", try phone(key, world))) == "login.totp_wrong")
            world.world.clock.advance(seconds: 60)
            let shown = try phone(key, world)
            #expect(try await enter(world, "ann", shown)["result"]?["username"] == "ann")
            #expect(code(of: try await enter(world, "ann", shown)) == "login.totp_wrong")
            #expect(code(of: try await enter(world, "ann", try phone(key, world, 1), password: "wrong")) == "login.wrong")
            #expect(try await enter(world, "ann", try phone(key, world, 1))["result"]?["username"] == "ann")
        }
    }

    @Test("what was verified before the second factor is not remembered after it, on no node")
    func memoEnds() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let id = try world.makeUser("ann", groups: ["base.group_user", "crm.group_user"])
            #expect(try await world.result("crm.lead", "search", [[]], user: id) == [])
            let key = try world.world.act(as: "ann") { try OwnSecondFactor($0).begin()["key"]?.textValue ?? "" }
            // A key that nobody has shown a code of asks for nothing.
            #expect(try await world.result("crm.lead", "search", [[]], user: id) == [])
            let shown = try phone(key, world)
            _ = try world.world.act(as: "ann") { try OwnSecondFactor($0).confirm(shown, session: "") }
            let refused = try await world.execute("crm.lead", "search", [[]], user: id)
            #expect(refused["error"]?["data"]?["debug"] == "login.key_required")
        }
    }

    @Test("programs are told to use a key in place of the password, and the key works")
    func programs() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let (id, _, _) = try enrolled(world, "ann")
            let refused = try await world.execute("crm.lead", "search", [[]], user: id)
            #expect(refused["error"]?["data"]?["debug"] == "login.key_required")
            #expect(refused["error"]?["data"]?["message"]?.stringValue?.contains("API key") == true)
            #expect(
                try await world.execute("crm.lead", "search", [[]], user: id, password: "wrong")["error"]?["data"]?["debug"]
                    == "login.wrong")
            let text = try world.world.act(as: "ann") { env in
                let method = try env.registry.requireModel("res.users.apikeys").method("generate")
                return try method?.body(Records(env.registry.requireModel("res.users.apikeys"), [], env), ["name": "robot"]).textValue ?? ""
            }
            #expect(try await world.execute("crm.lead", "search", [[]], user: id, password: text)["result"] == [])
        }
    }

    @Test("each recovery code works once")
    func recovery() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let (_, _, codes) = try enrolled(world, "ann")
            let typed = codes[3].uppercased().replacing("-", with: " ")
            #expect(try await enter(world, "ann", typed)["result"]?["username"] == "ann")
            #expect(code(of: try await enter(world, "ann", codes[3])) == "login.totp_wrong")
            #expect(try await enter(world, "ann", codes[4])["result"]?["username"] == "ann")
            let left = try world.world.act(as: "ann") { try OwnSecondFactor($0).state()["codes"]?.intValue }
            #expect(left == 8)
        }
    }

    @Test("whoever guesses codes with the right password is slowed down like whoever guesses passwords")
    func throttled() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let (_, key, _) = try enrolled(world, "ann")
            world.world.clock.advance(seconds: 60)
            for _ in 0..<5 {
                // The password alone in between does not end the count.
                #expect(code(of: try await enter(world, "ann")) == "login.totp_required")
                #expect(code(of: try await enter(world, "ann", "123")) == "login.totp_wrong")
            }
            #expect(code(of: try await enter(world, "ann", try phone(key, world))) == "login.throttled")
            world.world.clock.advance(seconds: 61)
            #expect(try await enter(world, "ann", try phone(key, world))["result"]?["username"] == "ann")
        }
    }

    @Test("a group may ask for it: its members set it up on the way in, cannot take it away, and programs need a key")
    func required() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let id = try world.makeUser("bob", groups: ["base.group_user", "crm.group_user"])
            try world.world.act { env in
                let group = try Reference.require("crm.group_user", env)
                try env.record(Group.self, group).write(["totp_required": true])
            }
            let asked = try await enter(world, "bob")
            #expect(code(of: asked) == "login.totp_enrolment")
            let key = asked["error"]?["data"]?["context"]?["key"]?.stringValue ?? ""
            #expect(
                asked["error"]?["data"]?["context"]?["address"]?.stringValue?.hasPrefix("otpauth://totp/Baton:bob?secret=\(key)") == true)
            #expect(try await enter(world, "bob")["error"]?["data"]?["context"]?["key"]?.stringValue == key)
            #expect(code(of: try await enter(world, "bob", "000000")) == "login.totp_wrong")
            #expect(code(of: try await enter(world, "bob", password: "wrong")) == "login.wrong")
            #expect(try await world.execute("crm.lead", "search", [[]], user: id)["error"]?["data"]?["debug"] == "login.key_required")
            let entered = try await enter(world, "bob", try phone(key, world))
            #expect(entered["result"]?["username"] == "bob" && entered["result"]?["totp_recovery_codes"]?.arrayValue?.count == 10)
            #expect(throws: Refusal.self) {
                try world.world.act(as: "bob") { try OwnSecondFactor($0).disable(session: "") }
            }
        }
    }

    @Test("an administrator resets it for others, with a line in the trail; nobody else does, and nobody by an ordinary write")
    func reset() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let (id, _, _) = try enrolled(world, "ann")
            let other = try world.makeUser("eve", groups: ["base.group_user", "crm.group_user"])
            let users: JSON = .array([JSON(id)])
            #expect(try await world.execute("res.users", "action_totp_disable", [users], user: other)["error"] != nil)
            for (field, value) in [("totp_changed", JSON.bool(false)), ("totp_secret", "x")] {
                #expect(try await world.execute("res.users", "write", [users, [field: value]])["error"] != nil, "\(field)")
            }
            for model in ["base.totp", "base.totp.code"] {
                #expect(try await world.execute(model, "search", [[]])["error"] != nil, "\(model)")
            }
            #expect(try await world.result("res.users", "read", [users, ["totp_enabled"]])[0]?["totp_enabled"] == true)
            #expect(try await world.result("res.users", "search_count", [[["totp_enabled", "=", true]]]) == 1)
            _ = try await world.result("res.users", "action_totp_disable", [users])
            #expect(try await enter(world, "ann")["result"]?["username"] == "ann")
            let details = try world.world.database.inspectBlocking { connection in
                try connection.query("SELECT detail FROM baton_audit", [], [.text])
            }.compactMap(\.textValue)
            #expect(details.contains { $0.contains("reset by an administrator") })
        }
    }

    @Test("neither the key nor a recovery code stands in the database as it is")
    func sealed() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let (id, key, codes) = try enrolled(world, "ann")
            let stored = try world.world.act { env in
                let factor = try env.search(SecondFactor.self, .where("user_id", .equal, .int(id)))
                let digests = try env.search(RecoveryCode.self, .where("user_id", .equal, .int(id))).map(\.digest)
                return (factor.first?.key ?? "", digests)
            }
            #expect(!stored.0.isEmpty && !stored.0.contains(key) && KeyRing.isSealed(stored.0))
            #expect(stored.1.count == 10 && Set(stored.1).isDisjoint(with: codes))
        }
    }
}
