import Base
import Crypto
import Foundation
import JSON
import Kernel
import Messaging
import Store
import Testing

@Suite struct InvitationTests {
    /// The link of the newest mail.
    private func link(_ desk: Desk) throws -> String {
        try desk.world.act { env in try env.search(OutgoingMail.self, .all, order: "id desc", limit: 1).first?.link ?? "" }
    }

    private func desk() async throws -> (Desk, boss: String, ann: Int) {
        let desk = try Desk { $0.publicURL = "https://baton.example" }
        let boss = try await desk.person("boss", groups: ["base.group_erp_manager"])
        let ann = try desk.world.makeUser("ann", groups: ["base.group_user"])
        try desk.world.act { env in try env.record(User.self, ann).write(["email": "ann@clinic.example"]) }
        return (desk, boss, ann)
    }

    @Test("whoever is invited sets a password with the link of the mail, once, and signs in")
    func invited() async throws {
        let (desk, boss, ann) = try await desk()
        let sent = try await desk.call("invite", boss, ["id": JSON(ann)])
        #expect(sent.status == 200 && sent.json["email"] == "ann@clinic.example")
        let address = try link(desk)
        #expect(address.hasPrefix("https://baton.example/app/join#"))
        let token = JSON.string(String(address.split(separator: "#")[1]))
        #expect(try await desk.call("join", nil, ["token": token]).json == ["login": "ann", "done": false])
        #expect(try await desk.call("join", nil, ["token": token, "password": "short"]).json["code"] == "password.too_short")
        #expect(try await desk.call("join", nil, ["token": token, "password": "a long pass phrase"]).json["done"] == true)
        #expect(try await desk.call("join", nil, ["token": token, "password": "another pass phrase"]).json["code"] == "invitation.over")
        let verified = try await desk.authenticator.verify(login: "ann", secret: "a long pass phrase", address: "127.0.0.1")
        #expect(verified?.userId == ann)
    }

    @Test("a link holds three days, a newer one ends it, and suspending ends it, too")
    func over() async throws {
        let (desk, boss, ann) = try await desk()
        func token() throws -> JSON { .string(String(try link(desk).split(separator: "#")[1])) }
        _ = try await desk.call("invite", boss, ["id": JSON(ann)])
        let first = try token()
        _ = try await desk.call("invite", boss, ["id": JSON(ann)])
        let second = try token()
        #expect(try await desk.call("join", nil, ["token": first]).json["code"] == "invitation.over")
        #expect(try await desk.call("join", nil, ["token": second]).status == 200)
        try desk.world.act { env in try env.record(User.self, ann).write(["active": false]) }
        #expect(try await desk.call("join", nil, ["token": second]).json["code"] == "invitation.over")
        #expect(try await desk.call("invite", boss, ["id": JSON(ann)]).json["code"] == "invitation.user")
        try desk.world.act { env in try env.record(User.self, ann).write(["active": true]) }
        desk.world.clock.advance(seconds: Invitations.seconds)
        #expect(try await desk.call("join", nil, ["token": second]).json["code"] == "invitation.over")
        for wrong in ["", "x", String(repeating: "0", count: 64)] {
            #expect(try await desk.call("join", nil, ["token": .string(wrong)]).json["code"] == "invitation.over")
        }
    }

    @Test("only those who look after access invite; without an address nobody is; a page of another site sets no password")
    func refused() async throws {
        let (desk, boss, ann) = try await desk()
        let eve = try await desk.person("eve", groups: ["base.group_user"])
        #expect(try await desk.call("invite", eve, ["id": JSON(ann)]).json["code"] == "access.denied")
        #expect(try await desk.call("invite", nil, ["id": JSON(ann)]).status == 401)
        try desk.world.act { env in try env.record(User.self, ann).write(["email": ""]) }
        #expect(try await desk.call("invite", boss, ["id": JSON(ann)]).json["code"] == "invitation.no_address")
        let foreign = try await desk.ask(
            .post, "/app/api/join", headers: ["Origin": "https://evil.example", "Host": "baton.example"], body: ["token": "x"])
        #expect(foreign.status == 403)
    }

    @Test("the secret stands neither in the trail nor in the mail that people read")
    func secret() async throws {
        let (desk, boss, ann) = try await desk()
        _ = try await desk.call("invite", boss, ["id": JSON(ann)])
        let secret = String(try link(desk).split(separator: "#")[1])
        let lines = try await desk.world.database.auditLines(AuditQuery())
        #expect(!lines.contains { $0.detail.contains(secret) })
        #expect(lines.contains { $0.detail.contains("\"invitation\":\"sent\"") && $0.ids == [ann] })
        let body = try desk.world.act { env in try env.search(OutgoingMail.self, .all, order: "id desc", limit: 1).first?.body ?? "" }
        #expect(body.contains("{one-time-link}") && !body.contains(secret))
        let root = try await desk.person("root", groups: ["base.group_system"])
        let shown = try await desk.ask(
            .post, "/app/api/search", root, body: ["model": "mail.mail", "fields": ["subject", "body_html", "one_time_link"]])
        #expect(shown.status == 200 && !String(decoding: shown.bytes, as: UTF8.self).contains(secret))
    }

    @Test("suspending ends all sessions at once, and letting in again gives the rights back; nobody suspends themselves")
    func suspend() async throws {
        let (desk, boss, _) = try await desk()
        let eve = try await desk.person("eve", groups: ["base.group_user"])
        let ids = try ["eve", "boss"].map { try desk.world.user($0).id }
        let suspend: JSON = ["model": "res.users", "id": JSON(ids[0]), "name": "action_suspend"]
        #expect(try await desk.call("action", eve, suspend).status == 403)
        #expect(try await desk.call("action", boss, suspend).status == 200)
        #expect(try await desk.call("search", eve, ["model": "res.partner"]).status == 401)
        let basic = "Basic " + Base64.standard.encode(Array("eve:\(Desk.password)".utf8))
        func byPassword() async throws -> Int {
            try await desk.ask(.post, "/app/api/view", headers: ["Authorization": basic], body: ["model": "res.partner"]).status
        }
        #expect(try await byPassword() == 401)
        #expect(try await desk.call("action", boss, ["model": "res.users", "id": JSON(ids[1]), "name": "action_suspend"]).status >= 400)
        #expect(try await desk.call("action", boss, ["model": "res.users", "id": JSON(ids[0]), "name": "action_resume"]).status == 200)
        #expect(try await byPassword() == 200)
    }
}
