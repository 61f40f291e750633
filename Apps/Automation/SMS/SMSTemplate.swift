import Base
import Kernel

/// A text message with places to be filled from a record: `Your appointment is on {{ format_date(object.date) }}`.
public struct SMSTemplate: Model {
    public static let name = "sms.template"
    public static let title = "Text message template"
    public static let order = "name, id"

    public let displayedName = Char("name", "Name", .required)
    public let model = Many2one<ModelRecord>("model_id", onDelete: .cascade, "Applies to", .required)
    public let modelName = Char("model", "Model name", .related("model_id.model", stored: true))
    public let body = Text("body", "Body", .required)
    public let language = Char("lang", "Language")
    public let active = Flag("active", .initial(true))

    public static let constraints = [
        Constraint<SMSTemplate>("body", "model_id") { template in
            let inline = try InlineTemplate(template.body)
            guard let model = template.model.flatMap({ template.env.registry.model($0.model) }) else { return }
            try inline.check(model, template.env.registry)
        }
    ]

    public static let lifecycle = Lifecycle<SMSTemplate>(beforeCreate: { values, env in
        if values["model_id"] == nil, let name = values["model"]?.textValue { values["model_id"] = .int(try env.modelId(name)) }
    })

    public init() {}
}
