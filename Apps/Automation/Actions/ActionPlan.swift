import Base
import Kernel

/// A server action made ready to run.
public struct ActionPlan: Sendable {
    let id: Int
    let name: String
    /// The model that it works on.
    public let modelName: String
    let groups: Set<Int>
    let warning: String
    /// The name under which its effects stand in the trail: `action:close-old-ones-7@2`.
    public let cause: String
    let body: Body

    /// What it does, with everything that it needs.
    indirect enum Body: Sendable {
        case write(path: [String], WriteValue)
        case create(model: String, name: String, link: String)
        case copy(model: String, id: Int, link: String)
        case code(String)
        case webhook(url: String, fields: [String])
        case all([ActionPlan])
        case activity(ActivityPlan)
        case mail(template: Int, method: ServerAction.MailMethod, autofollow: Bool)
        case text(template: Int, method: ServerAction.SMSMethod)
        case follow(PeoplePlan)
        case unfollow(PeoplePlan)
    }

    /// What is written.
    enum WriteValue: Sendable {
        case fixed(Value)
        case equation(String)
        case sequence(Int)
    }

    /// People who are named, or found in a field of the record.
    enum PeoplePlan: Sendable {
        case named([Int])
        case field(String)
    }

    /// An activity to be planned.
    struct ActivityPlan: Sendable {
        let type: Int?
        let summary: String
        let note: String
        let range: Int
        let unit: ActivityUnit
        let user: Int?
        let userField: String?
    }

    /// The unit of an activity's due date.
    enum ActivityUnit: String, Sendable { case days, weeks, months }

    /// Reads an action, and its children.
    ///
    /// - Throws: `automation.action_depth` for actions that contain each other.
    init(_ action: Content, depth: Int = 0) throws {
        id = action.id
        name = try action.text("name")
        guard depth < ActionPlan.depthLimit else { throw Refusal.actionDepth(name) }
        modelName = try action.modelName
        groups = Set(try action.links("group_ids"))
        warning = try ActionChecks.warning(of: action)
        cause = action.cause
        body = try ActionPlan.body(of: action, depth)
    }

    /// An action as it was released.
    ///
    /// - Throws: `automation.not_released` when no version of it was.
    public static func inForce(_ id: Int, in env: Environment) throws -> ActionPlan {
        guard let content = try Governed.content(Governed.action, id, env) else {
            let name = env.asSuperuser("a refusal names the action").record(ServerAction.self, id).displayedName
            throw Refusal.notReleased(name)
        }
        return try ActionPlan(content)
    }

    /// Reads an action as its record stands, to check it.
    init(_ action: Record<ServerAction>) throws { try self.init(Content(action.records, kind: "action")) }

    /// How deep actions may contain actions.
    static let depthLimit = 8

    private static func body(of action: Content, _ depth: Int) throws -> Body {
        let link = try action.text("name", of: "link_field_id", in: "ir.model.fields")
        switch ServerAction.Kind(rawValue: try action.text("state")) {
        case .write: return try write(action)
        case .create:
            let model = try action.text("model", of: "crud_model_id", in: "ir.model")
            return .create(model: model, name: try action.text("value"), link: link)
        case .copy:
            let (model, id) = ActionPlan.reference(try action.text("resource_ref")) ?? ("", 0)
            return .copy(model: model, id: id, link: link)
        case .code: return .code(try action.text("code"))
        case .webhook: return .webhook(url: try action.text("webhook_url"), fields: try action.fieldNames("webhook_field_ids").sorted())
        case .activity: return .activity(try activity(action))
        case .mail:
            let method = ServerAction.MailMethod(rawValue: try action.text("mail_post_method")) ?? .comment
            return .mail(template: try action.link("template_id") ?? 0, method: method, autofollow: try action.flag("mail_post_autofollow"))
        case .follow: return .follow(try people(action))
        case .unfollow: return .unfollow(try people(action))
        case .multi: return .all(try ActionShelf.children(of: action).map { try ActionPlan($0, depth: depth + 1) })
        case .sms:
            let method = ServerAction.SMSMethod(rawValue: try action.text("sms_method")) ?? .sms
            return .text(template: try action.link("sms_template_id") ?? 0, method: method)
        case nil: return .all([])
        }
    }

    private static func write(_ action: Content) throws -> Body {
        let path = try action.text("update_path")
        let names = path.split(separator: ".").map(String.init)
        switch ServerAction.Evaluation(rawValue: try action.text("evaluation_type")) {
        case .equation: return .write(path: names, .equation(try action.text("value")))
        case .sequence: return .write(path: names, .sequence(try action.link("sequence_id") ?? 0))
        default: break
        }
        guard let model = action.env.registry.model(try action.modelName),
            let field = try? action.env.registry.walk(path, from: model).last
        else { return .write(path: names, .fixed(.null)) }
        return .write(path: names, .fixed(try fixed(action, field)))
    }

    /// The value in the form that the field takes.
    private static func fixed(_ action: Content, _ field: Field) throws -> Value {
        let text = try action.text("value")
        let reference = try action.text("resource_ref")
        let target = self.reference(reference)?.id ?? Int(text)
        switch field.kind {
        case .boolean: return .bool(try action.text("update_boolean_value") != "false")
        case .selection:
            let chosen = try action.text("value", of: "selection_value", in: "ir.model.fields.selection")
            return .text(chosen.isEmpty ? text : chosen)
        case .html:
            let html = try action.text("html_value")
            return .text(html.isEmpty ? text : html)
        case .many2one: return target.map { .int($0) } ?? .null
        case .many2many, .one2many:
            return commands(ServerAction.ListOperation(rawValue: try action.text("update_m2m_operation")) ?? .add, target)
        case .reference: return .text(reference.isEmpty ? text : reference)
        default: return text.isEmpty ? .null : .text(text)
        }
    }

    private static func commands(_ operation: ServerAction.ListOperation, _ target: Int?) -> Value {
        switch (operation, target) {
        case (.clear, _): .list([[5, 0, 0]])
        case (.add, let id?): .list([[4, .int(id), 0]])
        case (.remove, let id?): .list([[3, .int(id), 0]])
        case (.set, let id?): .list([[6, 0, .ids([id])]])
        default: .list([])
        }
    }

    private static func activity(_ action: Content) throws -> ActivityPlan {
        let isGeneric = try action.text("activity_user_type") == "generic"
        return ActivityPlan(
            type: try action.link("activity_type_id"), summary: try action.text("activity_summary"),
            note: try action.text("activity_note"), range: try action.number("activity_date_deadline_range"),
            unit: ActivityUnit(rawValue: try action.text("activity_date_deadline_range_type")) ?? .days,
            user: isGeneric ? nil : try action.link("activity_user_id"),
            userField: isGeneric ? try action.text("activity_user_field_name") : nil)
    }

    private static func people(_ action: Content) throws -> PeoplePlan {
        try action.text("followers_type") == "generic"
            ? .field(try action.text("followers_partner_field_name")) : .named(try action.links("partner_ids"))
    }

    /// The halves of `model,id`.
    static func reference(_ text: String) -> (model: String, id: Int)? {
        let parts = text.split(separator: ",")
        guard parts.count == 2, let id = Int(parts[1]), id > 0 else { return nil }
        return (String(parts[0]), id)
    }

    /// Whether it makes no sense when nobody changed the record and only stored values were found again.
    var isSkippedWhenRecomputed: Bool {
        switch body {
        case .activity, .mail, .text, .follow, .unfollow: true
        default: false
        }
    }
}

extension Refusal {
    static func notReleased(_ name: String) -> Refusal {
        Refusal(
            "automation.not_released", .conflict, "'\(name)' was not released yet and does not run.",
            instruction: "Have its version submitted and released by a second person.")
    }

    static func actionDepth(_ action: String) -> Refusal {
        Refusal(
            "automation.action_depth", .validation,
            "The action '\(action)' contains actions more than \(ActionPlan.depthLimit) levels deep.",
            instruction: "Let no action contain itself.")
    }
}
