import JSON
import Kernel
import Referrals
import TestKit
import Testing

/// Rules that follow edits in a form, over the wire as Odoo's clients ask: `onchange`.
@Suite struct EditRuleTests {
    private static let rest = World.apps.filter { !["base", "mail", "crm"].contains($0.name) }

    /// A rule on edits of a field with an action of the type code, made and put in force over RPC; its id.
    private func rule(_ world: RPCWorld, _ model: String, _ field: String, _ code: String) async throws -> JSON {
        _ = try? await world.result("ir.config_parameter", "create", [["key": "governance.direct_changes", "value": "*"]])
        let id = try await world.result("ir.model", "search", [[["model", "=", .string(model)]]])[0] ?? .null
        let watched = try await world.result(
            "ir.model.fields", "search", [[["model", "=", .string(model)], ["name", "=", .string(field)]]])
        let action: JSON = ["name": "Edited", "state": "code", "model_id": id, "code": .string(code)]
        return try await world.result(
            "base.automation", "create",
            [
                [
                    "name": "On edit", "model_id": id, "trigger": "on_change", "on_change_field_ids": [[6, 0, watched]],
                    "action_server_ids": [[0, 0, action]],
                ]
            ])
    }

    @Test("a rule on edits changes the draft of a new lead and of a stored one, warns, runs for its field only, and leaves nothing behind")
    func lead() async throws {
        try await RPCWorld.serve(apps: Self.rest) { (world: RPCWorld) async throws in
            _ = try await rule(
                world, "crm.lead", "priority",
                """
                if (record.priority !== "3") return;
                action = {value: {expected_revenue: 5000, referred: record.name}, warning: {title: "Look", message: "Very high is rare."}};
                """)
            let specification: JSON = ["name": [:], "priority": [:], "expected_revenue": [:], "referred": [:]]
            let fresh = try await world.result(
                "crm.lead", "onchange", [[], ["name": "Clinic", "priority": "3"], ["priority"], specification])
            #expect(fresh["value"]?["expected_revenue"] == 5000.0 && fresh["value"]?["referred"] == "Clinic")
            #expect(fresh["warning"]?["message"] == "Very high is rare.")
            #expect(try await world.result("crm.lead", "search_count", [[]]) == 0)

            let id = try await world.result("crm.lead", "create", [["name": "Stored", "priority": "3"]])
            // Writing over RPC is no edit in a form.
            #expect(try await world.result("crm.lead", "read", [[id], ["referred"]])[0]?["referred"] == false)
            let edited = try await world.result("crm.lead", "onchange", [[id], ["priority": "3"], ["priority"], specification])
            #expect(edited["value"]?["referred"] == "Stored")
            let other = try await world.result("crm.lead", "onchange", [[id], ["name": "Else"], ["name"], specification])
            #expect(other["value"]?["referred"] == nil && other["warning"] == nil)
            #expect(try await world.result("crm.lead", "read", [[id], ["referred"]])[0]?["referred"] == false)
        }
    }

    @Test("a rule on edits changes the draft of a referral")
    func referral() async throws {
        try await RPCWorld.serve(apps: Self.rest) { (world: RPCWorld) async throws in
            _ = try await rule(
                world, "care.referral", "urgency",
                #"if (record.urgency === "stat") action = {value: {requested_service: "Call the clinic now"}};"#)
            let specification: JSON = ["urgency": [:], "requested_service": [:]]
            let shown = try await world.result("care.referral", "onchange", [[], ["urgency": "stat"], ["urgency"], specification])
            #expect(shown["value"]?["requested_service"] == "Call the clinic now")
            let calm = try await world.result("care.referral", "onchange", [[], ["urgency": "routine"], ["urgency"], specification])
            #expect(calm["value"]?["requested_service"] != "Call the clinic now")
            #expect(try await world.result("care.referral", "search_count", [[]]) == 0)
        }
    }
}
