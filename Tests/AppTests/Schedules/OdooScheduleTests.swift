import Automation
import Base
import Engine
import Governance
import Kernel
import Store
import TestKit
import Testing

@testable import Schedules

/// Schedules as Odoo's clients write them: with the fields of the server action that they carry.
@Suite struct OdooScheduleTests {
    private func world() throws -> World {
        let world = try World()
        for login in ["eve", "max"] {
            try world.makeUser(
                login, groups: ["base.group_system", "base.group_partner_manager", "governance.group_author", "governance.group_releaser"])
        }
        return world
    }

    /// A schedule that makes contacts, as a client would make it.
    private func make(_ world: World) throws -> Int {
        try world.act(as: "eve") { env in
            let model = try #require(try env.search(ModelRecord.self, .where("model", .equal, "res.partner"), limit: 1).first).id
            return try env.create(
                Cron.self,
                [
                    "name": "Nightly", "model_id": .int(model), "state": "object_create", "crud_model_id": .int(model), "value": "Made",
                    "interval_number": 1, "interval_type": "days", "user_id": .int(env.user.id),
                ]
            ).id
        }
    }

    private func drain(_ world: World) async throws {
        let queues = [JobOptions.Queue(Dispatch.queue, concurrency: 1)]
        try await JobRunner(database: world.database, handlers: [CronRunner(world.database).handler], options: JobOptions(queues: queues))
            .drain()
    }

    private func made(_ world: World) throws -> Int { try world.act { try $0.count(Partner.self, .where("name", .equal, "Made")) } }

    @Test("the fields of the action are made, read, written and searched with the schedule, and stand in the action")
    func fields() throws {
        let world = try world()
        let id = try make(world)
        try world.act(as: "eve") { env in
            let cron = try env.records("ir.cron", [id])
            #expect(try cron.value("name") == "Nightly" && cron.value("cron_name") == "Nightly" && cron.value("state") == "object_create")
            let action = try #require(try cron.value("ir_actions_server_id").idList?.first)
            #expect(env.record(ServerAction.self, action).usage == .schedule)
            try cron.write(["value": "Other", "interval_number": 2])
            #expect(env.record(ServerAction.self, action).content == "Other")
            for domain in [
                Domain.where("name", .equal, "Nightly") & .where("state", .equal, "object_create"), .where("value", .like, "Oth"),
                .where("model_id.model", .equal, "res.partner"),
            ] { #expect(try env.search(Cron.self, domain).ids == [id]) }
            #expect(try env.search(Cron.self, .where("value", .equal, "Made")).isEmpty)
        }
        #expect(throws: Refusal.self) {
            try world.act(as: "eve") { env in try env.records("ir.cron", [id]).write(["state": "object_write", "update_path": "nowhere"]) }
        }
        try world.makeUser("joe", groups: ["base.group_user"])
        #expect(throws: Refusal.self) { try world.read(as: "joe") { env in _ = try env.records("ir.cron", [id]).value("code") } }
    }

    @Test("schedule and action are definitions of their own: it runs when both were released, and what it does names both")
    func governed() async throws {
        let world = try world()
        let id = try make(world)
        func release(_ kind: String) throws {
            for (login, action) in [("eve", "action_submit"), ("max", "action_release")] {
                try world.act(as: login) { env in
                    let open = Domain.where("kind", .equal, .text(kind)) & .where("state", .in, ["draft", "in_review"])
                    _ = try env.search(DefinitionVersion.self, open, order: "id desc", limit: 1).records.call(action)
                }
            }
        }
        try await drain(world)
        #expect(try made(world) == 0)
        try release("action")
        try release("schedule")
        try await drain(world)
        #expect(try made(world) == 1)
        let lines = try world.database.inspectBlocking { connection in
            try connection.query(
                "SELECT detail FROM baton_audit WHERE kind = 'create' AND model = 'res.partner' ORDER BY seq DESC LIMIT 1", [], [.text])
        }
        #expect(lines[0].textValue?.contains("schedule:nightly-\(id)@1") == true && lines[0].textValue?.contains("action:nightly-") == true)
        try world.act(as: "eve") { env in try env.records("ir.cron", [id]).write(["value": "Changed"]) }
        world.clock.advance(days: 1)
        try await drain(world)
        #expect(try made(world) == 2, "the change of the action waits")
    }

    @Test("what is part of the program carries an action that does nothing, and is not turned into something else by it")
    func builtIn() async throws {
        let world = try world()
        try world.act { env in
            try CronKeeper.mend(env)
            let id = try Reference.require("base_automation.ir_cron_data_base_automation_check", env)
            let cron = try env.records("ir.cron", [id])
            #expect(try cron.value("state") == "multi" && cron.value("name") == cron.value("cron_name"))
        }
        try await drain(world)
        let failures = try world.act { env in try env.search(Cron.self).map(\.failures) }
        #expect(failures.allSatisfy { $0 == 0 })
    }
}
