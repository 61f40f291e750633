import JSON
import Testing

@Suite struct TableTests {
    @Test("an export has names, ids and external ids, and needs its group")
    func export() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let id = try await world.result(
                "crm.lead", "create", [["name": "Out", "tag_ids": [[0, 0, ["name": "X"]], [0, 0, ["name": "Y"]]]]])
            let table = try await world.result(
                "crm.lead", "export_data", [[id], [".id", "name", "stage_id", "stage_id/id", "tag_ids/name"]])
            #expect(table.text() == #"{"datas":[["1","Out","New","crm.stage_lead1","X"],["","","","","Y"]]}"#)
            let user = try world.makeUser("seller", groups: ["crm.group_user"])
            #expect(try await world.error("crm.lead", "export_data", [[id], ["name"]], user: user)[0] == "odoo.exceptions.AccessError")
        }
    }

    @Test("an import makes all rows or none, and tells which row is wrong")
    func load() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let fields: JSON = ["id", "name", "stage_id", "type", "expected_revenue"]
            let wrong = try await world.result(
                "crm.lead", "load", [fields, [["my.a", "A", "New", "Opportunity", "12.5"], ["my.b", "B", "Nowhere", "lead", ""]]])
            #expect(wrong["ids"] == false)
            #expect(wrong["messages"]?[0]?["field"] == "stage_id" && wrong["messages"]?[0]?["record"] == 1)
            #expect(try await world.result("crm.lead", "search_count", [[]]) == 0)
            let right = try await world.result("crm.lead", "load", [fields, [["my.a", "A", "New", "Opportunity", "12.5"]]])
            #expect(right["messages"] == [])
            let again = try await world.result("crm.lead", "load", [fields, [["my.a", "A again", "Qualified", "lead", "1"]]])
            #expect(again["ids"] == right["ids"])
            #expect(try await world.result("crm.lead", "search_read", [[], ["name", "stage_id"]])[0]?["name"] == "A again")
        }
    }

    @Test("a draft shows defaults and computed values and leaves nothing behind")
    func onchange() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let specification: JSON = ["name": [:], "type": [:], "stage_id": ["fields": ["display_name": [:]]], "probability": [:]]
            let first = try await world.result("crm.lead", "onchange", [[], [:], [], specification])
            #expect(first["value"]?["type"] == "lead")
            let id = try await world.result("crm.lead", "create", [["name": "Form"]])
            let edited = try await world.result("crm.lead", "onchange", [[id], ["stage_id": 4], ["stage_id"], specification])
            #expect(edited["value"]?["probability"] == 100.0)
            #expect(try await world.result("crm.lead", "search_count", [[]]) == 1)
            #expect(try await world.result("crm.lead", "read", [[id], ["probability"]])[0]?["probability"] == 10.0)
        }
    }

    @Test("views are made of the fields")
    func views() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let views = try await world.result("crm.lead", "get_views", [[[false, "list"], [false, "form"]]])
            #expect(
                views["views"]?["list"]?["arch"]?.stringValue?.hasPrefix("<list string=\"Lead/Opportunity\"><field name=\"name\"/>") == true
            )
            #expect(views["models"]?["crm.lead"]?["fields"]?["name"]?["type"] == "char")
            #expect(try await world.error("crm.lead", "get_view", [false, "gantt"])[0] == "odoo.exceptions.UserError")
        }
    }

    @Test("bytes travel as base64, or as their size")
    func bytes() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            let id = try await world.result("ir.attachment", "create", [["name": "a.txt", "datas": "aGVsbG8="]])
            #expect(try await world.result("ir.attachment", "read", [[id], ["datas"]])[0]?["datas"] == "aGVsbG8=")
            let sized = try await world.result("ir.attachment", "read", [[id], ["datas"]], ["context": ["bin_size": true]])
            #expect(sized[0]?["datas"] == "5.00 bytes")
        }
    }
}
