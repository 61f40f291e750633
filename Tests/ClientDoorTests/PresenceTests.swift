import Base
import CRM
import Foundation
import HTTPServer
import JSON
import Kernel
import Testing

@Suite struct PresenceTests {
    /// What a stream says within its time.
    private func read(_ response: HTTPResponse, until word: String = "never") async throws -> String {
        guard case .stream(let stream) = response.body else { return "" }
        var text = ""
        while !text.contains(word), let piece = try await stream.next() { text += String(decoding: piece, as: UTF8.self) }
        return text
    }

    private func lead(_ desk: Desk, elsewhere: Bool = false) throws -> Int {
        try desk.world.act { env in
            var values: ValueMap = ["name": "Pump"]
            if elsewhere {
                values["company_id"] = .int(try env.create(try env.registry.requireModel("res.company"), [["name": "Elsewhere"]]).ids[0])
            }
            return try env.create(Lead.self, values).id
        }
    }

    @Test("others who may read a record see who has it open, until that page says otherwise or falls silent; oneself is left out")
    func seen() async throws {
        let desk = try Desk { $0.streamSeconds = 0.5 }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let bob = try await desk.person("bob", groups: ["crm.group_user"])
        let id = try lead(desk)
        let body: JSON = ["model": "crm.lead", "id": JSON(id), "page": "tab-1"]
        #expect(try await desk.call("presence", bob, body).json == true)
        let stream = try await desk.ask(.get, "/app/api/events?models=crm.lead", ann)
        let user = try desk.world.user("bob").id
        #expect(try await read(stream, until: "presence").contains("{\"crm.lead\":[[\(id),\(user),\"bob\"]]}"))
        #expect(!(try await read(desk.ask(.get, "/app/api/events?models=crm.lead", bob))).contains("event: presence"))
        #expect(!(try await read(desk.ask(.get, "/app/api/events?models=res.partner", ann))).contains("event: presence"))
        _ = try await desk.call("presence", bob, ["page": "tab-1"])
        #expect(!(try await read(desk.ask(.get, "/app/api/events?models=crm.lead", ann))).contains("event: presence"))
        _ = try await desk.call("presence", bob, body)
        desk.world.clock.advance(seconds: 60)
        #expect(!(try await read(desk.ask(.get, "/app/api/events?models=crm.lead", ann))).contains("event: presence"))
    }

    @Test("nobody is seen at a record by those who may not read it, nor can say to be at one out of reach")
    func outOfReach() async throws {
        let desk = try Desk { $0.streamSeconds = 0.4 }
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let id = try lead(desk, elsewhere: true)
        let refused = try await desk.call("presence", ann, ["model": "crm.lead", "id": JSON(id), "page": "p"])
        #expect(refused.status == 403 || refused.status == 404)
        #expect(try await desk.call("presence", nil, ["model": "crm.lead", "id": JSON(id), "page": "p"]).status == 401)
        #expect(try await desk.call("presence", ann, ["model": "crm.lead", "id": 1]).json["code"] == "client.bad_call")
        // Somebody who may read it has it open; who may not hears nothing.
        let all = try await desk.session("admin", setting: Desk.password)
        try desk.world.act { env in
            let company = env.record(Lead.self, id).records
            let other = try company.value("company_id").intValue ?? 0
            try env.record(User.self, 2).write(["company_ids": [[4, .int(other)]]])
        }
        let context: JSON = ["model": "crm.lead", "id": JSON(id), "page": "q"]
        #expect(try await desk.call("presence", all, context).json == true)
        #expect(!(try await read(desk.ask(.get, "/app/api/events?models=crm.lead", ann))).contains(",2,"))
    }

    @Test("being at a record leaves no line in the trail")
    func noTrace() async throws {
        let desk = try Desk(demo: true)
        let ada = try await desk.session("coordinator")
        let found = try await desk.call("search", ada, ["model": "care.referral", "limit": 1, "fields": ["id"]]).json
        let id = found["rows"]?[0]?["id"]?.intValue ?? 0
        func lines() throws -> Int? {
            try desk.world.database.inspectBlocking { try $0.query("SELECT count(*) FROM baton_audit", [], [.integer]) }.first?.intValue
        }
        let before = try lines()
        #expect(try await desk.call("presence", ada, ["model": "care.referral", "id": JSON(id), "page": "p"]).json == true)
        _ = try await read(try await desk.ask(.get, "/app/api/events?models=care.referral", ada), until: "hello")
        #expect(try lines() == before)
    }
}
