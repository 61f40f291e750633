import Base
import JSON
import Kernel
import Testing

@Suite struct EffectiveAccessTests {
    private func access(_ desk: Desk, _ session: String, _ model: String, _ id: Int) async throws -> (status: Int, json: JSON) {
        try await desk.call("method", session, ["model": .string(model), "name": "effective_access", "ids": [JSON(id)]])
    }

    private func row(_ answer: JSON, _ model: String) -> JSON? {
        answer["models"]?.arrayValue?.first { $0["model"]?.stringValue == model }
    }

    @Test("a user's access is told model by model: by which roles, narrowed by which rules, without which fields")
    func user() async throws {
        let desk = try Desk()
        let boss = try await desk.person("boss", groups: ["base.group_erp_manager"])
        let ann = try desk.world.makeUser("ann", groups: ["crm.group_user"])
        let answer = try await access(desk, boss, "res.users", ann)
        #expect(answer.status == 200)
        let groups = answer.json["groups"]?.arrayValue ?? []
        #expect(groups.contains { $0["name"] == "CRM: user" && $0["own"] == true })
        #expect(groups.contains { $0["name"] == "Internal user" && $0["own"] == false && $0["through"]?.arrayValue == ["CRM: user"] })
        let lead = try #require(row(answer.json, "crm.lead"))
        #expect(lead["read"]?.arrayValue == ["CRM: user"] && lead["write"]?.arrayValue == ["CRM: user"] && lead["unlink"]?.arrayValue == [])
        #expect(lead["rules"]?.arrayValue?.contains { $0["name"] == "leads of one's companies" } == true)
        let users = try #require(row(answer.json, "res.users"))
        #expect(users["write"]?.arrayValue == [] && users["hidden"]?.arrayValue?.contains { $0["field"] == "password_hash" } == true)
        #expect(row(answer.json, "ir.config_parameter") == nil)
    }

    @Test("what it tells is what the doors allow, for every model and everybody")
    func agrees() async throws {
        let desk = try Desk()
        let boss = try await desk.person("boss", groups: ["base.group_erp_manager"])
        let groups = ["crm.group_manager", "referrals.group_user", "governance.group_author", "base.group_portal"]
        for (number, group) in groups.enumerated() {
            let login = "p\(number)"
            let id = try desk.world.makeUser(login, groups: [group])
            let told = try await access(desk, boss, "res.users", id).json
            let allowed = try desk.world.act(as: login) { env in
                env.registry.models.flatMap { model in
                    AccessOperation.allCases.filter { env.allows($0, on: model) }.map { "\(model.name) \($0.rawValue)" }
                }
            }
            let said = (told["models"]?.arrayValue ?? []).flatMap { row in
                AccessOperation.allCases.filter { row[$0.rawValue]?.arrayValue?.isEmpty == false }.map {
                    "\(row["model"]?.stringValue ?? "") \($0.rawValue)"
                }
            }
            #expect(Set(said) == Set(allowed), "\(group)")
        }
    }

    @Test("a role's access holds what it implies; only those who look after access are told")
    func role() async throws {
        let desk = try Desk()
        let boss = try await desk.person("boss", groups: ["base.group_erp_manager"])
        let eve = try await desk.person("eve", groups: ["base.group_user"])
        let group = try desk.world.act { try Reference.require("crm.group_manager", $0) }
        let answer = try await access(desk, boss, "res.groups", group)
        #expect(row(answer.json, "crm.lead")?["unlink"]?.arrayValue == ["CRM: administrator"])
        #expect(answer.json["groups"]?.arrayValue?.contains { $0["name"] == "CRM: user" && $0["own"] == false } == true)
        for (model, id) in [("res.groups", group), ("res.users", try desk.world.user("eve").id)] {
            #expect(try await access(desk, eve, model, id).json["code"] == "access.denied")
        }
    }
}
