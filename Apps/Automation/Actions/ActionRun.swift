import Base
import JSON
import Kernel
import Messaging

/// What an action may know beside its records.
public struct ActionContext: Sendable {
    /// Values of the record before the write that led here, by slot.
    var before: [Int: Value]?
    /// What came in with a webhook.
    public var payload = JSON.null

    /// Nothing is known.
    public init() {}
}

/// One action at work on records, as the user of their environment.
public struct ActionRun {
    let plan: ActionPlan
    let records: Records
    let context: ActionContext

    var env: Environment { records.env }

    /// An action to be run on records; one that needs none runs on an empty set.
    public init(_ plan: ActionPlan, on records: Records, _ context: ActionContext = ActionContext()) {
        self.plan = plan
        self.records = records
        self.context = context
    }

    /// Runs it.
    ///
    /// - Returns: What the client is to do next, or false.
    /// - Throws: `automation.warning`, `automation.not_allowed`, and whatever what it does refuses.
    @discardableResult public func run() throws -> Value {
        guard plan.warning.isEmpty else { throw Refusal.actionWarns(plan) }
        try checkUser()
        switch plan.body {
        case .write(let path, let value): try write(path, value)
        case .create(let model, let name, let link): try create(model, name, link)
        case .copy(let model, let id, let link): try copy(model, id, link)
        case .code(let code): return try ActionScripts.run(code, self)
        case .webhook(let url, let fields): try post(url, fields)
        case .all(let plans):
            var answer = Value.bool(false)
            for plan in plans { answer = try ActionRun(plan, on: records, context).run() }
            return answer
        case .activity(let activity): try plan(activity)
        case .mail(let template, let method, let autofollow): try mail(template, method, autofollow)
        case .text(let template, let method): try text(template, method)
        case .follow(let people): try Chatter.subscribe(records, partners: try partners(people))
        case .unfollow(let people): try Chatter.unsubscribe(records, partners: try partners(people))
        }
        return false
    }

    private func checkUser() throws {
        if env.isSuperuser { return }
        if plan.groups.isEmpty {
            // A plain write of the record itself asks the same.
            if case .write(let path, .fixed) = plan.body, path.count == 1 { return }
            return try env.checkAccess(.write, records.model, records.ids)
        }
        guard !plan.groups.isDisjoint(with: env.user.groupIds) else { throw Refusal.actionNotAllowed(plan) }
    }

    // MARK: records

    private func write(_ path: [String], _ value: ActionPlan.WriteValue) throws {
        guard let last = path.last else { return }
        for id in records.ids {
            var target = records.only(id)
            for step in path.dropLast() { target = try target.related(step) }
            if target.isEmpty { continue }
            try target.write([last: try found(value, id)])
        }
    }

    private func found(_ value: ActionPlan.WriteValue, _ id: Int) throws -> Value {
        switch value {
        case .fixed(let value): return value
        case .equation(let text): return try ActionScripts.value(of: text, self, records.only(id))
        case .sequence(let sequence):
            let superuser = env.asSuperuser("numbers are drawn by whoever makes a document")
            guard sequence > 0 else { return .null }
            return .text(try Sequences.next(of: superuser.record(Sequence.self, sequence)))
        }
    }

    private func create(_ name: String, _ text: String, _ link: String) throws {
        let model = try env.registry.requireModel(name)
        for id in records.isEmpty ? [0] : records.ids {
            let made = try env.create(model, [[model.nameField: .text(text)]])
            if id > 0 { try hang(made, on: records.only(id), link) }
        }
    }

    private func copy(_ name: String, _ source: Int, _ link: String) throws {
        guard source > 0 else { return }
        for id in records.isEmpty ? [0] : records.ids {
            let made = try env.records(name, [source]).copy()
            if id > 0 { try hang(made, on: records.only(id), link) }
        }
    }

    private func hang(_ made: Records, on record: Records, _ link: String) throws {
        guard !link.isEmpty, let id = made.ids.first else { return }
        let field = try record.model.requireField(link)
        try record.write([link: field.kind.isToMany ? .list([[4, .int(id), 0]]) : .int(id)])
    }

    // MARK: people

    private func plan(_ activity: ActionPlan.ActivityPlan) throws {
        guard records.model.hasChatter else { return }
        for id in records.ids {
            var values: ValueMap = [
                "res_model": .text(records.model.name), "res_id": .int(id), "summary": .text(activity.summary),
                "note": .text(activity.note), "automated": true,
            ]
            if let type = activity.type { values["activity_type_id"] = .int(type) }
            if activity.range > 0 || activity.type == nil { values["date_deadline"] = .day(deadline(activity)) }
            if let user = try responsible(activity, id) { values["user_id"] = .int(user) }
            try env.create(Activity.self, values)
        }
    }

    private func deadline(_ activity: ActionPlan.ActivityPlan) -> Day {
        switch activity.unit {
        case .days: env.today + activity.range
        case .weeks: env.today + 7 * activity.range
        case .months: env.today.adding(months: activity.range)
        }
    }

    private func responsible(_ activity: ActionPlan.ActivityPlan, _ id: Int) throws -> Int? {
        guard let name = activity.userField, !name.isEmpty else { return activity.user }
        let superuser = records.with(env.asSuperuser("an activity goes to whoever the record names"))
        return try superuser.value(id, name).idList?.first
    }

    private func partners(_ people: ActionPlan.PeoplePlan) throws -> [Int] {
        switch people {
        case .named(let ids): return ids
        case .field(let path):
            var found = records.with(env.asSuperuser("followers are found in the record"))
            for step in path.split(separator: ".").map(String.init) { found = try found.related(step) }
            if found.model.name == "res.users" { found = try found.related("partner_id") }
            return found.model.name == "res.partner" ? found.ids : []
        }
    }

    private func mail(_ id: Int, _ method: ServerAction.MailMethod, _ autofollow: Bool) throws {
        guard id > 0, records.model.hasChatter else { return }
        let template = try TemplateMail.inForce(id, env)
        for record in records.ids { try TemplateMail.send(template, on: records.only(record), as: method, autofollow: autofollow) }
    }

    private func text(_ id: Int, _ method: ServerAction.SMSMethod) throws {
        guard id > 0 else { return }
        let template = try SMSText.inForce(id, env)
        for record in records.ids { try SMSText.send(template, on: records.only(record), as: method) }
    }

    private func post(_ url: String, _ fields: [String]) throws {
        for id in records.ids {
            let call = OutgoingCall(
                url: url, model: records.model.name, id: id, action: plan.name, actionId: plan.id,
                values: try OutgoingCall.values(of: records.only(id), fields))
            try OutgoingCall.send(call, env)
        }
    }
}

extension Refusal {
    static func actionWarns(_ plan: ActionPlan) -> Refusal {
        Refusal(
            "automation.warning", .userError, "The action '\(plan.name)' cannot run: \(plan.warning)",
            instruction: "Ask an administrator to correct it.", details: ["action": .int(plan.id)])
    }

    static func actionNotAllowed(_ plan: ActionPlan) -> Refusal {
        Refusal(
            "automation.not_allowed", .accessDenied, "You don't have enough access rights to run the action '\(plan.name)'.",
            instruction: "Ask an administrator for one of its groups.", details: ["action": .int(plan.id)])
    }
}
