import CRM
import JSON
import Kernel
import Store
import Testing

@Suite struct TransferTests {
    @Test("what is printed or exported stands in the trail, and nobody tells of records that they may not read")
    func handedOver() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let eve = try await desk.person("eve", groups: ["base.group_user"])
        let lead = try desk.world.act { try $0.create(Lead.self, ["name": "Pump"]).id }
        let body: JSON = ["model": "crm.lead", "ids": [JSON(lead)], "form": "print"]
        #expect(try await desk.call("handed_over", ann, body).json == true)
        #expect(try await desk.call("handed_over", eve, body).status == 403)
        #expect(try await desk.call("handed_over", nil, body).status == 401)
        #expect(
            try await desk.call("handed_over", ann, ["model": "crm.lead", "ids": [1], "form": "fax"]).json["code"] == "client.bad_call")
        let lines = try await desk.world.database.auditLines(AuditQuery()).filter { $0.kind == "export" }
        #expect(lines.count == 1 && lines[0].ids == [lead] && lines[0].detail.contains("\"format\":\"print\""))
    }

    @Test("an import in parts is taken back as a whole for a day, but for what others changed since")
    func takenBack() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let eve = try await desk.person("eve", groups: ["crm.group_user"])
        func part(_ names: [JSON], _ batch: JSON?) async throws -> JSON {
            var body: JSONObject = ["model": "crm.lead", "fields": ["name"], "rows": .array(names.map { [$0] })]
            body["batch"] = batch
            return try await desk.call("import", ann, .object(body)).json
        }
        let first = try await part(["One", "Two"], nil)
        let batch = try #require(first["batch"])
        #expect(try await part(["Three"], batch)["batch"] == batch)
        let other = first["ids"]?[0] ?? .null
        _ = try await desk.call("save", eve, ["model": "crm.lead", "id": other, "values": ["name": "One more"]])
        func back(_ session: String) async throws -> JSON {
            try await desk.call("method", session, ["model": "workspace.import", "name": "take_back", "ids": [batch]]).json
        }
        #expect(try await back(eve)["code"] == "access.rule")
        #expect(try await back(ann) == ["deleted": 2, "left": 1])
        #expect(try await back(ann)["code"] == "import.over")
        #expect(try desk.world.act { try $0.count(Lead.self, .where("name", .in, ["Two", "Three"])) } == 0)
    }

    @Test("after a day an import stays, and nobody adds to another one's")
    func over() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let eve = try await desk.person("eve", groups: ["crm.group_user"])
        let rows: JSON = ["model": "crm.lead", "fields": ["name"], "rows": [["One"]]]
        let batch = try await desk.call("import", ann, rows).json["batch"] ?? .null
        let foreign = try await desk.call("import", eve, ["model": "crm.lead", "fields": ["name"], "rows": [["Two"]], "batch": batch])
        #expect(foreign.json["code"] == "import.not_yours")
        desk.world.clock.advance(seconds: 86_401)
        let late = try await desk.call("method", ann, ["model": "workspace.import", "name": "take_back", "ids": [batch]])
        #expect(late.json["code"] == "import.over")
    }
}
