import Automation
import Base
import Engine
import Exceptions
import JSON
import Kernel
import Messaging
import TestKit
import Testing
import Webhooks

@Suite struct TriggerTests {
    private let mark = [Desk.set("mark", "ran")]

    @Test("on create runs on new records that meet its domain, not on others and not on writes")
    func onCreate() throws {
        let desk = try Desk()
        try desk.rule("R", "on_create", ["filter_domain": "[('note', '=', 'yes')]"], actions: mark)
        let other = try desk.ticket(["note": "no"])
        #expect(try desk.mark(desk.ticket(["note": "yes"])) == "ran")
        try desk.write(other, ["note": "yes"])
        #expect(try desk.mark(other) == "")
    }

    @Test("on update runs on writes only, and only when a watched field really changed")
    func onWrite() throws {
        let desk = try Desk()
        let note = try desk.fieldId("note")
        try desk.rule("R", "on_write", ["trigger_field_ids": .list([[6, 0, .ids([note])]])], actions: mark)
        let id = try desk.ticket(["note": "a"])
        try desk.write(id, ["name": "Other"])
        try desk.write(id, ["note": "a"])
        #expect(try desk.mark(id) == "")
        try desk.write(id, ["note": "b"])
        #expect(try desk.mark(id) == "ran")
    }

    @Test("on save takes the fields of its domain as watched ones")
    func onSave() throws {
        let desk = try Desk()
        let rule = try desk.rule("R", "on_create_or_write", ["filter_domain": "[('note', '=', 'yes')]"], actions: [Desk.set("count", "7")])
        let note = try desk.fieldId("note")
        #expect(try desk.world.act { env in env.record(AutomationRule.self, rule).watched.ids } == [note])
        let id = try desk.ticket(["note": "yes"])
        #expect(try desk.value(id, "count") == 7)
        try desk.world.act { env in env.record(DeskTicket.self, id).count = 0 }
        #expect(try desk.value(id, "count") == 0)
        try desk.write(id, ["note": "no"])
        try desk.write(id, ["note": "yes"])
        #expect(try desk.value(id, "count") == 7)
    }

    @Test("stage is set to: the domain follows from the stage, on create and on write")
    func onStageSet() throws {
        let desk = try Desk()
        let (first, second) = (try desk.make(DeskStage.self, "One"), try desk.make(DeskStage.self, "Two"))
        let rule = try desk.rule("R", "on_stage_set", ["trg_field_ref": .int(second)], actions: mark)
        let domain = try desk.world.act { env in env.record(AutomationRule.self, rule).domain }
        #expect(domain == "[('stage_id', '=', \(second))]")
        let id = try desk.ticket(["stage_id": .int(first)])
        #expect(try desk.mark(id) == "")
        try desk.write(id, ["stage_id": .int(second)])
        #expect(try desk.mark(id) == "ran")
        #expect(try desk.mark(desk.ticket(["stage_id": .int(second)])) == "ran")
    }

    @Test("user is set: runs when somebody is in charge, not when nobody is")
    func onUserSet() throws {
        let desk = try Desk()
        try desk.rule("R", "on_user_set", actions: mark)
        let id = try desk.ticket()
        #expect(try desk.mark(id) == "")
        try desk.write(id, ["user_id": 2])
        #expect(try desk.mark(id) == "ran")
    }

    @Test("tag is added: runs when the tag was not there before")
    func onTagSet() throws {
        let desk = try Desk()
        let (red, blue) = (try desk.make(DeskTag.self, "Red"), try desk.make(DeskTag.self, "Blue"))
        let rule = try desk.rule("R", "on_tag_set", ["trg_field_ref": .int(red)], actions: [Desk.set("mark", "tagged")])
        try desk.world.act { env in
            #expect(env.record(AutomationRule.self, rule).preDomain == "[('tag_ids', 'not in', [\(red)])]")
            #expect(env.record(AutomationRule.self, rule).domain == "[('tag_ids', 'in', [\(red)])]")
        }
        let id = try desk.ticket(["tag_ids": .list([[4, .int(blue), 0]])])
        #expect(try desk.mark(id) == "")
        try desk.write(id, ["tag_ids": .list([[4, .int(red), 0]])])
        #expect(try desk.mark(id) == "tagged")
        try desk.write(id, ["mark": ""])
        try desk.write(id, ["tag_ids": .list([[3, .int(blue), 0]])])
        #expect(try desk.mark(id) == "")
    }

    @Test("state and priority are set to: the domain follows from the choice")
    func onChoices() throws {
        let desk = try Desk()
        try desk.rule("S", "on_state_set", ["trg_selection_field_id": .int(try desk.choiceId("state", "open"))], actions: mark)
        try desk.rule(
            "P", "on_priority_set", ["trg_selection_field_id": .int(try desk.choiceId("priority", "2"))], actions: [Desk.set("count", "9")])
        let id = try desk.ticket()
        #expect(try desk.mark(id) == "")
        try desk.write(id, ["state": "open"])
        #expect(try desk.mark(id) == "ran")
        try desk.write(id, ["priority": "1"])
        #expect(try desk.value(id, "count") == 0)
        try desk.write(id, ["priority": "2"])
        #expect(try desk.value(id, "count") == 9)
    }

    @Test("on archived and on unarchived run when a record goes and comes back")
    func onArchive() throws {
        let desk = try Desk()
        try desk.rule("A", "on_archive", actions: [Desk.set("mark", "gone")])
        try desk.rule("U", "on_unarchive", actions: [Desk.set("mark", "back")])
        let id = try desk.ticket()
        #expect(try desk.mark(id) == "")
        try desk.write(id, ["active": false])
        #expect(try desk.mark(id) == "gone")
        try desk.write(id, ["active": true])
        #expect(try desk.mark(id) == "back")
    }

    @Test("on deletion runs before the record goes, and its failure keeps the record")
    func onDeletion() throws {
        let desk = try Desk()
        let other = try desk.ticket()
        try desk.rule(
            "R", "on_unlink", ["filter_domain": "[('other_id', '!=', False)]"], actions: [Desk.set("other_id.mark", "orphan")])
        let id = try desk.ticket(["other_id": .int(other)])
        try desk.world.act(as: "ann") { env in try env.records(DeskTicket.self, [id]).unlink() }
        #expect(try desk.mark(other) == "orphan")
    }

    @Test("messages set rules off: a customer's as received, ours as sent, notes and notifications not at all")
    func onMessages() throws {
        let desk = try Desk()
        try desk.rule("I", "on_message_received", actions: [Desk.set("mark", "in")])
        try desk.rule("O", "on_message_sent", actions: [Desk.set("note", "out")])
        let id = try desk.ticket()
        let customer = try desk.make(Partner.self, "Customer")
        let post: @Sendable (String, String, Int?) throws -> Void = { body, subtype, author in
            try desk.world.act(as: "ann") { env in
                var post = Post(body: body, kind: author == nil ? .comment : .email, subtype: subtype)
                post.author = author
                _ = try Chatter.post(on: env.record(DeskTicket.self, id).records, post)
            }
        }
        try post("<p>Note</p>", "mail.mt_note", nil)
        #expect(try desk.mark(id) == "" && desk.text(id, "note") == "")
        try post("<p>Hello</p>", "mail.mt_comment", nil)
        #expect(try desk.mark(id) == "" && desk.text(id, "note") == "out")
        try post("<p>Hello back</p>", "mail.mt_comment", customer)
        #expect(try desk.mark(id) == "in")
    }

    @Test("a stored value that is computed again sets rules off, with its old and new value")
    func onRecomputation() throws {
        let desk = try Desk()
        let dear = try desk.fieldId("is_dear")
        try desk.rule(
            "R", "on_write",
            [
                "filter_pre_domain": "[('is_dear', '=', False)]", "filter_domain": "[('is_dear', '=', True)]",
                "trigger_field_ids": .list([[6, 0, .ids([dear])]]),
            ], actions: mark)
        let id = try desk.ticket()
        try desk.write(id, ["cost": 50])
        #expect(try desk.mark(id) == "")
        try desk.write(id, ["cost": 500])
        #expect(try desk.mark(id) == "ran")
        try desk.write(id, ["mark": "", "cost": 600])
        #expect(try desk.mark(id) == "")
    }

    @Test("the condition before the change is asked of the old values, the one after of the new ones")
    func beforeAndAfter() throws {
        let desk = try Desk()
        try desk.rule(
            "R", "on_write", ["filter_pre_domain": "[('state', '=', 'open')]", "filter_domain": "[('state', '=', 'done')]"], actions: mark)
        let (skipped, walked) = (try desk.ticket(), try desk.ticket())
        try desk.write(skipped, ["state": "done"])
        #expect(try desk.mark(skipped) == "")
        try desk.write(walked, ["state": "open"])
        try desk.write(walked, ["state": "done"])
        #expect(try desk.mark(walked) == "ran")
    }

    @Test("several records written at once run the rule for those that match only")
    func manyAtOnce() throws {
        let desk = try Desk()
        try desk.rule("R", "on_write", ["filter_domain": "[('note', '=', 'b')]"], actions: mark)
        let ids = try (0..<4).map { try desk.ticket(["note": .text($0 % 2 == 0 ? "a" : "b")]) }
        try desk.world.act(as: "ann") { env in try env.records(DeskTicket.self, ids).write(["count": 1]) }
        #expect(try ids.map { try desk.mark($0) } == ["", "ran", "", "ran"])
    }

    /// A call at a webhook, as the door makes it.
    private func call(_ desk: Desk, _ name: String, _ payload: JSON) async throws -> IncomingDesk.Outcome {
        let incoming = IncomingDesk(desk.world.database)
        guard let hook = try await incoming.find(name) else { return .unknown }
        let call = IncomingDesk.Call(
            hook: name, payload: payload, body: payload.serialized(), id: nil, timestamp: nil, signature: nil)
        return try await incoming.receive(call, at: hook)
    }

    @Test("a webhook runs the rule on the record that the payload names, and says no more than how it went")
    func onWebhook() async throws {
        let desk = try Desk()
        let rule = try desk.rule("R", "on_webhook", ["log_webhook_calls": true], actions: mark)
        let name = try desk.world.act { env in env.record(AutomationRule.self, rule).webhook }
        let id = try desk.ticket()
        #expect(try await call(desk, name, ["_model": "desk.ticket", "_id": JSON(id)]) == .done)
        #expect(try desk.mark(id) == "ran")
        #expect(try await call(desk, "0".repeated(36), ["_model": "desk.ticket", "_id": JSON(id)]) == .unknown)
        #expect(try await call(desk, name, ["_model": "desk.ticket", "_id": 999_999]) == .failed)
        #expect(try await call(desk, name, ["_model": "res.users", "_id": 2]) == .failed)
        let (cases, lines) = try desk.world.act { env in
            (
                try env.search(ExceptionCase.self, .where("cause", .equal, "webhook.call_failed")).map(\.occurrences),
                try env.search(LogLine.self, .where("path", .equal, .text("base_automation(\(rule))"))).count
            )
        }
        #expect(cases == [1, 1], "each call can be run again by itself")
        #expect(lines == 3)
    }

    @Test("a rotated webhook address is another one, and the old one is unknown")
    func rotatedWebhook() async throws {
        let desk = try Desk()
        let rule = try desk.rule(
            "R", "on_webhook", ["record_getter": "model.search([('name', '=', payload.get('ticket.name'))], limit=1)"], actions: mark)
        let id = try desk.ticket(["name": "Pump"])
        let (old, new) = try desk.world.act { env in
            let record = env.record(AutomationRule.self, rule)
            let old = record.webhook
            _ = try env.registry.requireModel("base.automation").method("action_rotate_webhook_uuid")?.body(record.records, [:])
            return (old, record.webhook)
        }
        #expect(old != new)
        #expect(try await call(desk, old, ["ticket": ["name": "Pump"]]) == .unknown)
        #expect(try await call(desk, new, ["ticket": ["name": "Pump"]]) == .done)
        #expect(try desk.mark(id) == "ran")
    }

    @Test("a form's edit runs code rules on the draft, and nothing else")
    func onEdit() throws {
        let desk = try Desk()
        let note = try desk.fieldId("note")
        let refusal = #expect(throws: Refusal.self) {
            try desk.rule("R", "on_change", ["on_change_field_ids": .list([[6, 0, .ids([note])]])], actions: mark)
        }
        #expect(refusal?.code == "automation.only_code")
        try desk.rule("C", "on_create", actions: mark)
        // A draft is not saved: rules of saving do not run on it.
        try desk.world.act(as: "ann") { env in
            env.unit.isDraft = true
            let draft = try env.create(DeskTicket.self, ["name": "Draft"])
            #expect(draft.mark == "")
        }
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
