import Automation
import Base
import JSON
import Kernel
import Messaging
import TestKit
import Testing

@Suite struct ActionTests {
    /// Makes a rule "on create" with one action, and a ticket; gives the ticket.
    private func run(_ desk: Desk, _ action: ValueMap, on values: ValueMap = [:]) throws -> Int {
        try desk.rule("R", "on_create", actions: [action])
        return try desk.ticket(values)
    }

    @Test("update record writes each kind of field, through a path, and refuses a path that does not exist")
    func updating() throws {
        let desk = try Desk()
        let other = try desk.ticket()
        let urgent = try desk.choiceId("priority", "2")
        try desk.rule(
            "R", "on_create",
            actions: [
                Desk.set("count", "12"), Desk.set("cost", "99.5"), Desk.set("day", "2026-05-04"),
                Desk.set("is_known", "", ["update_boolean_value": "true"]), Desk.set("priority", "", ["selection_value": .int(urgent)]),
                Desk.set("text", "", ["html_value": "<p>Hi</p>"]), Desk.set("plain_id", "", ["resource_ref": .null]),
                Desk.set("user_id", "2"), Desk.set("other_id.note", "reached"),
            ])
        let id = try desk.ticket(["other_id": .int(other), "plain_id": .null])
        try desk.world.act { env in
            let ticket = env.record(DeskTicket.self, id)
            #expect(ticket.count == 12 && ticket.cost == Amount("99.5") && ticket.day == Day(2026, 5, 4))
            #expect(ticket.isKnown && ticket.priority == .urgent && ticket.text == "<p>Hi</p>" && ticket.user?.id == 2)
        }
        #expect(try desk.text(other, "note") == "reached")
        let refusal = #expect(throws: Refusal.self) { try desk.rule("B", "on_create", actions: [Desk.set("other_id.nope", "x")]) }
        #expect(refusal?.code == "automation.bad_path")
        let choice = #expect(throws: Refusal.self) { try desk.rule("C", "on_create", actions: [Desk.set("priority", "9")]) }
        #expect(choice?.instruction.contains("0, 1, 2") ?? false)
    }

    @Test("update record adds to, takes from, sets and clears lists of links")
    func updatingLists() throws {
        let desk = try Desk()
        let (red, blue) = (try desk.make(DeskTag.self, "Red"), try desk.make(DeskTag.self, "Blue"))
        for (operation, wanted) in [("add", [red, blue]), ("remove", [red]), ("set", [blue]), ("clear", [])] {
            let action = Desk.set(
                "tag_ids", "",
                ["update_m2m_operation": .text(operation), "resource_ref": .text("desk.tag,\(operation == "remove" ? blue : blue)")])
            let rule = try desk.rule(operation, "on_create", actions: [action])
            let start = operation == "remove" ? [red, blue] : [red]
            let id = try desk.ticket(["tag_ids": .list([[6, 0, .ids(start)]])])
            #expect(try desk.value(id, "tag_ids").idList?.sorted() == wanted.sorted())
            try desk.world.act { env in env.record(AutomationRule.self, rule).active = false }
        }
    }

    @Test("update record takes a value from an expression, and a number from a sequence")
    func updatingByExpression() throws {
        let desk = try Desk()
        let numbers = try desk.world.act { env in
            try env.create(Sequence.self, ["name": "Tickets", "prefix": "T/", "padding": 3]).id
        }
        try desk.rule(
            "R", "on_create",
            actions: [
                Desk.set("count", "record.name.length * 2", ["evaluation_type": "equation", "sequence": 1]),
                Desk.set("user_id", "env.user", ["evaluation_type": "equation", "sequence": 2]),
                Desk.set("note", "", ["evaluation_type": "sequence", "sequence_id": .int(numbers), "sequence": 3]),
            ])
        let id = try desk.ticket(["name": "Pump"])
        #expect(try desk.value(id, "count") == 8)
        #expect(try desk.text(id, "note") == "T/001")
        #expect(try desk.value(id, "user_id").intValue == desk.world.user("ann").id)
    }

    @Test("create record makes one by its name and links it; duplicate record copies one and links it")
    func creatingAndCopying() throws {
        let desk = try Desk()
        let plain = try desk.world.act { env in try Desk.modelId("desk.plain", env) }
        let (plainLink, otherLink) = (try desk.fieldId("plain_id"), try desk.fieldId("other_id"))
        let pattern = try desk.ticket(["note": "pattern"])
        let id = try run(
            desk, ["state": "object_create", "crud_model_id": .int(plain), "value": "Made", "link_field_id": .int(plainLink)])
        #expect(try desk.world.act { env in env.record(DeskTicket.self, id).plain?.displayedName } == "Made")
        let made = try desk.world.act { env in
            let rule = try env.search(AutomationRule.self).first
            try rule?.write([
                "trigger": "on_write",
                "action_server_ids": [
                    [5, 0, 0],
                    [
                        0, 0,
                        [
                            "model_id": .int(try Desk.modelId("desk.ticket", env)), "state": "object_copy",
                            "resource_ref": .text("desk.ticket,\(pattern)"), "link_field_id": .int(otherLink),
                        ],
                    ],
                ],
            ])
            return rule?.actions.count
        }
        #expect(made == 1)
        try desk.write(id, ["count": 1])
        #expect(try desk.world.act { env in env.record(DeskTicket.self, id).other?.note } == "pattern")
        #expect(try desk.value(id, "other_id") != .int(pattern))
    }

    @Test("execute code sees the records, writes them, logs, and its history keeps the last hundred")
    func code() throws {
        let desk = try Desk()
        let id = try run(
            desk, ["state": "code", "code": "log('seen ' + record.name); for (const r of records) r.write({mark: r.name.toUpperCase()});"],
            on: ["name": "pump"])
        #expect(try desk.mark(id) == "PUMP")
        let (lines, kept) = try desk.world.act { env in
            let action = try env.search(ServerAction.self).first
            for number in 0..<105 { action?.code = "return \(number)" }
            return (try env.search(LogLine.self).map(\.message), try env.search(ActionHistory.self).map(\.code))
        }
        #expect(lines == ["seen pump"])
        #expect(kept.count == 100 && kept.first == "return 104")
        let refusal = #expect(throws: Refusal.self) {
            try desk.world.act { env in try env.search(ServerAction.self).first?.write(["code": "for ("]) }
        }
        #expect(refusal?.code == "script.syntax")
    }

    @Test("code sees what Odoo tells actions: the active records, and after a write what stood in the fields before it")
    func oldValues() throws {
        let desk = try Desk()
        let code = """
            const context = env.context, old = context.old_values?.[record.id];
            record.mark = [context.active_model, context.active_id === record.id, old ? old.priority + ">" + record.priority : "none"].join(" ");
            """
        try desk.rule("Made", "on_create", actions: [["state": "code", "code": .text(code)]])
        let id = try desk.ticket(["priority": "1"])
        #expect(try desk.mark(id) == "desk.ticket true none")
        try desk.rule("Written", "on_write", actions: [["state": "code", "code": .text(code)]])
        try desk.write(id, ["priority": "2"])
        #expect(try desk.mark(id) == "desk.ticket true 1>2")
    }

    @Test("code that throws a UserError undoes the write that set it off, and the refusal names the rule")
    func failingCode() throws {
        let desk = try Desk()
        try desk.rule("Guard", "on_write", actions: [["state": "code", "code": "record.note = 'half'; throw new UserError('Not today.')"]])
        let id = try desk.ticket()
        let refusal = #expect(throws: Refusal.self) { try desk.write(id, ["count": 5]) }
        #expect(refusal?.message == "Not today.")
        #expect(refusal?.details["exception_class"] == "base_automation")
        #expect(refusal?.details["base_automation"]?.mapValue?["name"] == "Guard")
        #expect(try desk.value(id, "count") == 0)
        #expect(try desk.text(id, "note") == "")
    }

    @Test("multi actions run their children in order, and no action contains itself")
    func multi() throws {
        let desk = try Desk()
        let model = try desk.world.act { env in try Desk.modelId("desk.ticket", env) }
        let id = try run(
            desk,
            [
                "state": "multi",
                "child_ids": .list([
                    [0, 0, .map(Desk.set("mark", "second", ["model_id": .int(model), "sequence": 9]))],
                    [0, 0, .map(Desk.set("mark", "first", ["model_id": .int(model), "sequence": 1]))],
                ]),
            ])
        #expect(try desk.mark(id) == "second")
        let refusal = #expect(throws: Refusal.self) {
            try desk.world.act { env in
                let top = try env.search(ServerAction.self, .where("state", .equal, "multi")).first
                try top?.write(["parent_id": .int(top?.id ?? 0)])
            }
        }
        #expect(refusal?.code == "automation.action_depth")
    }

    @Test("create activity plans one for the person whom the record names, due as many days later")
    func activity() throws {
        let desk = try Desk()
        let type = try desk.world.act { env in try Reference.require("mail.mail_activity_data_todo", env) }
        let id = try run(
            desk,
            [
                "state": "next_activity", "activity_type_id": .int(type), "activity_summary": "Call back", "activity_note": "<p>Soon</p>",
                "activity_date_deadline_range": 2, "activity_date_deadline_range_type": "weeks", "activity_user_type": "generic",
                "activity_user_field_name": "user_id",
            ], on: ["user_id": 2])
        let found = try desk.world.act { env in
            try env.search(Activity.self, .where("res_id", .equal, .int(id))).map { ($0.summary, $0.user?.id, $0.deadline, $0.isAutomated) }
        }
        #expect(found.count == 1)
        #expect(found.first?.0 == "Call back" && found.first?.1 == 2 && found.first?.2 == Day(2026, 3, 16) && found.first?.3 == true)
    }

    @Test("send email posts a filled template as a comment, or queues it as a mail that leaves after the commit")
    func mail() throws {
        let desk = try Desk()
        let template = try desk.world.act { env in
            try env.create(
                MailTemplate.self,
                [
                    "name": "T", "model_id": .int(try Desk.modelId("desk.ticket", env)), "subject": "About {{ object.name }}",
                    "body_html": "<p>Dear {{ object.partner_id.name or 'colleague' }}</p>", "email_to": "desk@example.org",
                ]
            ).id
        }
        let comment = try desk.rule(
            "C", "on_create", actions: [["state": "mail_post", "template_id": .int(template), "mail_post_method": "comment"]])
        let id = try desk.ticket(["name": "<Pump>"])
        let posted = try desk.world.act { env in
            try env.search(Message.self, .where("res_id", .equal, .int(id)) & .where("message_type", .equal, "comment")).map {
                ($0.subject, $0.body)
            }
        }
        #expect(posted.map(\.0) == ["About <Pump>"] && posted.map(\.1) == ["<p>Dear colleague</p>"])
        try desk.world.act { env in env.record(AutomationRule.self, comment).active = false }
        try desk.rule("M", "on_create", actions: [["state": "mail_post", "template_id": .int(template), "mail_post_method": "email"]])
        _ = try desk.ticket(["name": "Pump"])
        let mails = try desk.world.act { env in try env.search(OutgoingMail.self).map { ($0.subject, $0.to, $0.state) } }
        #expect(mails.count == 1 && mails[0].0 == "About Pump" && mails[0].1 == "desk@example.org" && mails[0].2 == .outgoing)
    }

    @Test("followers are added and removed, named or found in the record")
    func followers() throws {
        let desk = try Desk()
        let (named, found) = (try desk.make(Partner.self, "Named"), try desk.make(Partner.self, "Found"))
        try desk.rule(
            "A", "on_create",
            actions: [
                ["state": "followers", "followers_type": "specific", "partner_ids": .list([[6, 0, .ids([named])]])],
                ["state": "followers", "followers_type": "generic", "followers_partner_field_name": "partner_id"],
            ])
        try desk.rule(
            "R", "on_archive",
            actions: [["state": "remove_followers", "followers_type": "generic", "followers_partner_field_name": "partner_id"]])
        let id = try desk.ticket(["partner_id": .int(found)])
        let follows: @Sendable () throws -> Set<Int> = {
            try desk.world.act { env in
                Set(
                    try env.search(Follower.self, .where("res_model", .equal, "desk.ticket") & .where("res_id", .equal, .int(id)))
                        .compactMap { $0.partner?.id })
            }
        }
        #expect(try follows().isSuperset(of: [named, found]))
        try desk.write(id, ["active": false])
        #expect(try follows().contains(named) && !follows().contains(found))
    }

    @Test("a webhook is handed to its carrier with the chosen fields, and is refused without one")
    func webhook() throws {
        let desk = try Desk()
        let fields = try [desk.fieldId("name"), desk.fieldId("count")]
        let action: ValueMap = [
            "name": "Tell", "state": "webhook", "webhook_url": "https://example.org/hook",
            "webhook_field_ids": .list([[6, 0, .ids(fields)]]),
        ]
        try desk.rule("R", "on_create", actions: [action])
        let calls = Locked<[OutgoingCall]>([])
        OutgoingCall.carry(for: desk.world.database.appMemory) { call, _ in calls.withLock { $0.append(call) } }
        let id = try desk.ticket(["name": "Pump", "count": 3])
        let call = try #require(calls.withLock { $0 }.first)
        #expect(call.url == "https://example.org/hook" && call.model == "desk.ticket" && call.id == id && call.action == "Tell")
        #expect(call.values["name"] == "Pump" && call.values["count"] == 3)
        let secret = try desk.fieldId("secret")
        let refusal = #expect(throws: Refusal.self) {
            try desk.rule("S", "on_create", actions: [action.merging(["webhook_field_ids": .list([[6, 0, .ids([secret])]])])])
        }
        #expect(refusal?.code == "automation.secret_field")
    }

    @Test("an action is run by whoever may write the records, or by its groups where it has some, and offered in a menu")
    func running() throws {
        let desk = try Desk()
        try desk.world.makeUser("bob", groups: ["base.group_user"])
        let (action, group) = try desk.world.act { env in
            let model = try Desk.modelId("desk.ticket", env)
            let values = Desk.set("mark", "by hand", ["model_id": .int(model)])
            return (try env.create(ServerAction.self, values).id, try Reference.require("base.group_system", env))
        }
        let id = try desk.ticket()
        let call: @Sendable (String) throws -> Void = { login in
            try desk.world.act(as: login, context: ["active_model": "desk.ticket", "active_ids": .ids([id])]) { env in
                _ = try env.registry.requireModel("ir.actions.server").method("run")?.body(
                    try env.records("ir.actions.server", [action]), [:])
            }
        }
        #expect(throws: Refusal.self, "what no menu offers is for administrators") { try call("ann") }
        try desk.world.act { env in
            _ = try env.registry.requireModel("ir.actions.server").method("create_action")?.body(
                env.record(ServerAction.self, action).records, [:])
        }
        #expect(throws: Refusal.self) { try call("bob") }
        try call("ann")
        #expect(try desk.mark(id) == "by hand")
        #expect(try desk.causes("write").last?.hasPrefix("action:update-mark-") ?? false)
        try desk.world.act { env in
            let record = env.record(ServerAction.self, action)
            try record.write(["group_ids": .list([[6, 0, .ids([group])]])])
            #expect(record.bindingModel?.model == "desk.ticket")
        }
        let refusal = #expect(throws: Refusal.self) { try call("ann") }
        #expect(refusal?.code == "automation.not_allowed")
        let menu: @Sendable (String) throws -> Int? = { login in
            try desk.world.act(as: login) { env in
                let answer = try env.registry.requireModel("ir.actions.server").method("get_bindings")?
                    .body(try env.records("ir.actions.server", []), ["model_name": "desk.ticket"])
                return answer?.mapValue?["action"]?.listValue?.count
            }
        }
        #expect(try menu("ann") == 0 && menu("admin") == 1)
    }
}
