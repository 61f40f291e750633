import Kernel

/// `get_views` and `get_view`: plain views made from the fields, for clients that ask for Odoo's.
enum ViewMethods {
    /// Columns of a list.
    private static let columnLimit = 8

    static let all: [RPCMethod] = [
        .onModel("get_views", [.required("views"), "options"]) { target, arguments in
            var views = ValueMap()
            for pair in try arguments.list("views") {
                guard let type = pair.listValue?.last?.textValue else { throw arguments.bad("views", "a list of [id, type]") }
                views[type] = .map(try view(type, target))
            }
            let fields = DescribingMethods.describe(target.model, names: nil, attributes: nil, target.env)
            let models = ValueMap([(target.model.name, .map(["fields": .map(fields)]))])
            return .value(["views": .map(views), "models": .map(models)])
        },
        .onModel("get_view", ["view_id", "view_type", "options"]) { target, arguments in
            var map = try view(try arguments.text("view_type") ?? "form", target)
            let fields = visible(target)
            map["models"] = .map(ValueMap([(target.model.name, .list(fields.map { .text($0.name) }))]))
            return .value(.map(map))
        },
    ]

    private static func view(_ type: String, _ target: RPCTarget) throws -> ValueMap {
        let fields = visible(target)
        let title = escaped(target.model.title)
        let arch: String
        switch type {
        case "list": arch = "<list string=\"\(title)\">" + tags(fields.filter(isPlain).prefix(columnLimit)) + "</list>"
        case "search": arch = "<search string=\"\(title)\">" + tags(fields.filter(isPlain).prefix(columnLimit)) + "</search>"
        case "kanban":
            arch = "<kanban><templates><t t-name=\"card\"><field name=\"display_name\"/></t></templates></kanban>"
        case "form": arch = "<form string=\"\(title)\"><sheet><group>" + tags(fields[...]) + "</group></sheet></form>"
        default:
            throw Refusal(
                "view.unknown_type", .userError, "There is no view of type '\(type.prefix(50))'.",
                instruction: "Ask for list, form, search or kanban.")
        }
        return ["arch": .text(arch), "id": false, "model": .text(target.model.name), "field_parent": false]
    }

    private static func visible(_ target: RPCTarget) -> [Field] {
        target.model.fields.filter { target.env.canSee($0) && $0.slot > ModelSchema.Slot.version }
    }

    private static func isPlain(_ field: Field) -> Bool {
        switch field.kind {
        case .binary, .json, .one2many, .html, .text: false
        default: field.isKept
        }
    }

    private static func tags(_ fields: ArraySlice<Field>) -> String { fields.map { "<field name=\"\(escaped($0.name))\"/>" }.joined() }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
