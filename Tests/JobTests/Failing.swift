import Automation
import Base
import Exceptions
import HTTPServer
import JSON
import Kernel
import MIME
import Messaging
import Schedules
import Store
import TestKit
import Testing
import Webhooks

@testable import Engine

/// A whole plant with every kind of machine in it, each of which can be broken and mended.
final class Plant: Sendable {
    let world: World
    let runner: JobRunner
    let isBroken = Locked(true)
    /// What has really been done, by whatever did it.
    let done = Locked(0)

    init() throws {
        let (isBroken, done) = (isBroken, done)
        let machine = BuiltInSchedule("plant.machine", "Machine", every: 1, .months) { _ in
            if isBroken.withLock({ $0 }) { throw Refusal("plant.broken", .internalFault, "The machine is broken.") }
            done.withLock { $0 += 1 }
        }
        let app = App("plant", "Plant", needs: ["schedules"]) { $0.offer(machine) }
        world = try World(apps: World.apps + [app])
        let database = world.database
        let sender = try #require(MailAddress("desk@harbour.example"))
        let handlers = [
            CronRunner(database).handler, AutomationTime.handler(database), RuleFailure.handler(database),
            WebhookSender(database: database, transport: Road(isBroken: isBroken, done: done)).handler,
            IncomingDesk(database).handler,
            MailSender(
                database: database, transport: Road(isBroken: isBroken, done: done), sender: sender, onFailure: Failures.mail,
                onSent: Failures.mailSent
            ).handler,
            JobHandler(
                "plant.job",
                outside: { _ in
                    if isBroken.withLock({ $0 }) { throw JobFailure.hopeless(reason: "It is broken.") }
                    done.withLock { $0 += 1 }
                    return { _ in }
                }),
        ]
        let queues = [Dispatch.queue, AutomationTime.queue, WebhookSender.queue, MailSender.queue, "plant"]
        runner = JobRunner(
            database: database, handlers: handlers, options: JobOptions(queues: queues.map { JobOptions.Queue($0) }),
            onDiscard: Failures.job)
        RuleFailure.watch(database)
        try world.makeUser("olga", groups: ["exceptions.group_user", "base.group_partner_manager"])
        try world.act { env in try CronKeeper.mend(env) }
    }

    /// Runs what is due; what fails now is given up at its first attempt.
    func work() async throws {
        world.clock.advance(seconds: 90)
        try await runner.drain()
    }

    /// A rule of contacts that copies a tag which is not there, so that it fails until the tag is.
    func rule(_ trigger: String, _ more: ValueMap = [:]) throws -> Int {
        try world.act { env in
            let model = try #require(try env.search(ModelRecord.self, .where("model", .equal, "res.partner"), limit: 1).first).id
            let action: ValueMap = [
                "state": "object_copy", "model_id": .int(model), "usage": "base_automation", "resource_ref": "res.partner.category,999999",
            ]
            let rule: ValueMap = [
                "name": "Copier", "model_id": .int(model), "trigger": .text(trigger),
                "action_server_ids": .list([.list([0, 0, .map(action)])]),
            ]
            return try env.create(AutomationRule.self, rule.merging(more)).id
        }
    }

    func mendRule() throws {
        try world.act { env in
            let tag = try env.create(PartnerTag.self, ["name": "Copied"]).id
            try env.search(ServerAction.self, .where("state", .equal, "object_copy")).write([
                "resource_ref": .text("res.partner.category,\(tag)")
            ])
        }
    }

    /// How many copies of the tag there are.
    func copies() throws -> Int { max(try world.act { try $0.count(PartnerTag.self, .where("name", .like, "Copied")) } - 1, 0) }
}

/// Where mails and webhooks travel.
private struct Road: WebhookTransport, MailTransport {
    let isBroken: Locked<Bool>
    let done: Locked<Int>

    func send(_ message: WebhookMessage, to addresses: ReachableAddresses) throws(WebhookFailure) -> WebhookAnswer {
        if isBroken.withLock({ $0 }) { throw WebhookFailure("The road is broken.", isFinal: true) }
        done.withLock { $0 += 1 }
        return WebhookAnswer(status: 200, retryAfterSeconds: 0)
    }

    func send(from sender: String, to recipients: [String], _ content: [UInt8]) throws(MailRefusal) {
        if isBroken.withLock({ $0 }) { throw MailRefusal(code: 550, reason: "The road is broken.") }
        done.withLock { $0 += 1 }
    }
}

/// One kind of thing that can fail: how its exception looks, how it is made to fail, and how often it has really been done.
struct Failing: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let cause: String
    let kind: String
    /// Makes it fail for the first time.
    let fail: @Sendable (Plant) async throws -> Void
    var mend: @Sendable (Plant) throws -> Void = { plant in plant.isBroken.withLock { $0 = false } }
    var done: @Sendable (Plant) throws -> Int = { plant in plant.done.withLock { $0 } }

    static let all = [
        Failing(testDescription: "a schedule", cause: "schedule.failed", kind: "schedules") { try await $0.work() },
        Failing(testDescription: "a delivery", cause: "webhook.dead", kind: "webhooks") { plant in
            try plant.world.act { env in _ = try Webhooks.enqueue(url: "https://lab.example/hook", payload: ["a": 1], env: env) }
            try await quietly(plant)
        },
        Failing(testDescription: "a mail", cause: "mail.failed", kind: "mail") { plant in
            try plant.world.act { env in
                let mail = try env.create(
                    OutgoingMail.self, ["subject": "Hello", "body_html": "<p>Hello</p>", "email_to": "a@example.org"])
                try env.unit.transaction.enqueue(JobRequest("mail.send", queue: "mail", payload: ["mail_id": .int(mail.id)]))
            }
            try await quietly(plant)
        },
        Failing(testDescription: "a job", cause: "job.discarded", kind: "jobs") { plant in
            try plant.world.act { env in try env.unit.transaction.enqueue(JobRequest("plant.job", queue: "plant", payload: [:])) }
            try await quietly(plant)
        },
        rule("a rule in somebody's change") { plant in
            _ = try plant.rule("on_write")
            let id = try plant.world.act { env in try env.create(Partner.self, ["name": "Site"]).id }
            #expect(throws: Refusal.self) {
                try plant.world.act(as: "olga") { env in try env.record(Partner.self, id).write(["name": "Clinic"]) }
            }
            // The exception is raised beside the change that was undone.
            #expect(await eventually { ((try? plant.world.act { try $0.count(ExceptionCase.self) }) ?? 0) > 0 })
        },
        rule("a rule of a clock") { plant in
            let rule = try plant.rule(
                "on_time_created", ["trg_date_range": 1, "trg_date_range_type": "minutes", "filter_domain": "[('name', '=', 'Late')]"])
            try plant.world.act { env in
                try env.record(AutomationRule.self, rule).write(["last_run": .instant(env.now)])
                try env.create(Partner.self, ["name": "Late"])
            }
            plant.world.clock.advance(seconds: 90)
            try plant.world.act { env in try AutomationTime.run(env) }
            try await quietly(plant)
        },
        Failing(
            testDescription: "a call that comes in", cause: "webhook.call_failed", kind: "webhooks",
            fail: { plant in
                let rule = try plant.rule("on_webhook")
                let (hook, id) = try plant.world.act { env in
                    (env.record(AutomationRule.self, rule).webhook, try env.create(Partner.self, ["name": "Site"]).id)
                }
                let desk = IncomingDesk(plant.world.database)
                let payload: JSON = ["_model": "res.partner", "_id": JSON(id)]
                let found = try #require(try await desk.find(hook))
                let call = IncomingDesk.Call(
                    hook: hook, payload: payload, body: payload.serialized(), id: nil, timestamp: nil, signature: nil)
                #expect(try await desk.receive(call, at: found) == .failed)
            }, mend: { try $0.mendRule() }, done: { try $0.copies() }),
    ]

    private static func rule(_ name: String, _ fail: @escaping @Sendable (Plant) async throws -> Void) -> Failing {
        Failing(
            testDescription: name, cause: "automation.rule_failed", kind: "automation", fail: fail, mend: { try $0.mendRule() },
            done: { try $0.copies() })
    }

    /// Runs what is due with the machine's schedule out of the way.
    private static func quietly(_ plant: Plant) async throws {
        try plant.world.act { env in
            try env.search(Cron.self).write(["nextcall": .instant(env.now + 400 * 86_400)])
        }
        try await plant.work()
    }
}
