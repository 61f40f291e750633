import Kernel
import Views

/// The views that apps declare, and those made up for models without any.
struct ViewCatalogue: Sendable {
    private let declared: [String: ModelViews]
    let screens: [Screen]
    let dashboards: [Dashboard]
    /// Views with a place in the navigation, in its order.
    let places: [ModelViews]

    init(_ registry: Registry) throws {
        let all = registry.offered(as: ModelViews.self)
        dashboards = registry.offered(as: Dashboard.self)
        let problems = all.flatMap { $0.problems(in: registry) } + dashboards.flatMap { $0.problems(in: registry) }
        if let first = problems.first {
            throw Refusal("client.views", .internalFault, first, instruction: "Correct the app's views.")
        }
        let whole = all.map { ViewCatalogue.completed($0, registry) }
        declared = Dictionary(whole.map { ($0.model, $0) }, uniquingKeysWith: { _, last in last })
        screens = registry.offered(as: Screen.self).sorted { $0.sequence < $1.sequence }
        places = whole.filter { $0.place != nil }
    }

    /// Records that can have activities are shown with them.
    private static func completed(_ views: ModelViews, _ registry: Registry) -> ModelViews {
        guard views.activity == nil, registry.model(views.model)?.hasChatter == true else { return views }
        var views = views
        views.activity = ActivityView()
        return views
    }

    /// The views of a model.
    func views(of model: ModelSchema) -> ModelViews { declared[model.name] ?? DefaultViews.make(model) }
}

/// Views of a model for which nobody declared any: every field once, in the order of the model.
enum DefaultViews {
    private static let listed = 7
    private static let relatedColumns = 3
    private static let asides: Set<String> = [
        "message_ids", "message_follower_ids", "message_partner_ids", "message_is_follower", "has_message", "message_attachment_count",
        "activity_ids", "activity_state", "activity_user_id", "activity_date_deadline", "activity_summary", "activity_type_id",
    ]

    static func make(_ model: ModelSchema) -> ModelViews {
        let fields = model.fields.filter { $0.slot > ModelSchema.Slot.version && !asides.contains($0.name) && !$0.isSecret }
        let single = fields.filter { !$0.kind.isToMany }
        let columns = single.filter(isListed).prefix(listed).map(\.name)
        let groups = single.filter { isGroup($0) }.map(\.name)
        return ModelViews(
            model.name, plural: model.title, icon: "list",
            list: ListView(columns: columns.isEmpty ? ["display_name"] : columns),
            form: FormView(
                sections: [FormView.Section("", names: single.map(\.name))],
                related: fields.filter(\.kind.isToMany).map { FormView.Related($0.name, "display_name") }),
            activity: model.hasChatter ? ActivityView() : nil, search: SearchView(fields: [], groups: groups))
    }

    private static func isListed(_ field: Field) -> Bool {
        switch field.kind {
        case .binary, .json, .html, .text: false
        default: field.isKept
        }
    }

    private static func isGroup(_ field: Field) -> Bool {
        switch field.kind {
        case .selection, .many2one, .boolean, .date, .datetime: field.isKept
        default: false
        }
    }
}
