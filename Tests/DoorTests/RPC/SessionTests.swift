import Base
import JSON
import Kernel
import Testing

@Suite struct SessionTests {
    private func post(_ world: RPCWorld, _ path: String, _ params: JSON, cookie: String? = nil) async throws -> (JSON, String) {
        let body: JSON = ["jsonrpc": "2.0", "id": 1, "params": params]
        let headers = cookie.map { ["Cookie": "session_id=" + $0] } ?? [:]
        let answer = try await world.send("POST", path, body.text(), headers: headers)
        return (try JSON.parse(answer.body), answer.headers["set-cookie"] ?? "")
    }

    private func signIn(_ world: RPCWorld, _ login: String = "admin", cookie: String? = nil) async throws -> (id: String, header: String) {
        let (answer, header) = try await post(
            world, "/web/session/authenticate", ["db": "baton", "login": .string(login), "password": .string(RPCWorld.password)],
            cookie: cookie)
        #expect(answer["result"]?["username"] == .string(login))
        return (String(header.dropFirst("session_id=".count).prefix { $0 != ";" }), header)
    }

    private let count: JSON = ["model": "res.partner", "method": "search_count", "args": [[]], "kwargs": [:]]

    @Test("a session signs in, calls, is rotated at the next login, and ends")
    func life() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let (first, header) = try await signIn(world)
            #expect(first.count == 64)
            #expect(header == "session_id=\(first); Max-Age=604800; HttpOnly; Path=/; SameSite=Lax")
            #expect(
                (try await post(world, "/web/dataset/call_kw/res.partner/search_count", count, cookie: first).0)["result"]?.intValue ?? 0
                    > 0)
            let (second, _) = try await signIn(world, cookie: first)
            #expect(second != first)
            let old = try await post(world, "/web/dataset/call_kw", count, cookie: first).0
            #expect(old["error"]?["code"] == 100 && old["error"]?["message"] == "Odoo Session Expired" && old["id"] == .null)
            #expect(old["error"]?["data"]?["name"] == "odoo.http.SessionExpiredException")
            let info = try await post(world, "/web/session/get_session_info", [:], cookie: second).0["result"]
            #expect(info?["uid"] == 2 && info?["db"] == "baton" && info?["is_system"] == true)
            #expect(info?["user_companies"]?["current_company"] == 1)
            #expect(try await post(world, "/web/session/check", [:], cookie: second).0.text() == #"{"jsonrpc":"2.0","id":1}"#)
            #expect(try await post(world, "/web/session/destroy", [:], cookie: second).1.hasPrefix("session_id=; Max-Age=0;"))
            #expect((try await post(world, "/web/session/check", [:], cookie: second).0)["error"]?["code"] == 100)
        }
    }

    @Test("a changed password, an archived user and a week of idleness end a session")
    func ends() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let user = try world.makeUser("leaving", groups: ["base.group_user"])
            var (session, _) = try await signIn(world, "leaving")
            world.world.clock.advance(days: 6)
            #expect((try await post(world, "/web/session/check", [:], cookie: session).0)["error"] == nil)
            world.world.clock.advance(days: 6)
            #expect((try await post(world, "/web/session/check", [:], cookie: session).0)["error"] == nil)
            world.world.clock.advance(days: 8)
            #expect((try await post(world, "/web/session/check", [:], cookie: session).0)["error"]?["code"] == 100)
            (session, _) = try await signIn(world, "leaving")
            let password = RPCWorld.password
            try world.world.act { try $0.record(User.self, user).write(["password": .text(password)]) }
            #expect((try await post(world, "/web/session/check", [:], cookie: session).0)["error"]?["code"] == 100)
            (session, _) = try await signIn(world, "leaving")
            try world.world.act { try $0.record(User.self, user).write(["active": false]) }
            #expect((try await post(world, "/web/dataset/call_kw", count, cookie: session).0)["error"]?["code"] == 100)
        }
    }

    @Test("wrong passwords, other databases, unknown models and forms of other sites are refused")
    func refusals() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let wrong = try await post(world, "/web/session/authenticate", ["db": "baton", "login": "admin", "password": "no"]).0
            #expect(wrong["error"]?["data"]?["name"] == "odoo.exceptions.AccessDenied")
            let (session, _) = try await signIn(world)
            let unknown = try await post(
                world, "/web/dataset/call_kw", ["model": "no.model", "method": "search", "args": [], "kwargs": [:]], cookie: session
            ).0
            #expect(unknown["error"]?["data"]?["name"] == "builtins.KeyError" && unknown["error"]?["data"]?["message"] == "'no.model'")
            let form = try await world.send(
                "POST", "/web/dataset/call_kw", #"{"params":{}}"#, type: "text/plain", headers: ["Cookie": "session_id=" + session])
            #expect(form.status == 415)
            #expect(try await world.send("GET", "/web/webclient/version_info").body.contains(#""server_serie":"19.0""#))
            #expect(try await world.send("GET", "/web/version").status == 200)
        }
    }

    @Test("a button answers an action to follow, or false")
    func buttons() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let id = try await world.result("crm.lead", "create", [["name": "Win me"]])
            let (session, _) = try await signIn(world)
            let won = try await post(
                world, "/web/dataset/call_button", ["model": "crm.lead", "method": "action_set_won", "args": [[id]], "kwargs": [:]],
                cookie: session
            ).0
            #expect(won["result"] == false)
            let again = try await world.execute("crm.lead", "action_set_won", [[id]])
            #expect(again["error"]?["data"]?["debug"] == "action.not_possible")
        }
    }

    @Test("a session that was left alone is refused what needs a fresh proof on Odoo's doors too; a key is not")
    func proof() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let make: JSON = ["model": "res.users.apikeys", "method": "generate", "args": ["robot"], "kwargs": [:]]
            let (session, _) = try await signIn(world)
            #expect((try await post(world, "/web/dataset/call_kw", make, cookie: session).0)["result"]?.stringValue?.count == 40)
            world.world.clock.advance(seconds: 301)
            for path in ["/web/dataset/call_kw", "/web/dataset/call_button"] {
                let refused = try await post(world, path, make, cookie: session).0
                #expect(refused["error"]?["data"]?["debug"] == "login.proof_needed", "\(path)")
                #expect(refused["error"]?["data"]?["name"] == "odoo.exceptions.AccessError", "\(path)")
            }
            #expect(try await world.result("res.users.apikeys", "generate", ["robot"]).stringValue?.count == 40)
        }
    }
}
