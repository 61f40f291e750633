import Base
import CRM
import JSON
import Kernel
import Store
import Testing

@Suite struct SeeingTests {
    private func administrator(_ desk: Desk, groups: [String] = ["crm.group_manager"]) async throws -> String {
        try await desk.person("root", groups: ["base.group_system"] + groups)
    }

    @Test("an administrator sees what somebody else would see, is told so, and sees as themselves again")
    func seeing() async throws {
        let desk = try Desk()
        let root = try await administrator(desk)
        _ = try await desk.person("ann", groups: ["crm.group_user"])
        let ann = try desk.world.user("ann").id
        let begun = try await desk.call("view_as", root, ["user": JSON(ann)])
        #expect(begun.status == 200 && begun.json["until"]?.stringValue == "2026-03-02 09:15:00")
        let start = try await desk.call("start", root).json
        #expect(start["user"]?["login"] == "ann" && start["user"]?["admin"] == false)
        #expect(start["seen_by"]?["name"]?.stringValue == (try desk.world.user("root").name))
        // What only the administrator may read is not there.
        #expect(try await desk.call("search", root, ["model": "ir.config_parameter", "limit": 1]).status == 403)
        #expect(try await desk.call("view_as", root).json == false)
        let again = try await desk.call("start", root).json
        #expect(again["user"]?["login"] == "root" && again["seen_by"] == nil)
    }

    @Test("nothing can be changed while one sees as somebody else, by no call of any door")
    func readOnly() async throws {
        let desk = try Desk()
        let root = try await administrator(desk)
        _ = try await desk.person("ann", groups: ["crm.group_user"])
        let ann = try desk.world.user("ann").id
        let lead = try desk.world.act { try $0.create(Lead.self, ["name": "Pump"]).id }
        _ = try await desk.call("view_as", root, ["user": JSON(ann)])
        #expect(try await desk.call("record", root, ["model": "crm.lead", "id": JSON(lead)]).status == 200)
        let calls: [(String, JSON)] = [
            ("save", ["model": "crm.lead", "id": JSON(lead), "values": ["name": "Other"]]),
            ("save", ["model": "crm.lead", "values": ["name": "New"]]), ("delete", ["model": "crm.lead", "ids": [JSON(lead)]]),
            ("bulk", ["model": "crm.lead", "changes": [["id": JSON(lead), "values": ["name": "Other"]]]]),
            ("action", ["model": "crm.lead", "id": JSON(lead), "name": "action_won"]),
            ("method", ["model": "res.users.apikeys", "name": "generate", "arguments": ["name": "thief"]]),
            ("import", ["model": "crm.lead", "fields": ["name"], "rows": [["x"]]]), ("audit", [:]),
            ("invite", ["id": JSON(ann)]), ("view_as", ["user": JSON(ann)]),
        ]
        for (name, body) in calls {
            let answer = try await desk.call(name, root, body)
            #expect(answer.status == 403 && answer.json["code"] == "view_as.read_only", "\(name): \(answer)")
        }
        #expect(try desk.world.act { env in try env.record(Lead.self, lead).records.value("name").textValue } == "Pump")
        #expect(try desk.world.act { try $0.count(Lead.self, .where("name", .in, ["New", "x"])) } == 0)
    }

    @Test("it ends by itself after a quarter of an hour, and at once when the other one is suspended")
    func ending() async throws {
        let desk = try Desk()
        let root = try await administrator(desk)
        _ = try await desk.person("ann", groups: ["crm.group_user"])
        let ann = try desk.world.user("ann").id
        _ = try await desk.call("view_as", root, ["user": JSON(ann)])
        desk.world.clock.advance(seconds: 899)
        #expect(try await desk.call("start", root).json["user"]?["login"] == "ann")
        desk.world.clock.advance(seconds: 1)
        #expect(try await desk.call("start", root).json["user"]?["login"] == "root")
        _ = try await desk.call("view_as", root, ["user": JSON(ann)])
        try desk.world.act { env in try env.record(User.self, ann).write(["active": false]) }
        #expect(try await desk.call("start", root).json["user"]?["login"] == "root")
        #expect(try await desk.call("view_as", root, ["user": JSON(ann)]).json["code"] == "view_as.nobody")
    }

    @Test("nobody gains rights by it: not who is no administrator, and not over people who may read more")
    func noGain() async throws {
        let desk = try Desk()
        let root = try await administrator(desk, groups: [])
        let boss = try await desk.person("boss", groups: ["base.group_erp_manager"])
        _ = try await desk.person("ann", groups: ["crm.group_user"])
        _ = try await desk.person("nurse", groups: ["referrals.group_user"])
        _ = try await desk.person("far", groups: ["base.group_user"])
        let ids = try ["ann", "nurse", "far", "root"].map { try desk.world.user($0).id }
        try desk.world.act { env in
            let other = try env.create(Company.self, ["name": "Elsewhere"]).id
            try env.record(User.self, ids[2]).write(["company_ids": [[4, .int(other)]]])
        }
        #expect(try await desk.call("view_as", boss, ["user": JSON(ids[0])]).json["code"] == "view_as.not_yours")
        for id in ids[0...2] {
            let refused = try await desk.call("view_as", root, ["user": JSON(id)])
            #expect(refused.status == 403 && refused.json["code"] == "view_as.more_rights", "\(refused)")
        }
        for id in [ids[3], 1, 99_999] {
            #expect(try await desk.call("view_as", root, ["user": JSON(id)]).json["code"] == "view_as.nobody")
        }
        #expect(try await desk.call("view_as", nil, ["user": JSON(ids[0])]).status == 401)
    }

    @Test("rights that come while one looks do not open what the administrator may not read")
    func laterRights() async throws {
        let desk = try Desk()
        let root = try await administrator(desk, groups: [])
        _ = try await desk.person("eve", groups: ["base.group_user"])
        let eve = try desk.world.user("eve").id
        _ = try await desk.call("view_as", root, ["user": JSON(eve)])
        try desk.world.act { env in
            let group = try Reference.require("crm.group_user", env)
            try env.record(User.self, eve).write(["group_ids": [[4, .int(group)]]])
            try env.create(Lead.self, ["name": "Pump"])
        }
        #expect(try await desk.call("search", root, ["model": "crm.lead"]).status == 403)
    }

    @Test("the trail says who looked, as whom, at what, from when to when")
    func trail() async throws {
        let desk = try Desk(demo: false)
        let root = try await administrator(desk, groups: ["referrals.group_manager"])
        _ = try await desk.person("ann", groups: ["referrals.group_user"])
        let (ann, own) = (try desk.world.user("ann").id, try desk.world.user("root").id)
        let patient = try desk.world.act { env in
            try env.create(env.registry.requireModel("care.patient"), [["family_name": "Testbrook", "given_name": "Samuel"]]).ids[0]
        }
        _ = try await desk.call("view_as", root, ["user": JSON(ann)])
        #expect(try await desk.call("record", root, ["model": "care.patient", "id": JSON(patient)]).status == 200)
        _ = try await desk.call("view_as", root)
        let lines = try await desk.world.database.auditLines(AuditQuery())
        let begun = try #require(lines.last { $0.detail.contains("view_as.begin") })
        #expect(begun.userId == own && begun.ids == [ann])
        #expect(lines.contains { $0.detail.contains("view_as.end") && $0.userId == own })
        let read = try #require(lines.first { $0.model == "care.patient" && $0.kind == "read" && !$0.detail.contains("\"call\"") })
        #expect(read.userId == own && read.detail.contains("\"seen_as\":\(ann)"))
        #expect(lines.contains { $0.detail.contains("\"call\":\"record\"") && $0.userId == own && $0.ids == [patient] })
        #expect(!lines.contains { $0.userId == ann && $0.kind == "read" })
    }
}
