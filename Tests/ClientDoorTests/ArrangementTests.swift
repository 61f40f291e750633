import Base
import CRM
import JSON
import Kernel
import Testing

/// Layers on top of an app's views: everybody's, a team's, a person's own.
@Suite struct ArrangementTests {
    private let desk: Desk

    init() throws { desk = try Desk() }

    private func arrange(_ session: String, _ operations: JSON, level: String = "person", team: Int? = nil) async throws -> (Int, String) {
        let arguments: JSON = [
            "model": "crm.lead", "level": .string(level), "team_id": team.map { JSON($0) } ?? false, "operations": operations,
        ]
        let answer = try await desk.call("method", session, ["model": "workspace.layer", "name": "arrange", "arguments": arguments])
        return (answer.status, answer.json["code"]?.stringValue ?? "")
    }

    private func view(_ session: String) async throws -> JSON { try await desk.call("view", session, ["model": "crm.lead"]).json }

    private func columns(_ session: String) async throws -> [String] {
        (try await view(session)["list"]?["columns"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    @Test("one's own changes hold for oneself: hidden, moved, shown, widened; rows bring what is shown; reset, all is as it was")
    func person() async throws {
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let bob = try await desk.person("bob", groups: ["crm.group_user"])
        let before = try await columns(ann)
        let (first, last) = (try #require(before.first), try #require(before.last))
        let operations: JSON = [
            ["op": "hide", "view": "list", "field": .string(last)], ["op": "show", "field": "street", "after": .string(first)],
            ["op": "move", "field": .string(first), "after": "street"], ["op": "width", "field": "street", "pixels": 321],
            ["op": "density", "is": "compact"], ["op": "hide", "view": "form", "field": "phone"],
        ]
        #expect(try await arrange(ann, operations).0 == 200)
        let view = try await view(ann)
        let after = try await columns(ann)
        #expect(after == ["street"] + before.dropLast())
        #expect(view["list"]?["widths"]?["street"] == 321 && view["list"]?["density"] == "compact")
        let fields = (view["form"]?["sections"]?.arrayValue ?? []).flatMap { $0["fields"]?.arrayValue ?? [] }
        #expect(!fields.contains("phone"))
        #expect(view["layers"]?["layers"]?[0]?["operations"]?.arrayValue?.count == 6)
        #expect((view["layers"]?["base"]?.arrayValue ?? []).compactMap(\.stringValue) == before)
        #expect(try await columns(bob) == before)
        try desk.world.act { env in _ = try env.create(Lead.self, ["name": "One", "street": "Elm 1"]) }
        let rows = try await desk.call("search", ann, ["model": "crm.lead"]).json["rows"]
        #expect(rows?[0]?["street"] == "Elm 1")
        #expect(try await arrange(ann, []).0 == 200)
        #expect(try await columns(ann) == before)
        #expect(try desk.world.act { try $0.searchCount(try $0.registry.requireModel("workspace.layer"), .all) } == 0)
    }

    @Test("an administrator's change comes first, a team's over it, a person's last; only whose it is may change it")
    func layers() async throws {
        let admin = try await desk.person("boss", groups: ["base.group_system", "crm.group_user"])
        let lead = try await desk.person("lea", groups: ["crm.group_user"])
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let bob = try await desk.person("bob", groups: ["crm.group_user"])
        let (leaId, annId) = (try desk.world.user("lea").id, try desk.world.user("ann").id)
        let team = try desk.world.act { env -> Int in
            try env.create(
                try env.registry.requireModel("workspace.team"),
                [["name": "North", "lead_id": .int(leaId), "member_ids": .list([.list([6, 0, .ids([annId])])])]]
            ).ids[0]
        }
        let before = try await columns(bob)
        let third = try #require(before.dropFirst(2).first)
        #expect(try await arrange(admin, [["op": "hide", "view": "list", "field": .string(third)]], level: "tenant").0 == 200)
        #expect(try await columns(bob) == before.filter { $0 != third })
        #expect(try await arrange(lead, [["op": "show", "field": "street"]], level: "team", team: team).0 == 200)
        #expect(try await columns(ann) == before.filter { $0 != third } + ["street"])
        #expect(try await columns(bob) == before.filter { $0 != third })
        #expect(
            try await arrange(ann, [["op": "hide", "view": "list", "field": "street"], ["op": "show", "field": .string(third)]]).0 == 200)
        #expect(try await columns(ann) == before.filter { $0 != third } + [third])
        let layers = try await view(ann)["layers"]
        #expect((layers?["layers"]?.arrayValue ?? []).compactMap { $0["level"]?.stringValue }.sorted() == ["person", "team", "tenant"])
        let ofLead = try await view(lead)["layers"]
        #expect(layers?["mine"]?.arrayValue?.count == 1 && ofLead?["mine"]?.arrayValue?.count == 2)
        // Refused: everybody's by no administrator, a team's by a member, somebody else's by writing the record.
        #expect(try await arrange(ann, [["op": "show", "field": "street"]], level: "tenant") == (403, "view.not_yours"))
        #expect(try await arrange(ann, [["op": "show", "field": "street"]], level: "team", team: team).0 == 403)
        #expect(try await arrange(bob, [["op": "show", "field": "street"]], level: "team", team: team).0 == 403)
        let own = try desk.world.act { env -> Int in
            let layers = try env.registry.requireModel("workspace.layer")
            return try env.search(layers, .where("user_id", .equal, .int(annId)), limit: 1).ids[0]
        }
        let write: JSON = ["model": "workspace.layer", "id": JSON(own), "values": ["operations": []]]
        #expect(try await desk.call("save", bob, write).status == 403)
        #expect(try await desk.call("record", bob, ["model": "workspace.layer", "id": JSON(own)]).status == 403)
    }

    @Test("a change that names no field, hides what must be entered, or is no change is refused with a code")
    func refused() async throws {
        let ann = try await desk.person("ann", groups: ["crm.group_user"])
        let cases: [(JSON, String)] = [
            ([["op": "hide", "view": "list", "field": "no_such"]], "field.unknown"),
            ([["op": "paint", "field": "name"]], "view.bad_operation"),
            ([["op": "width", "field": "name", "pixels": 5]], "view.bad_operation"),
            ([["op": "density", "is": "loose"]], "view.bad_operation"),
            ([["op": "hide", "view": "form", "field": "name"]], "view.required_field"),
            (.array(Array(repeating: ["op": "hide", "view": "list", "field": "phone"], count: 201)), "field.bad_value"),
        ]
        for (operations, code) in cases {
            let answer = try await arrange(ann, operations)
            #expect(answer.0 >= 400 && answer.1 == code, "\(operations.text()): \(answer)")
        }
    }
}
