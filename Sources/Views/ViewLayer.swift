import JSON
import Kernel

/// Small changes of a model's views that somebody arranged, on top of what the app declares: an administrator's for everybody, a team's, a
/// person's own.
public struct ViewLayer: Sendable, Hashable {
    /// Whose arrangement it is; later ones go before.
    public enum Level: String, Sendable, CaseIterable {
        /// Everybody's, made by an administrator.
        case tenant
        /// A team's, made by its lead.
        case team
        /// One person's.
        case person
    }

    /// Whose.
    public let level: Level
    /// The team's or the person's name; empty for everybody's.
    public let owner: String
    /// What is done, in this order.
    public let operations: [Operation]

    /// Somebody's changes.
    public init(_ level: Level, owner: String = "", operations: [Operation]) {
        self.level = level
        self.owner = owner
        self.operations = operations
    }

    /// One small change.
    ///
    /// Shape: `{"op": "hide", "view": "list", "field": "payer_id"}`; `move` and `show` take `after`, a field or null for the beginning (`show`
    /// without it adds at the end); `width` takes `pixels`; `density` takes `is`: `compact` or `comfortable`.
    public enum Operation: Sendable, Hashable {
        case hide(View, String)
        case show(String, after: String?)
        case move(String, after: String?)
        case width(String, Int)
        case density(String)
    }

    /// What is changed.
    public enum View: String, Sendable { case list, form }

    /// Widths that a column may have, in pixels.
    public static let widths = 40...1_200
    /// The most changes of one layer.
    public static let limit = 200
}

extension ViewLayer.Operation {
    /// Reads a change.
    ///
    /// - Throws: `view.bad_operation` when it is none.
    public init(_ json: JSON) throws {
        let field = json["field"]?.stringValue ?? ""
        let after = json["after"]?.stringValue
        switch json["op"]?.stringValue {
        case "hide" where !field.isEmpty:
            guard let view = ViewLayer.View(rawValue: json["view"]?.stringValue ?? "list") else { throw Refusal.badOperation() }
            self = .hide(view, field)
        case "show" where !field.isEmpty: self = .show(field, after: after)
        case "move" where !field.isEmpty: self = .move(field, after: after)
        case "width" where !field.isEmpty:
            guard let pixels = json["pixels"]?.intValue, ViewLayer.widths.contains(pixels) else { throw Refusal.badOperation() }
            self = .width(field, pixels)
        case "density":
            guard let density = json["is"]?.stringValue, ["compact", "comfortable"].contains(density) else { throw Refusal.badOperation() }
            self = .density(density)
        default: throw Refusal.badOperation()
        }
    }

    /// The change as it is kept.
    public var json: JSON {
        switch self {
        case .hide(let view, let field): ["op": "hide", "view": .string(view.rawValue), "field": .string(field)]
        case .show(let field, let after): ["op": "show", "field": .string(field), "after": after.map { .string($0) } ?? .null]
        case .move(let field, let after): ["op": "move", "field": .string(field), "after": after.map { .string($0) } ?? .null]
        case .width(let field, let pixels): ["op": "width", "field": .string(field), "pixels": JSON(pixels)]
        case .density(let density): ["op": "density", "is": .string(density)]
        }
    }

    /// The field that it is about, and the one that it names as a place.
    public var fields: [String] {
        switch self {
        case .hide(_, let field), .width(let field, _): [field]
        case .show(let field, let after), .move(let field, let after): [field] + (after.map { [$0] } ?? [])
        case .density: []
        }
    }
}

extension ModelViews {
    /// The views with what was arranged on top of them; a change that does not apply any more is left out.
    public func arranged(by layers: [ViewLayer]) -> ModelViews {
        var views = self
        let order = ViewLayer.Level.allCases
        let sorted = layers.sorted { (order.firstIndex(of: $0.level) ?? 0) < (order.firstIndex(of: $1.level) ?? 0) }
        for operation in sorted.flatMap(\.operations) { views.apply(operation) }
        return views
    }

    private mutating func apply(_ operation: ViewLayer.Operation) {
        switch operation {
        case .hide(.list, let field): list.columns.removeAll { $0 == field }
        case .hide(.form, let field): form = form.without(field)
        case .show(let field, let after):
            if !list.columns.contains(field) { list.columns.insert(field, at: list.place(after: after, orEnd: true)) }
        case .move(let field, let after):
            guard let place = list.columns.firstIndex(of: field), after != field else { return }
            list.columns.remove(at: place)
            list.columns.insert(field, at: list.place(after: after, orEnd: false))
        case .width(let field, let pixels): list.widths[field] = pixels
        case .density(let density): list.density = density
        }
    }
}

extension ListView {
    /// Where a column goes that follows another one; a column that is not there has no followers.
    fileprivate func place(after field: String?, orEnd: Bool) -> Int {
        guard let field else { return orEnd ? columns.count : 0 }
        return columns.firstIndex(of: field).map { $0 + 1 } ?? columns.count
    }
}

extension FormView {
    fileprivate func without(_ field: String) -> FormView {
        FormView(
            path: path, asides: asides, subtitle: subtitle,
            sections: sections.map { Section($0.title, names: $0.fields.filter { $0 != field }) }.filter { !$0.fields.isEmpty },
            related: related, rail: rail, code: code)
    }
}

extension Refusal {
    static func badOperation() -> Refusal {
        Refusal(
            "view.bad_operation", .validation, "That is no change of a view.",
            instruction: "Send `hide`, `show`, `move`, `width` or `density` with the field it is about.")
    }
}
