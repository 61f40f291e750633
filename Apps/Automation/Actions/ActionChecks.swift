import Base
import Kernel

/// What must hold for an action.
enum ActionChecks {
    static func check(_ action: Record<ServerAction>) throws {
        guard let kind = action.kind, let name = action.model?.model, let model = action.env.registry.model(name) else { return }
        switch kind {
        case .write: try checkPath(action, model)
        case .create, .copy: try checkLink(action, model)
        case .webhook: try checkWebhook(action)
        case .multi: break
        case .sms: try checkText(action, model)
        case .activity, .mail, .follow, .unfollow:
            guard model.hasChatter else { throw Refusal.noChatter(action.displayedName, kind.title, name) }
            try checkPeople(action, kind, model)
        case .code: try ActionScripts.check(action, action.code)
        }
        if let parent = action.parent, parent.model?.id != action.model?.id {
            throw Refusal.action(
                "other_model", action.displayedName, "works on another model than '\(parent.displayedName)', which contains it.",
                "Give both the same model.")
        }
        try checkDepth(action)
    }

    /// Refuses actions that contain each other, or each other too deeply.
    private static func checkDepth(_ action: Record<ServerAction>) throws {
        var current = action
        for _ in 0..<ActionPlan.depthLimit {
            guard let parent = current.parent else { return }
            current = parent
        }
        throw Refusal.actionDepth(action.displayedName)
    }

    /// Why an action cannot run though it may be saved; empty when it can.
    static func warning(of action: Content) throws -> String {
        switch ServerAction.Kind(rawValue: try action.text("state")) {
        case .write: try action.text("update_path").isEmpty ? "It names no field to update." : ""
        case .create: try action.link("crud_model_id") == nil ? "It names no model to create." : ""
        case .copy: ActionPlan.reference(try action.text("resource_ref")) == nil ? "It names no record to duplicate." : ""
        case .mail: try action.link("template_id") == nil ? "It names no mail template." : ""
        case .webhook: try action.text("webhook_url").isEmpty ? "It names no address." : ""
        case .sms: try action.link("sms_template_id") == nil ? "It names no text message template." : ""
        default: ""
        }
    }

    private static func checkPath(_ action: Record<ServerAction>, _ model: ModelSchema) throws {
        if action.updatePath.isEmpty { return }
        let name = action.displayedName
        let fields: [Field]
        do { fields = try action.env.registry.walk(action.updatePath, from: model) } catch let refusal as Refusal {
            throw Refusal.action(
                "bad_path", name, "updates a field that does not exist: \(refusal.message)", "Name a field, or a dotted path to one.")
        }
        guard let last = fields.last, last.slot > ModelSchema.Slot.version, !last.isReadOnly else {
            throw Refusal.action("read_only", name, "updates '\(action.updatePath)', which nobody may write.", "Name another field.")
        }
        if action.evaluation == .sequence, last.kind != .char {
            throw Refusal.action(
                "sequence_field", name, "draws a number into '\(action.updatePath)', which is no line of text.",
                "Name a field of the type char.")
        }
        if action.evaluation == .sequence, action.numbers == nil {
            throw Refusal.action("no_sequence", name, "draws a number, but names no sequence.", "Name a sequence.")
        }
        if action.evaluation == .equation { try ActionScripts.check(action, ActionScripts.expression(action.content)) }
        guard action.evaluation != .equation, action.evaluation != .sequence else { return }
        if case .selection(let items) = last.kind {
            let value = action.chosen?.stored ?? action.content
            guard items.contains(where: { $0.value == value }) else {
                throw Refusal.action(
                    "bad_choice", name, "sets '\(action.updatePath)' to '\(value)', which is no choice of it.",
                    "Choose one of: " + items.map(\.value).joined(separator: ", ") + ".")
            }
        }
    }

    private static func checkLink(_ action: Record<ServerAction>, _ model: ModelSchema) throws {
        guard let link = action.link else { return }
        let made = action.kind == .create ? action.createModel?.model : ActionPlan.reference(action.target)?.model
        guard let field = model.field(link.displayedName), link.modelName == model.name, made == nil || field.kind.comodel == made else {
            throw Refusal.action(
                "bad_link", action.displayedName, "links what it makes by '\(link.displayedName)', which does not lead there.",
                "Name a field of '\(model.name)' that links to the model of what is made.")
        }
    }

    private static func checkWebhook(_ action: Record<ServerAction>) throws {
        let url = action.webhookUrl
        guard url.isEmpty || url.hasPrefix("https://") || url.hasPrefix("http://") else {
            throw Refusal.action(
                "bad_url", action.displayedName, "calls an address that is none of http.", "Begin the address with https://.")
        }
        for field in action.webhookFields {
            guard let schema = action.env.registry.model(field.modelName)?.field(field.displayedName) else { continue }
            if !schema.groups.isEmpty {
                throw Refusal.action(
                    "secret_field", action.displayedName, "would send '\(field.displayedName)', which only some groups may see.",
                    "Leave the field out.")
            }
        }
    }

    private static func checkText(_ action: Record<ServerAction>, _ model: ModelSchema) throws {
        if action.smsMethod != .sms, !model.hasChatter {
            throw Refusal.noChatter(action.displayedName, ServerAction.Kind.sms.title, model.name)
        }
        guard let template = action.textTemplate, template.modelName != model.name else { return }
        throw Refusal.action(
            "sms_model", action.displayedName, "sends the text '\(template.displayedName)', which is for '\(template.modelName)'.",
            "Choose a template for '\(model.name)'.")
    }

    private static func checkPeople(_ action: Record<ServerAction>, _ kind: ServerAction.Kind, _ model: ModelSchema) throws {
        let path: String
        switch kind {
        case .activity where action.activityPeople == .generic: path = action.activityField
        case .follow where action.followersType == .generic, .unfollow where action.followersType == .generic: path = action.followersField
        default: return
        }
        let last = try? action.env.registry.walk(path, from: model).last?.kind.comodel
        let allowed = kind == .activity ? ["res.users"] : ["res.users", "res.partner"]
        guard let last, allowed.contains(last) else {
            throw Refusal.action(
                "bad_people", action.displayedName, "finds people in '\(path)', which does not lead to any.",
                "Name a field of '\(model.name)' that links to " + allowed.joined(separator: " or ") + ".")
        }
    }
}

extension Field {
    /// Whether nobody may write it: it is found from others, and leads back to none.
    fileprivate var isReadOnly: Bool { isComputed && traits.inverse == nil && !traits.stored }
}

extension Refusal {
    static func action(_ code: String, _ name: String, _ what: String, _ remedy: String) -> Refusal {
        Refusal("automation." + code, .validation, "The action '\(name)' \(what)", instruction: remedy)
    }

    static func noChatter(_ name: String, _ kind: String, _ model: String) -> Refusal {
        action(
            "no_chatter", name, "is of the type '\(kind)', but '\(model)' has no messages.",
            "Choose a model with messages, or another type.")
    }
}
