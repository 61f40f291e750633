import Base
import Kernel

/// A server action made ready to run.
public struct ActionPlan: Sendable {
    let id: Int
    let name: String
    let modelName: String
    let groups: Set<Int>
    let warning: String
    let cause: String
    let body: Body

    /// What it does, with everything that it needs.
    indirect enum Body: Sendable {
        case write(path: [String], WriteValue)
        case create(model: String, name: String, link: String?)
        case copy(model: String, id: Int, link: String?)
        case code(String)
        case webhook(url: String, fields: [String])
        case all([ActionPlan])
        case activity(ActivityPlan)
        case mail(template: Int, method: ServerAction.MailMethod, autofollow: Bool)
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
    init(_ action: Record<ServerAction>, depth: Int = 0) throws {
        guard depth < ActionPlan.depthLimit else { throw Refusal.actionDepth(action.displayedName) }
        id = action.id
        name = action.displayedName
        modelName = action.model?.model ?? ""
        groups = Set(action.groups.ids)
        warning = action.warning
        cause = "action:" + Slug.make(action.displayedName) + "#\(action.id)@\(action.version)"
        body = try ActionPlan.body(of: action, depth)
    }

    /// How deep actions may contain actions.
    static let depthLimit = 8

    private static func body(of action: Record<ServerAction>, _ depth: Int) throws -> Body {
        let link = action.link?.displayedName
        switch action.kind {
        case .write: return try write(action)
        case .create: return .create(model: action.createModel?.model ?? "", name: action.content, link: link)
        case .copy:
            let (model, id) = ActionPlan.reference(action.target) ?? ("", 0)
            return .copy(model: model, id: id, link: link)
        case .code: return .code(action.code)
        case .webhook: return .webhook(url: action.webhookUrl, fields: action.webhookFields.map(\.displayedName).sorted())
        case .activity: return .activity(activity(action))
        case .mail:
            return .mail(template: action.template?.id ?? 0, method: action.mailMethod ?? .comment, autofollow: action.autofollow)
        case .follow: return .follow(people(action))
        case .unfollow: return .unfollow(people(action))
        case .multi: return .all(try action.children.sorted.map { try ActionPlan($0, depth: depth + 1) })
        case .sms, nil: return .all([])
        }
    }

    private static func write(_ action: Record<ServerAction>) throws -> Body {
        let path = action.updatePath.split(separator: ".").map(String.init)
        switch action.evaluation {
        case .equation: return .write(path: path, .equation(action.content))
        case .sequence: return .write(path: path, .sequence(action.numbers?.id ?? 0))
        default: break
        }
        guard let model = action.env.registry.model(action.model?.model ?? ""),
            let field = try? action.env.registry.walk(action.updatePath, from: model).last
        else { return .write(path: path, .fixed(.null)) }
        return .write(path: path, .fixed(fixed(action, field)))
    }

    /// The value in the form that the field takes.
    private static func fixed(_ action: Record<ServerAction>, _ field: Field) -> Value {
        let target = reference(action.target)?.id ?? Int(action.content)
        switch field.kind {
        case .boolean: return .bool(action.truth != .false)
        case .selection: return .text(action.chosen?.stored ?? action.content)
        case .html: return .text(action.html.isEmpty ? action.content : action.html)
        case .many2one: return target.map { .int($0) } ?? .null
        case .many2many, .one2many:
            switch (action.operation ?? .add, target) {
            case (.clear, _): return .list([[5, 0, 0]])
            case (.add, let id?): return .list([[4, .int(id), 0]])
            case (.remove, let id?): return .list([[3, .int(id), 0]])
            case (.set, let id?): return .list([[6, 0, .ids([id])]])
            default: return .list([])
            }
        case .reference: return .text(action.target.isEmpty ? action.content : action.target)
        default: return action.content.isEmpty ? .null : .text(action.content)
        }
    }

    private static func activity(_ action: Record<ServerAction>) -> ActivityPlan {
        let isGeneric = action.activityPeople == .generic
        return ActivityPlan(
            type: action.activityType?.id, summary: action.activitySummary, note: action.activityNote, range: action.activityRange,
            unit: action.activityUnit.flatMap { ActivityUnit(rawValue: $0.rawValue) } ?? .days,
            user: isGeneric ? nil : action.activityUser?.id, userField: isGeneric ? action.activityField : nil)
    }

    private static func people(_ action: Record<ServerAction>) -> PeoplePlan {
        action.followersType == .generic ? .field(action.followersField) : .named(action.followers.ids)
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
        case .activity, .mail, .follow, .unfollow: true
        default: false
        }
    }
}

extension Refusal {
    static func actionDepth(_ action: String) -> Refusal {
        Refusal(
            "automation.action_depth", .validation, "The action '\(action)' contains actions more than \(ActionPlan.depthLimit) levels deep.",
            instruction: "Let no action contain itself.")
    }
}
