import Base
import Crypto
import HTTPServer
import JSON
import Kernel
import Store
import Testing

@Suite struct ProofTests {
    /// Ann with a second factor of hers, for an administrator to reset; and a session of the administrator's that began ten minutes ago.
    private func scene(_ desk: Desk) async throws -> (administrator: String, reset: JSON) {
        let ann = try desk.world.makeUser("ann", groups: ["base.group_user"])
        _ = try enrol(desk, "ann")
        let session = try await desk.person("root", groups: ["base.group_erp_manager"])
        desk.world.clock.advance(seconds: 600)
        return (session, ["model": "res.users", "id": JSON(ann), "name": "action_totp_disable"])
    }

    /// Sets up a second factor; its key.
    private func enrol(_ desk: Desk, _ login: String) throws -> [UInt8] {
        let key = try desk.world.act(as: login) { try OwnSecondFactor($0).begin()["key"]?.textValue ?? "" }
        let bytes = try #require(Base32.decode(key))
        let code = phone(desk, bytes)
        _ = try desk.world.act(as: login) { try OwnSecondFactor($0).confirm(code, session: "") }
        return bytes
    }

    private func phone(_ desk: Desk, _ key: [UInt8]) -> String {
        OneTimePassword(key: key).code(step: OneTimePassword.step(at: desk.world.clock.now.seconds))
    }

    private func trail(_ desk: Desk) throws -> String {
        try desk.world.database.inspectBlocking { connection in
            try connection.first("SELECT group_concat(detail, ' ') FROM baton_audit", [], .text)?.textValue ?? ""
        }
    }

    @Test("a session that was left alone is asked for the password before it resets a second factor, and only its own counts")
    func password() async throws {
        let desk = try Desk()
        let (own, reset) = try await scene(desk)
        let refused = try await desk.call("action", own, reset)
        #expect(refused.status == 403 && refused.json["code"] == "login.proof_needed")
        #expect(refused.json["details"] == ["means": "password", "minutes": 5])
        let wrong = try await desk.call("prove", own, ["password": "wrong"])
        #expect(wrong.status == 403 && wrong.json["code"] == "login.wrong_password")
        #expect(try await desk.call("prove", own, [:]).json["code"] == "login.wrong_password")
        // What somebody shows in another browser says nothing of this one.
        let elsewhere = try await desk.again("root")
        #expect(try await desk.call("prove", elsewhere, ["password": .string(Desk.password)]).status == 200)
        #expect(try await desk.call("action", own, reset).json["code"] == "login.proof_needed")
        #expect(try await desk.call("prove", own, ["password": .string(Desk.password)]).json["until"] != nil)
        #expect(try await desk.call("action", own, reset).status == 200)
        let lines = try trail(desk)
        #expect(lines.contains(#""proof":"password""#) && !lines.contains(Desk.password))
    }

    @Test("whoever has a second factor shows a code, which is taken once; their password does not do")
    func code() async throws {
        let desk = try Desk()
        let (_, reset) = try await scene(desk)
        let own = try await desk.again("root")
        let key = try enrol(desk, "root")
        // Setting it up ended the sessions that began without it.
        #expect(try await desk.call("action", own, reset).status == 401)
        desk.world.clock.advance(seconds: 360)
        let entered = try await desk.authenticator.signIn(
            login: "root", secret: Desk.password, code: phone(desk, key), address: "127.0.0.1")
        let fresh = try await desk.authenticator.begin(try #require(entered).verified, ending: nil, address: "127.0.0.1")
        desk.world.clock.advance(seconds: 301)
        let refused = try await desk.call("action", fresh, reset)
        #expect(refused.json["code"] == "login.proof_needed" && refused.json["details"]?["means"] == "code")
        #expect(try await desk.call("prove", fresh, ["password": .string(Desk.password)]).json["code"] == "login.proof_code")
        #expect(try await desk.call("prove", fresh, ["code": "000000"]).json["code"] == "totp.wrong")
        let shown = JSON.string(phone(desk, key))
        #expect(try await desk.call("prove", fresh, ["code": shown]).status == 200)
        #expect(try await desk.call("prove", fresh, ["code": shown]).json["code"] == "totp.wrong")
        #expect(try await desk.call("action", fresh, reset).status == 200)
    }

    @Test(
        "a session that was left alone sets nobody's password and puts nobody into a group",
        arguments: [
            ("res.users", "password", JSON.string("another long pass-phrase")), ("res.users", "group_ids", [[5]]),
            ("res.groups", "user_ids", [[5]]), ("res.groups", "implied_ids", [[5]]),
        ] as [(String, String, JSON)])
    func rights(_ model: String, _ field: String, _ value: JSON) async throws {
        let desk = try Desk()
        let (own, reset) = try await scene(desk)
        let group = try desk.world.act(as: "root") { try Reference.find("base.group_user", $0) }
        let id = model == "res.users" ? try #require(reset["id"]) : JSON(try #require(group))
        let save: JSON = ["model": .string(model), "id": id, "values": [field: value]]
        let refused = try await desk.call("save", own, save)
        #expect(refused.status == 403 && refused.json["code"] == "login.proof_needed")
        #expect(try await desk.call("prove", own, ["password": .string(Desk.password)]).status == 200)
        #expect(try await desk.call("save", own, save).json["code"] != "login.proof_needed")
    }

    @Test("how long a proof holds is a parameter of the whole place, and at most a working day")
    func minutes() async throws {
        let desk = try Desk()
        let (own, reset) = try await scene(desk)
        func set(_ minutes: Value) throws {
            try desk.world.act { env in
                let found = try env.search(Parameter.self, .where("key", .equal, .text(FreshProof.parameter)))
                if found.ids.isEmpty {
                    _ = try env.create(Parameter.self, ["key": .text(FreshProof.parameter), "value": minutes])
                } else {
                    try found.write(["value": minutes])
                }
            }
        }
        try set("9")
        #expect(try await desk.call("action", own, reset).json["details"]?["minutes"] == 9)
        try set("100000")
        desk.world.clock.advance(seconds: 481 * 60)
        #expect(try await desk.call("action", own, reset).json["details"]?["minutes"] == 480)
        try set("0")
        #expect(try await desk.call("prove", own, ["password": .string(Desk.password)]).status == 200)
        #expect(try await desk.call("action", own, reset).status == 200)
    }

    @Test("whoever guesses at a session is slowed down like whoever guesses at the door")
    func throttled() async throws {
        let desk = try Desk()
        let (own, _) = try await scene(desk)
        for _ in 0..<5 { #expect(try await desk.call("prove", own, ["password": "guess"]).json["code"] == "login.wrong_password") }
        #expect(try await desk.call("prove", own, ["password": .string(Desk.password)]).json["code"] == "login.throttled")
    }

    @Test("a program with a key is not asked, cannot prove anything, and a session takes no key along without a proof")
    func programs() async throws {
        let desk = try Desk()
        let (own, reset) = try await scene(desk)
        let make: JSON = ["model": "res.users.apikeys", "name": "generate", "arguments": ["name": "robot"]]
        #expect(try await desk.call("method", own, make).json["code"] == "login.proof_needed")
        #expect(try await desk.call("prove", own, ["password": .string(Desk.password)]).status == 200)
        let key = try #require(try await desk.call("method", own, make).json.stringValue)
        let bearer: HTTPHeaders = ["Authorization": "Bearer " + key]
        let proving = try await desk.ask(.post, "/app/api/prove", headers: bearer, body: ["password": .string(Desk.password)])
        #expect(try JSON.parse(proving.bytes)["code"] == "login.proof_browser")
        desk.world.clock.advance(seconds: 600)
        #expect(try await desk.ask(.post, "/app/api/action", headers: bearer, body: reset).status == 200)
        #expect(try await desk.call("prove", nil, ["password": .string(Desk.password)]).status == 401)
        // A session that began with a key instead of the password has shown nothing yet.
        let entered = try await desk.authenticator.signIn(login: "root", secret: key, code: "", address: "127.0.0.1")
        let byKey = try await desk.authenticator.begin(try #require(entered).verified, ending: nil, address: "127.0.0.1")
        #expect(try await desk.call("method", byKey, make).json["code"] == "login.proof_needed")
    }
}
