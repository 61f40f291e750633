import Base
import JSON
import Kernel
import TestKit
import Testing

@testable import Governance

@Suite struct ChangeWordsTests {
    @Test("what differs in a draft of a rule is told by the fields' titles and the names of what they link to, for new drafts, too")
    func names() throws {
        let world = try World()
        try world.makeUser("eve", groups: ["governance.group_author", "base.group_system"])
        let rule = try world.act(as: "eve") { env in
            let model = try env.search(ModelRecord.self, .where("model", .equal, "crm.lead"), limit: 1).ids[0]
            return try env.create(
                env.registry.requireModel("base.automation"),
                [["name": "Big leads", "model_id": .int(model), "trigger": "on_create_or_write"]]
            ).ids[0]
        }
        let changes = try world.act(as: "eve") { env -> [ValueMap] in
            let own = Domain.where("definition_id.res_id", .equal, .int(rule)) & .where("kind", .equal, "rule")
            let version = try env.search(DefinitionVersion.self, own, limit: 1)
            let answer = try env.registry.requireModel(DefinitionVersion.name).method("diff")?.body(version.records, [:])
            return (answer?.listValue ?? []).compactMap(\.mapValue)
        }
        #expect(!changes.isEmpty)
        let model = try #require(changes.first { $0["path"] == "values.model_id" }, "\(changes)")
        #expect(model["label"] == "Model" && model["new_text"]?.textValue?.isEmpty == false)
        #expect(Int(model["new_text"]?.textValue ?? "0") == nil)
        let trigger = try #require(changes.first { $0["path"] == "values.trigger" })
        #expect(trigger["new_text"]?.textValue != "on_create_or_write" && trigger["new_text"]?.textValue != nil)
        #expect(!changes.contains { $0["path"] == "values" || $0["path"] == "" })
    }
}
