import Base
import Exceptions
import Kernel
import Messaging
import Store
import TestKit
import Testing

@Suite struct ExceptionTests {
    private func world() throws -> World {
        let world = try World()
        try world.makeUser("olga", groups: ["exceptions.group_user"])
        try world.makeUser("otto", groups: ["exceptions.group_user"])
        try world.makeUser("mia", groups: ["exceptions.group_manager"])
        try world.makeUser("joe", groups: ["base.group_user"])
        return world
    }

    @discardableResult
    private func raise(_ world: World, _ cause: String, source: String = "rule", reference: String = "r1") throws -> Int {
        try world.act { env in
            try ExceptionCase.raise(cause, "It failed", remedy: "Mend it.", source: source, reference: reference, in: env).id
        }
    }

    private func call(_ world: World, _ login: String, _ action: String, _ ids: [Int], _ arguments: ValueMap = [:]) throws -> Value {
        try world.act(as: login) { env in try env.records(ExceptionCase.self, ids).call(action, arguments) }
    }

    private func refused(_ code: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("expected \(code)")
        } catch let refusal as Refusal { #expect(refusal.code == code) } catch { Issue.record(error) }
    }

    @Test("an exception has kind, cause, source, owner, deadline, remedy, history and resolution")
    func parts() throws {
        let world = try world()
        let id = try raise(world, "rule.broken", source: "rule.urgent")
        try raise(world, "rule.broken", source: "rule.urgent")
        _ = try call(world, "olga", "action_resolve", [id], ["resolution": "Mended."])
        try world.act { env in
            let item = env.record(ExceptionCase.self, id)
            #expect(item.kind == "rule" && item.cause == "rule.broken" && item.source == "rule.urgent")
            #expect(item.user?.id == 2 && item.deadline == env.now + 8 * 3_600 && item.remedy == "Mend it.")
            #expect(item.occurrences == 2 && item.history.count == 2)
            #expect(item.resolution == "Mended." && item.resolvedOn == env.now)
        }
    }

    @Test("an occurrence names the version that caused it")
    func causes() throws {
        let world = try world()
        try world.act { env in
            let made = try ExceptionCase.raise("x", "X", remedy: "", source: "rule", reference: "1", in: env.because("rule:urgent@3"))
            #expect(made.history.first?.causedBy == "rule:urgent@3")
        }
    }

    @Test("the same cause opens a finished exception again, with a new deadline; a month later it is a new one")
    func reopening() throws {
        let world = try world()
        let id = try raise(world, "rule.broken")
        _ = try call(world, "olga", "action_dismiss", [id], ["reason": "Known."])
        world.clock.advance(days: 2)
        #expect(try raise(world, "rule.broken") == id)
        try world.act { env in
            let item = env.record(ExceptionCase.self, id)
            #expect(item.state == .open && item.resolvedOn == nil && item.deadline == env.now + 8 * 3_600)
            #expect(item.history.map(\.reopened) == [true, false])
        }
        _ = try call(world, "olga", "action_resolve", [id], ["resolution": "Mended."])
        world.clock.advance(days: 31)
        #expect(try raise(world, "rule.broken") != id)
    }

    @Test("occurrences are kept up to their limit, and counted beyond")
    func historyIsBounded() throws {
        let world = try world()
        let id = try raise(world, "rule.broken")
        try world.act { env in
            for _ in 0..<Occurrence.limit + 5 {
                try ExceptionCase.raise("rule.broken", "Again", remedy: "", source: "rule", reference: "r1", in: env)
            }
        }
        try world.act { env in
            #expect(env.record(ExceptionCase.self, id).occurrences == Occurrence.limit + 6)
            let kept = try env.count(Occurrence.self)
            #expect(kept == Occurrence.limit)
        }
    }

    @Test("the desk shows one row for each cause, with counts, the oldest and the owners, of what the user may see")
    func desk() throws {
        let world = try world()
        for number in 0..<3 { try raise(world, "rule.broken", reference: "r\(number)") }
        let job = try raise(world, "job.discarded", source: "jobs", reference: "job:1")
        _ = try call(world, "olga", "action_start", [job])
        world.clock.advance(days: 1)
        let rows = try world.read(as: "olga") { env in
            let model = try env.registry.requireModel("ops.exception")
            return try model.method("desk")?.body(Records(model, [], env), [:]).listValue?.compactMap(\.mapValue) ?? []
        }
        let olga = try world.user("olga").id
        #expect(rows.map { $0["cause"] } == ["rule.broken", "job.discarded"])
        #expect(rows.map { $0["count"] } == [3, 1])
        #expect(rows.map { $0["not_taken"] } == [3, 0])
        #expect(rows.map { $0["overdue"] } == [3, 1])
        #expect(rows.map { $0["can_retry"] } == [false, true])
        #expect(rows[1]["owners"] == .list([["user_id": .int(olga), "count": 1]]))
        #expect(rows[0]["oldest"] == .instant(world.clock.now - 86_400))
        #expect(throws: Refusal.self) {
            try world.read(as: "joe") { env in
                let model = try env.registry.requireModel("ops.exception")
                _ = try model.method("desk")?.body(Records(model, [], env), [:])
            }
        }
    }

    @Test("many are taken, assigned, resolved and dismissed at once, each with its reason")
    func bulk() throws {
        let world = try world()
        let ids = try (0..<4).map { try raise(world, "rule.broken", reference: "r\($0)") }
        _ = try call(world, "olga", "action_start", Array(ids[0..<2]))
        let otto = try world.user("otto").id
        _ = try call(world, "olga", "action_assign", Array(ids[0..<2]), ["user_id": .int(otto)])
        let joe = try world.user("joe").id
        refused("exception.no_assignee") { _ = try call(world, "olga", "action_assign", ids, ["user_id": .int(joe)]) }
        refused("exception.no_assignee") { _ = try call(world, "olga", "action_assign", ids) }
        refused("exception.no_reason") { _ = try call(world, "olga", "action_dismiss", ids) }
        refused("exception.no_resolution") { _ = try call(world, "olga", "action_resolve", ids) }
        #expect(throws: Refusal.self) { try call(world, "joe", "action_dismiss", ids, ["reason": "No."]) }
        _ = try call(world, "otto", "action_resolve", Array(ids[0..<2]), ["resolution": "Done."])
        _ = try call(world, "otto", "action_dismiss", Array(ids[2...]), ["reason": "Noise."])
        try world.act { env in
            let items = env.records(ExceptionCase.self, ids)
            #expect(items.map(\.state) == [.resolved, .resolved, .dismissed, .dismissed])
            #expect(items.map { $0.user?.id } == [otto, otto, 2, 2])
        }
    }

    @Test("discarded jobs are tried again in bulk: they stand in their queues, and what cannot be tried stays and says why")
    func retryJobs() async throws {
        let world = try world()
        let queue = JobQueue(world.database)
        for number in 0..<2 { try await queue.enqueue(JobRequest("probe", queue: "probe", payload: ["n": .int(number)]), maxAttempts: 1) }
        let jobs = try await queue.claim("probe", owner: "test")
        for job in jobs { try await queue.fail(job.lease, error: "broken") }
        #expect(try await queue.counts("probe") == [.discarded: 2])
        let ids = try jobs.map { try raise(world, "job.discarded", source: "jobs", reference: "job:\($0.id)") }
        let missing = try raise(world, "job.discarded", source: "jobs", reference: "job:999")
        let rule = try raise(world, "rule.broken")
        let answer = try call(world, "olga", "action_retry", ids + [missing, rule]).listValue?.compactMap(\.mapValue) ?? []
        #expect(answer.map { $0["retried"] } == [true, true, false, false])
        #expect(try await queue.counts("probe") == [.available: 2])
        try world.act { env in
            let items = env.records(ExceptionCase.self, ids + [missing, rule])
            #expect(items.map(\.state) == [.resolved, .resolved, .open, .open])
            #expect(items.map(\.retries) == [1, 1, 0, 0])
        }
    }

    @Test("a mail that failed goes out again")
    func retryMails() async throws {
        let world = try world()
        let id = try world.act { env in
            let mail = try env.create(OutgoingMail.self, ["subject": "Hello", "email_to": "a@example.org", "state": "exception"])
            return try ExceptionCase.raise("mail.failed", "Failed", remedy: "", source: "mail", on: mail.records, in: env).id
        }
        _ = try call(world, "olga", "action_retry", [id])
        let states = try world.act { try $0.search(OutgoingMail.self).map(\.state) }
        #expect(states == [.outgoing])
        #expect(try await JobQueue(world.database).counts("mail") == [.available: 1])
    }

    @Test("past its deadline an exception is escalated once, to the user of the setting, with an activity that ends with it")
    func escalation() async throws {
        let world = try world()
        let mia = try world.user("mia").id
        try world.act { env in try env.create(Parameter.self, ["key": .text(Escalation.setting), "value": .text(String(mia))]).id }
        let late = try raise(world, "rule.broken", reference: "late")
        let done = try raise(world, "rule.broken", reference: "done")
        let moved = try raise(world, "rule.broken", reference: "moved")
        _ = try call(world, "olga", "action_resolve", [done], ["resolution": "In time."])
        try world.act(as: "olga") { env in
            try env.records(ExceptionCase.self, [moved]).write(["deadline": .instant(env.now + 86_400)])
        }
        world.clock.advance(seconds: 8 * 3_600)
        try await work(world)
        try await work(world)
        try world.act { env in
            let items = env.records(ExceptionCase.self, [late, done, moved])
            #expect(items.map { $0.escalatedTo?.id } == [mia, nil, nil])
            let planned = try env.search(Activity.self, .where("res_model", .equal, "ops.exception"))
            #expect(planned.map { $0.user?.id } == [mia])
        }
        _ = try call(world, "olga", "action_resolve", [late], ["resolution": "Late."])
        try world.act { env in
            let planned = try env.search(Activity.self, .where("res_model", .equal, "ops.exception"))
            #expect(planned.isEmpty)
        }
    }

    private func work(_ world: World) async throws {
        for job in try await JobQueue(world.database).claim(Escalation.queue, owner: "test", limit: 50) {
            try await world.database.write(as: .system, superuser: true) { env in
                try JobTable(env)?.complete(job.lease, now: env.now)
                try Escalation.escalate(job, env)
            }
        }
    }
}
