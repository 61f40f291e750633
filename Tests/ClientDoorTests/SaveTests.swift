import Base
import CRM
import JSON
import Kernel
import Testing

@Suite struct SaveTests {
    @Test("a save whose answer was lost is done once, however often it is sent, and its key counts for nobody and nothing else")
    func once() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let bob = try await desk.person("bob", groups: ["crm.group_user"])
        let new: JSON = ["model": "crm.lead", "values": ["name": "Pump"], "once": "3f1c-9a70"]
        let first = try await desk.call("save", ann, new).json
        let again = try await desk.call("save", ann, new).json
        #expect(first["id"]?.intValue != nil && first["id"] == again["id"])
        #expect(try await desk.call("save", bob, new).json["id"] != first["id"])
        #expect(try desk.world.act { try $0.count(Lead.self, .where("name", .equal, "Pump")) } == 2)
        let version = first["values"]?["record_version"] ?? .null
        let change: JSON = [
            "model": "crm.lead", "id": first["id"] ?? .null, "version": version, "values": ["name": "Pump 2"], "once": "3f1c-9a70",
        ]
        let changed = try await desk.call("save", ann, change)
        #expect(changed.status == 200 && changed.json["values"]?["name"] == "Pump 2")
        // The same again is answered, and refused as stale without its key.
        #expect(try await desk.call("save", ann, change).status == 200)
        let plain: JSON = ["model": "crm.lead", "id": first["id"] ?? .null, "version": version, "values": ["name": "Pump 3"]]
        #expect(try await desk.call("save", ann, plain).status == 409)
        #expect(
            try await desk.call("save", ann, ["model": "crm.lead", "values": ["name": "x"], "once": "short"]).json["code"]
                == "client.bad_call")
    }

    @Test("a list's sums are those of all that is found, not of the page, and only of what the person may see")
    func totals() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        try desk.world.act { env in
            for amount in [100, 250, 4_000] { try env.create(Lead.self, ["name": "Pump", "expected_revenue": .int(amount)]) }
            let other = try env.create(try env.registry.requireModel("res.company"), [["name": "Elsewhere"]]).ids[0]
            try env.create(Lead.self, ["name": "Pump", "expected_revenue": 9_000, "company_id": .int(other)])
        }
        let found = try await desk.call("search", ann, ["model": "crm.lead", "text": "Pump", "limit": 1, "totals": true]).json
        #expect(found["total"] == 3 && found["rows"]?.arrayValue?.count == 1)
        #expect(found["totals"]?["expected_revenue"]?.doubleValue == 4_350)
        #expect(found["totals"]?["probability"] == nil)
        #expect(try await desk.call("search", ann, ["model": "crm.lead", "limit": 1]).json["totals"] == nil)
        // Amounts of two currencies are not added up.
        let annId = try desk.world.user("ann").id
        try desk.world.act { env in
            let other = try env.search(
                Currency.self, .where("id", .notEqual, .int(env.record(Company.self, 1).currency?.id ?? 0)), limit: 1)
            let branch = try env.create(Company.self, ["name": "Abroad", "currency_id": .int(other.ids.first ?? 0)]).id
            try env.record(User.self, annId).write(["company_ids": [[4, .int(branch)]]])
        }
        let mixed = try await desk.call("search", ann, ["model": "crm.lead", "text": "Pump", "limit": 1, "totals": true]).json
        #expect(mixed["totals"]?["expected_revenue"] == nil)
    }

    @Test("an administrator forbids browsers to keep what was opened by a parameter")
    func offline() async throws {
        let desk = try Desk()
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        #expect(try await desk.call("start", ann).json["offline"] == true)
        try desk.world.act { env in
            _ = try env.create(try env.registry.requireModel("ir.config_parameter"), [["key": "client.offline", "value": "off"]])
        }
        #expect(try await desk.call("start", ann).json["offline"] == false)
    }
}
