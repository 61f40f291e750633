import Base
import Exceptions
import Governance
import Kernel
import Messaging
import Store
import TestKit
import Testing

@testable import Automation

@Suite struct SMSTests {
    private func template(_ desk: Desk, _ body: String = "Dear {{ object.partner_id.name or 'customer' }}: {{ object.name }}") throws -> Int
    {
        try desk.world.act { env in
            try env.create(
                SMSTemplate.self,
                ["name": "Ready", "model_id": .int(try Desk.modelId("desk.ticket", env)), "body": .text(body)]
            ).id
        }
    }

    private func partner(_ desk: Desk, _ phone: String) throws -> Int {
        try desk.world.act { env in try env.create(Partner.self, ["name": "Ada", "phone": .text(phone)]).id }
    }

    private func texts(_ desk: Desk) throws -> [String] {
        try desk.world.act { env in
            try env.search(SMS.self, order: "id").map {
                "\($0.number) \($0.state?.rawValue ?? "") \($0.failure?.rawValue ?? "-") \($0.body)"
            }
        }
    }

    private func jobs(_ desk: Desk) throws -> Int {
        try desk.world.database.inspectBlocking { connection in
            try connection.first("SELECT count(*) FROM baton_job WHERE queue = 'sms'", [], .integer)?.intValue ?? -1
        }
    }

    @Test("an action sends a text to the record's contact, from its template, with Odoo's field names, and it waits as outgoing")
    func sends() throws {
        let desk = try Desk()
        let id = try template(desk)
        try desk.rule("R", "on_create", actions: [["state": "sms", "sms_template_id": .int(id), "sms_method": "sms"]])
        let ticket = try desk.ticket(["name": "Your pump is ready", "partner_id": .int(try partner(desk, "+1 (312) 555-0142"))])
        #expect(try texts(desk) == ["+13125550142 outgoing - Dear Ada: Your pump is ready"])
        #expect(try jobs(desk) == 1)
        let noted = try desk.world.act { env in
            try env.count(Message.self, .where("res_id", .equal, .int(ticket)) & .where("body", .like, "Dear Ada"))
        }
        #expect(noted == 0, "without a note")
    }

    @Test("nothing is queued when the unit of work is undone")
    func rollback() throws {
        let desk = try Desk()
        let id = try template(desk)
        try desk.rule("R", "on_create", actions: [["state": "sms", "sms_template_id": .int(id)]])
        let ada = try partner(desk, "+13125550142")
        #expect(throws: Refusal.self) {
            try desk.world.act { env in
                _ = try env.create(DeskTicket.self, ["name": "Never", "partner_id": .int(ada)])
                throw Refusal("test.stop", .userError, "Stop.", instruction: "Go on.")
            }
        }
        #expect(try texts(desk).isEmpty && jobs(desk) == 0)
    }

    @Test("a note can go with the text, or stand alone in the chatter", arguments: ["comment", "note"])
    func notes(_ method: String) throws {
        let desk = try Desk()
        let id = try template(desk)
        try desk.rule("R", "on_create", actions: [["state": "sms", "sms_template_id": .int(id), "sms_method": .text(method)]])
        let ticket = try desk.ticket(["name": "<Pump>", "partner_id": .int(try partner(desk, "+13125550142"))])
        let body = try desk.world.act { env in
            try env.search(Message.self, .where("res_id", .equal, .int(ticket)) & .where("body", .like, "Dear Ada")).map(\.body)
        }
        #expect(body == ["<p>Dear Ada: &lt;Pump&gt;</p>"])
        #expect(try texts(desk).count == (method == "note" ? 0 : 1))
    }

    @Test("a number that is missing or cannot be called is an error with an owner, and the text leaves once it was corrected")
    func numbers() throws {
        let desk = try Desk()
        let id = try template(desk, "Hello")
        try desk.rule("R", "on_create", actions: [["state": "sms", "sms_template_id": .int(id)]])
        _ = try desk.ticket(["name": "A"])
        _ = try desk.ticket(["name": "B", "partner_id": .int(try partner(desk, "call me"))])
        #expect(try texts(desk) == [" error sms_number_missing Hello", "call me error sms_number_format Hello"])
        let raised = try desk.world.act { env in
            try env.search(ExceptionCase.self, .where("cause", .equal, "sms.failed")).map {
                "\($0.state?.rawValue ?? "") \($0.user?.id ?? 0)"
            }
        }
        #expect(raised == ["open 2", "open 2"])
        try desk.world.makeUser("root", groups: ["base.group_system"])
        let failed = try desk.world.act { try $0.search(SMS.self, order: "id").ids }
        try desk.world.act(as: "root") { env in
            let messages = env.records(SMS.self, failed)
            try env.record(SMS.self, failed[0]).write(["number": "0049 30 123 45 67"])
            _ = try messages.call("resend_failed")
        }
        #expect(try texts(desk) == ["+49301234567 outgoing - Hello", "call me error sms_number_format Hello"])
        #expect(try jobs(desk) == 1)
    }

    @Test(
        "numbers become those of E.164, with the country's code where they name none",
        arguments: [
            ("+1 312.555-0142", 0, "+13125550142"), ("00 44 20 7946 0018", 0, "+442079460018"), ("030/1234567", 49, "+49301234567"),
            ("312 555 0142", 1, "+13125550142"), ("312 555 0142", 0, nil), ("+1", 0, nil), ("+1234567890123456", 0, nil), ("", 49, nil),
            ("+44 20 79x6", 0, nil), ("+0123456789", 0, nil),
        ] as [(String, Int, String?)])
    func international(_ item: (String, Int, String?)) {
        #expect(SMSNumber.international(item.0, countryCode: item.1) == item.2)
    }

    @Test("an action without a template warns, one with a template of another model or without a chatter to note in is refused")
    func refusals() throws {
        let desk = try Desk()
        let id = try template(desk)
        func code(_ model: String, _ action: ValueMap) -> String? {
            do { try desk.rule("R", "on_create", model: model, actions: [action]) } catch { return (error as? Refusal)?.code }
            return nil
        }
        #expect(code("desk.ticket", ["state": "sms"]) == "automation.action_warning")
        #expect(code("res.partner", ["state": "sms", "sms_template_id": .int(id)]) == "automation.sms_model")
        #expect(code("desk.plain", ["state": "sms", "sms_method": "comment"]) == "automation.no_chatter")
        let bad = #expect(throws: Refusal.self) { _ = try template(desk, "{{ object.nowhere }}") }
        #expect(bad?.code == "field.unknown")
        try desk.rule(
            "L", "on_create",
            actions: [["state": "sms", "sms_template_id": .int(try template(desk, String(repeating: "x", count: 1_531)))]])
        let long = #expect(throws: Refusal.self) {
            _ = try desk.ticket(["name": "A", "partner_id": .int(try partner(desk, "+13125550142"))])
        }
        #expect(long?.code == "sms.too_long")
    }

    @Test("only administrators see texts, nobody writes their state, and one that was called off is not sent")
    func access() throws {
        let desk = try Desk()
        let sms = try desk.world.act { env in try env.create(SMS.self, ["number": "+13125550142", "body": "Hello"]).id }
        let denied = #expect(throws: Refusal.self) { try desk.world.read(as: "ann") { _ = try $0.search(SMS.self).ids } }
        #expect(denied?.code == "access.denied")
        try desk.world.makeUser("root", groups: ["base.group_system"])
        let kept = #expect(throws: Refusal.self) {
            try desk.world.act(as: "root") { try $0.record(SMS.self, sms).write(["state": "sent"]) }
        }
        #expect(kept?.code == "sms.protected_field")
        try desk.world.act(as: "root") { env in _ = try env.records(SMS.self, [sms]).call("action_set_canceled") }
        #expect(try texts(desk) == ["+13125550142 canceled - Hello"])
    }

    @Test("a text of a template that nobody released is not sent")
    func released() throws {
        let desk = try Desk()
        try desk.world.makeUser("root", groups: ["base.group_system"])
        let id = try desk.world.act(as: "root") { env in
            try env.create(SMSTemplate.self, ["name": "Draft", "model": "desk.ticket", "body": "Hello"]).id
        }
        try desk.rule("R", "on_create", actions: [["state": "sms", "sms_template_id": .int(id)]])
        let refusal = #expect(throws: Refusal.self) {
            _ = try desk.ticket(["name": "A", "partner_id": .int(try partner(desk, "+13125550142"))])
        }
        #expect(refusal?.code == "automation.not_released")
    }
}
