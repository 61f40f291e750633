import JSON
import Testing

@Suite struct RPCMethodTests {
    private func leads(_ world: RPCWorld) async throws -> JSON {
        try await world.result(
            "crm.lead", "create",
            [
                [
                    ["name": "A", "type": "opportunity", "expected_revenue": 10, "stage_id": 1, "date_deadline": "2026-03-05"],
                    ["name": "B", "type": "opportunity", "expected_revenue": 20.25, "stage_id": 3, "date_deadline": "2026-04-01"],
                    ["name": "C", "type": "lead", "expected_revenue": 5, "stage_id": 3],
                ]
            ])
    }

    @Test("groups come in the order of their stages, with counts, sums and domains")
    func groups() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            #expect(try await leads(world) == [1, 2, 3])
            let old = try await world.result("crm.lead", "read_group", [[], ["expected_revenue:sum"], ["stage_id"]])
            #expect(
                old.text()
                    == #"[{"stage_id":[1,"New"],"expected_revenue":10.0,"stage_id_count":1,"__domain":[["stage_id","=",1]]},"#
                    + #"{"stage_id":[3,"Proposition"],"expected_revenue":25.25,"stage_id_count":2,"__domain":[["stage_id","=",3]]}]"#)
            let new = try await world.result(
                "crm.lead", "formatted_read_group", [[], ["date_deadline:month"], ["__count", "expected_revenue:sum"]])
            #expect(
                new[0]?.text()
                    == #"{"date_deadline:month":["2026-03-01","March 2026"],"__count":1,"expected_revenue:sum":10.0,"#
                    + #""__extra_domain":["&",["date_deadline",">=","2026-03-01"],["date_deadline","<","2026-04-01"]]}"#)
            #expect(new[2]?["date_deadline:month"] == false)
            let sets = try await world.result("crm.lead", "formatted_read_grouping_sets", [[], [["type"], []], ["__count"]])
            #expect(sets[1]?[0]?["__count"] == 3)
            let web = try await world.result(
                "crm.lead", "web_read_group", [[], ["stage_id"]],
                ["aggregates": ["__count"], "auto_unfold": true, "unfold_read_specification": ["name": [:]]])
            #expect(web["length"] == 4 && web["groups"]?[0]?["__records"]?[0]?["name"] == "A")
            #expect(web["groups"]?[1]?["__count"] == 0 && web["groups"]?[1]?["__records"] == [])
            let bar = try await world.result(
                "crm.lead", "read_progress_bar",
                [[], "stage_id", ["field": "type", "colors": ["lead": "danger", "opportunity": "success"]]])
            #expect(bar["3"]?.text() == #"{"lead":1,"opportunity":1}"#)
        }
    }

    @Test("nested reads and saves follow the specification")
    func web() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            _ = try await leads(world)
            let specification: JSON = [
                "name": [:], "stage_id": ["fields": ["display_name": [:]]], "tag_ids": ["fields": ["name": [:]]], "user_id": [:],
            ]
            let read = try await world.result("crm.lead", "web_read", [[1], specification])
            #expect(read.text() == #"[{"id":1,"name":"A","stage_id":{"id":1,"display_name":"New"},"tag_ids":[],"user_id":2}]"#)
            let search = try await world.result("crm.lead", "web_search_read", [[], ["name": [:]]], ["limit": 2, "order": "id"])
            #expect(search["length"] == 3 && search["records"]?.arrayValue?.count == 2)
            let saved = try await world.result(
                "crm.lead", "web_save", [[], ["name": "D", "tag_ids": [[0, 0, ["name": "Hot"]]]], specification])
            #expect(saved[0]?["tag_ids"]?[0]?["name"] == "Hot")
            let changed = try await world.result("crm.lead", "web_save", [[1], ["name": "A2"], ["name": [:]]])
            #expect(changed.text() == #"[{"id":1,"name":"A2"}]"#)
            #expect(
                try await world.result("crm.stage", "web_resequence", [[2, 1], ["sequence": [:]]]).text()
                    == #"[{"id":2,"sequence":0},{"id":1,"sequence":1}]"#)
        }
    }

    @Test("names are searched, made and told")
    func names() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            #expect(try await world.result("crm.stage", "name_search", ["qual"]) == [[2, "Qualified"]])
            #expect(try await world.result("crm.tag", "name_create", ["Cold"]) == [1, "Cold"])
            #expect(try await world.result("crm.tag", "web_name_search", ["col", ["display_name": [:]]])[0]?["display_name"] == "Cold")
            #expect(try await world.result("crm.stage", "get_external_id", [[1]]).text() == #"{"1":"crm.stage_lead1"}"#)
            #expect(try await world.result("crm.stage", "get_metadata", [[1]])[0]?["xmlid"] == "crm.stage_lead1")
        }
    }

    @Test("fields are described as odoorpc needs them, and every one of them can be read")
    func fields() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            _ = try await leads(world)
            let fields = try await world.result("crm.lead", "fields_get", []).objectValue
            let stage = fields?["stage_id"]
            #expect(stage?["type"] == "many2one" && stage?["relation"] == "crm.stage" && stage?["store"] == true)
            #expect(stage?.objectValue?.count ?? 0 >= 17)
            #expect(fields?["expected_revenue"]?["currency_field"] == "company_currency")
            let rows = try await world.result("crm.lead", "read", [[1, 2], .array(fields?.keys.map { .string($0) } ?? [])])
            #expect(rows[1]?.objectValue?.count == fields?.count)
            let few = try await world.result("crm.lead", "fields_get", [["name"], ["type"]])
            #expect(few.text() == #"{"name":{"type":"char"}}"#)
            #expect(try await world.result("res.users", "context_get").text() == #"{"lang":"en_US","tz":false,"uid":2}"#)
        }
    }

    @Test("copies, defaults, archiving and available actions")
    func life() async throws {
        try await RPCWorld.serve { (world: RPCWorld) async throws in
            _ = try await leads(world)
            #expect(try await world.result("crm.lead", "copy", [[1]]) == [4])
            #expect(
                try await world.result("crm.lead", "default_get", [["type", "stage_id", "name"]]).text() == #"{"type":"lead","stage_id":1}"#
            )
            #expect(try await world.result("crm.lead", "action_archive", [[4]]) == true)
            #expect(try await world.result("crm.lead", "search", [[["id", "=", 4]]]) == [])
            #expect(try await world.result("crm.lead", "search", [[["id", "=", 4]]], ["context": ["active_test": false]]) == [4])
            let actions = try await world.result("crm.lead", "available_actions", [[4]])["4"]?.arrayValue?.compactMap {
                $0["name"]?.stringValue
            }
            #expect(actions?.contains("action_restore") == true && actions?.contains("action_set_lost") == false)
            #expect(try await world.result("crm.lead", "has_access", [[1], "write"]) == true)
            #expect(try await world.result("base.session", "check_access_rights", ["read", false]) == false)
        }
    }
}
