import Base
import Kernel

/// What must hold for a rule; each refusal names the place and the remedy.
enum RuleChecks {
    /// Models that rules cannot be made for: they are the machine's own.
    static let closedModels: Set<String> = [
        "base.automation", "ir.actions.server", "ir.actions.server.history", "ir.logging", "mail.tracking.value", "mail.followers",
        "res.users.apikeys", "ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.data", "ir.config_parameter",
        "governance.definition", "governance.version",
    ]

    static func check(_ rule: Record<AutomationRule>) throws {
        guard let name = rule.model?.model, let model = rule.env.registry.model(name), let trigger = rule.trigger else { return }
        guard !closedModels.contains(name) else { throw Refusal.closedModel(rule.displayedName, name) }
        guard trigger.isOffered(on: model) else { throw Refusal.triggerNotOffered(rule.displayedName, trigger, on: model) }
        try checkDomains(rule, model)
        try checkFields(rule, name)
        try checkTime(rule, trigger, model)
        if trigger == .webhook { _ = try RecordGetter(rule.getter) }
        for action in rule.actions { try check(action, of: rule, trigger) }
    }

    /// Checks the rules that changed actions belong to.
    static func checkRules(of actions: Recordset<ServerAction>) throws {
        let env = actions.env.asSuperuser("a constraint holds whoever writes")
        for action in env.records(ServerAction.self, actions.ids) {
            if let rule = action.rule, let trigger = rule.trigger { try check(action, of: rule, trigger) }
        }
    }

    private static func check(_ action: Record<ServerAction>, of rule: Record<AutomationRule>, _ trigger: Trigger) throws {
        if let model = action.model, let own = rule.model, model.id != own.id {
            throw Refusal.otherModel(rule.displayedName, action.displayedName, model.model, own.model)
        }
        switch (trigger, action.kind) {
        case (.edited, let kind) where kind != .code: throw Refusal.onlyCode(rule.displayedName, action.displayedName)
        case (.deleted, .mail?), (.deleted, .follow?), (.deleted, .activity?):
            throw Refusal.notOnDeletion(rule.displayedName, action.displayedName)
        default: break
        }
        if !action.warning.isEmpty, rule.active { throw Refusal.actionWarning(rule.displayedName, action.displayedName, action.warning) }
    }

    private static func checkDomains(_ rule: Record<AutomationRule>, _ model: ModelSchema) throws {
        let env = rule.env.asSuperuser("a condition is checked against all models")
        for (label, text) in [("filter_pre_domain", rule.preDomain), ("filter_domain", rule.domain)] where !text.isEmpty {
            do {
                _ = try env.predicate(model, try DomainText(text).domain(RuleNames.names(env)))
            } catch let refusal as Refusal {
                throw Refusal.badDomain(rule.displayedName, label, refusal)
            }
        }
    }

    private static func checkFields(_ rule: Record<AutomationRule>, _ model: String) throws {
        let fields = Array(rule.watched) + Array(rule.edited) + [rule.date].compactMap { $0 }
        if let strange = fields.first(where: { $0.modelName != model }) {
            throw Refusal.otherField(rule.displayedName, strange.displayedName, strange.modelName, model)
        }
    }

    private static func checkTime(_ rule: Record<AutomationRule>, _ trigger: Trigger, _ model: ModelSchema) throws {
        guard trigger.followsTime else { return }
        if rule.range < 0 { throw Refusal.negativeDelay(rule.displayedName) }
        if rule.calendar != nil, rule.unit != .day { throw Refusal.calendarWithoutDays(rule.displayedName) }
        guard trigger == .time else { return }
        guard let date = rule.date, let field = model.field(date.displayedName), field.kind == .date || field.kind == .datetime,
            field.isKept
        else { throw Refusal.noDate(rule.displayedName) }
    }
}

extension Refusal {
    private static func rule(_ code: String, _ name: String, _ what: String, _ remedy: String) -> Refusal {
        Refusal("automation." + code, .validation, "The rule '\(name)' \(what)", instruction: remedy)
    }

    static func closedModel(_ rule: String, _ model: String) -> Refusal {
        self.rule("closed_model", rule, "cannot watch '\(model)', which is the machine's own.", "Choose a model that people work with.")
    }

    static func triggerNotOffered(_ rule: String, _ trigger: Trigger, on model: ModelSchema) -> Refusal {
        let needed = trigger.followsMessages ? "messages" : trigger.fieldNames.filter { !$0.hasPrefix("x_") }.joined(separator: " or ")
        return self.rule(
            "trigger_not_offered", rule, "cannot be set off by '\(trigger.title)': '\(model.name)' has no \(needed).",
            "Choose another trigger; `offered_triggers` lists them.")
    }

    static func otherModel(_ rule: String, _ action: String, _ model: String, _ own: String) -> Refusal {
        self.rule(
            "other_model", rule, "has the action '\(action)' on '\(model)', but watches '\(own)'.", "Give both the same model.")
    }

    static func onlyCode(_ rule: String, _ action: String) -> Refusal {
        self.rule(
            "only_code", rule, "follows edits in a form and can only execute code, which '\(action)' does not.",
            "Make the action one of the type code, or choose another trigger.")
    }

    static func notOnDeletion(_ rule: String, _ action: String) -> Refusal {
        self.rule(
            "not_on_deletion", rule, "follows deletion: mails, followers and activities of '\(action)' would go with the record.",
            "Choose another type of action, or another trigger.")
    }

    static func actionWarning(_ rule: String, _ action: String, _ warning: String) -> Refusal {
        self.rule("action_warning", rule, "cannot run its action '\(action)': \(warning)", "Correct the action.")
    }

    static func badDomain(_ rule: String, _ field: String, _ problem: Refusal) -> Refusal {
        self.rule(
            "bad_domain", rule, "has a condition in \(field) that cannot be used: \(problem.message)",
            problem.instruction.isEmpty ? "Correct the condition; `fields_get` lists the fields of a model." : problem.instruction)
    }

    static func otherField(_ rule: String, _ field: String, _ model: String, _ own: String) -> Refusal {
        self.rule("other_field", rule, "names the field '\(field)' of '\(model)', but watches '\(own)'.", "Name a field of '\(own)'.")
    }

    static func negativeDelay(_ rule: String) -> Refusal {
        self.rule("negative_delay", rule, "has a delay below zero.", "Give zero or more, and say 'before' or 'after'.")
    }

    static func calendarWithoutDays(_ rule: String) -> Refusal {
        self.rule("calendar_unit", rule, "counts its delay on a calendar, but not in days.", "Choose days as the unit, or no calendar.")
    }

    static func noDate(_ rule: String) -> Refusal {
        self.rule("no_date", rule, "is based on a date, but names no stored date field of its model.", "Choose a date field.")
    }
}
