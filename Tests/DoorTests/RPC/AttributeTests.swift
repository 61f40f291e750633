import Base
import Foundation
import JSON
import Kernel
import TestKit
import Testing

/// Attributes of fields as clients of Odoo's API meet them.
@Suite struct AttributeTests {
    private struct Crate: Model {
        static let name = "types.crate"
        static let title = "Crate"
        let partner = Many2one<Partner>("partner_id", onDelete: .restrict, .required, .delegate)
        let company = Many2one<Company>("company_id", "Company", .initially { .int($0.companyId) })
        let keeper = Many2one<User>("keeper_id", "Keeper", .falsyLabel("Nobody"))
        let parent = Many2one<Crate>("parent_crate_id", "Inside", .companyChecked)
        let shelf = Char("shelf", "Shelf", .byCompany, .initial("none"))
        let grade = Selection<Grade>("grade", .groupExpand(.choices))
        let count = Integer("count")
    }

    enum Grade: String, SelectionValue { case low, high }

    private static let app = App("crates", "Crates", needs: ["base"]) { app in
        app.add(Crate.self)
        app.allow("base.group_system", "rwcd", on: "types.crate")
    }

    @Test("values that differ by company follow the context's companies in every method")
    func byCompany() async throws {
        try await RPCWorld.serve(apps: [AttributeTests.app]) { (rpc: RPCWorld) async throws in
            let north = try rpc.world.act { env in
                let north = try env.create(Company.self, ["name": "North"]).id
                try env.record(User.self, 2).write(["company_ids": .list([[4, .int(north)]])])
                return north
            }
            let there: JSON = ["context": ["allowed_company_ids": [JSON(north)]]]
            let described = try await rpc.result("types.crate", "fields_get", [["shelf"]])
            #expect(described["shelf"]?["company_dependent"] == true && described["shelf"]?["searchable"] == true)
            #expect(described["shelf"]?["groupable"] == true && described["shelf"]?["sortable"] == true)
            let ids = try await rpc.result("types.crate", "create", [[["name": "A", "shelf": "x"], ["name": "B"]]])
            #expect(try await rpc.result("types.crate", "write", [[ids[1] ?? .null], ["shelf": "z"]], there) == true)
            func shelves(_ named: JSON) async throws -> String {
                let rows = try await rpc.result("types.crate", "search_read", [[], ["shelf"]], named)
                return (rows.arrayValue ?? []).map { $0["shelf"]?.stringValue ?? "?" }.joined(separator: " ")
            }
            #expect(try await shelves([:]) == "x none")
            #expect(try await shelves(there) == "none z")
            let groups = try await rpc.result(
                "types.crate", "formatted_read_group", [[], ["shelf"], ["__count"]], there)
            #expect(groups.text().contains(#"{"shelf":"z","__count":1"#) && groups.text().contains(#"{"shelf":"none","__count":1"#))
            #expect(try await rpc.result("types.crate", "search", [[["shelf", "=", "z"]]], there) == [ids[1] ?? .null])
            #expect(try await rpc.result("types.crate", "search", [[], 0, 1, "shelf desc"]) == [ids[0] ?? .null])
            #expect(try await rpc.result("types.crate", "default_get", [["shelf"]])["shelf"] == "none")
        }
    }

    @Test("fields of a carried record are described, written, read, searched and ordered as the record's own")
    func delegates() async throws {
        try await RPCWorld.serve(apps: [AttributeTests.app]) { (rpc: RPCWorld) async throws in
            let id = try await rpc.result("types.crate", "create", [["name": "A", "city": "Oslo", "count": 2]])
            #expect(try await rpc.result("types.crate", "create", [["name": "B", "city": "Bergen"]]) != .null)
            let described = try await rpc.result("types.crate", "fields_get", [["city"]])
            #expect(described["city"]?["related"] == "partner_id.city" && described["city"]?["searchable"] == true)
            #expect(described["city"]?["sortable"] == true && described["city"]?["readonly"] == false)
            #expect(try await rpc.result("types.crate", "write", [[id], ["city": "Bodø", "email": "a@b.c"]]) == true)
            let row = try await rpc.result("types.crate", "read", [[id], ["city", "email", "count", "display_name"]])[0]
            #expect(row?["city"] == "Bodø" && row?["email"] == "a@b.c" && row?["count"] == 2 && row?["display_name"] == "A")
            #expect(try await rpc.result("types.crate", "search", [[["city", "ilike", "bod"]]]) == [id])
            #expect(try await rpc.result("types.crate", "search", [[], 0, 1, "city desc"]) == [id])
            let partner = try await rpc.result("types.crate", "read", [[id], ["partner_id"]], ["load": ""])[0]?["partner_id"]
            #expect(try await rpc.result("types.crate", "unlink", [[id]]) == true)
            #expect(try await rpc.result("res.partner", "search_count", [[["id", "=", partner ?? .null]]]) == 1)
        }
    }

    @Test("a link to a record of another company is refused where the field says so")
    func companyChecked() async throws {
        try await RPCWorld.serve(apps: [AttributeTests.app]) { (rpc: RPCWorld) async throws in
            let north = try rpc.world.act { env in try env.create(Company.self, ["name": "North"]).id }
            let other = try rpc.world.act { env in
                try env.create(Crate.self, ["name": "There", "company_id": .int(north)]).id
            }
            let ids = try await rpc.result("types.crate", "create", [[["name": "A"], ["name": "B"]]])
            #expect(try await rpc.result("types.crate", "write", [[ids[0] ?? .null], ["parent_crate_id": ids[1] ?? .null]]) == true)
            let refused = try await rpc.error("types.crate", "write", [[ids[0] ?? .null], ["parent_crate_id": JSON(other)]])
            #expect(refused[0] == "odoo.exceptions.UserError" && refused[1].contains("'Inside'"))
            let made = try await rpc.error("types.crate", "create", [["name": "C", "parent_crate_id": JSON(other)]])
            #expect(made[1].contains("another company"))
        }
    }

    @Test("groups without records are shown where the field says so, and recordsets and distinct lists are added up")
    func groups() async throws {
        try await RPCWorld.serve(apps: [AttributeTests.app]) { (rpc: RPCWorld) async throws in
            let ids = try await rpc.result(
                "types.crate", "create", [[["name": "A", "grade": "high", "count": 4], ["name": "B", "grade": "high", "count": 4]]])
            let web = try await rpc.result("types.crate", "web_read_group", [[], ["grade"], ["__count", "count:sum"]])
            #expect(
                web["groups"]?[0]?["grade"] == "low" && web["groups"]?[0]?["__count"] == 0 && web["groups"]?[1]?["count:sum"] == 8)
            let sums = try await rpc.result(
                "types.crate", "formatted_read_group",
                [[], ["grade"], ["id:recordset", "count:array_agg_distinct", "count:count_distinct"]])
            #expect(sums[0]?["id:recordset"] == ids && sums[0]?["count:array_agg_distinct"] == [4])
            #expect(sums[0]?["count:count_distinct"] == 1)
            let keeper = try await rpc.result("types.crate", "fields_get", [["keeper_id"]])
            #expect(keeper["keeper_id"]?["falsy_value_label"] == "Nobody")
            let refused = try await rpc.error("types.crate", "formatted_read_group", [[], ["grade"], ["shelf:array_agg"]])
            #expect(refused[0] == "builtins.ValueError")
        }
    }

    @Test("a stale write is told in the error's data what changed, by whom and when")
    func stale() async throws {
        try await RPCWorld.serve { (rpc: RPCWorld) async throws in
            let id = try await rpc.result("crm.lead", "create", [["name": "A"]])
            let version = try await rpc.result("crm.lead", "read", [[id], ["record_version"]])[0]?["record_version"] ?? .null
            #expect(try await rpc.result("crm.lead", "write", [[id], ["name": "B", "city": "Oslo"]]) == true)
            let answer = try await rpc.execute("crm.lead", "write", [[id], ["name": "C"]], ["context": ["expected_version": version]])
            let data = answer["error"]?["data"]
            #expect(data?["debug"] == "record.stale")
            #expect(data?["context"]?["changed"]?.text() == #"["name","city"]"#)
            let change = data?["context"]?["changes"]?[0]
            #expect(
                change?["fields"] == ["name", "city"] && change?["user"]?[0] == 2
                    && change?["at"]?.stringValue?.hasPrefix("2026-03-02") == true)
            let message = data?["message"]?.stringValue ?? ""
            #expect(message.contains("Changed since: name, city."), "\(message)")
        }
    }

    @Test("a picture that is too large is reduced on its way in, and a bomb is refused in words")
    func pictures() async throws {
        try await RPCWorld.serve { (rpc: RPCWorld) async throws in
            let picture = Data(DocumentSamples.png(width: 2_000, height: 500)).base64EncodedString()
            let id = try await rpc.result("res.partner", "create", [["name": "Zoe", "image_1920": .string(picture)]])
            let row = try await rpc.result("res.partner", "read", [[id], ["image_1920", "image_128"]])[0]
            let small = Data(base64Encoded: row?["image_128"]?.stringValue ?? "") ?? Data()
            #expect(small.count > 24 && Array(small[16..<24]) == [0, 0, 0, 128, 0, 0, 0, 32])
            var bomb = DocumentSamples.png(width: 10, height: 10)
            bomb.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
            let refused = try await rpc.error(
                "res.partner", "write", [[id], ["image_1920": .string(Data(bomb).base64EncodedString())]])
            #expect(refused[0] == "odoo.exceptions.ValidationError" && refused[1].contains("pixels"))
        }
    }
}
