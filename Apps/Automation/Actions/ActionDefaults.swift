import Base
import Kernel

/// What a new action gets where nothing was given.
enum ActionDefaults {
    static func complete(_ values: inout ValueMap, _ env: Environment) throws {
        let env = env.asSuperuser("what an action starts with is the same for everybody")
        if values["model_id"]?.isFalsy ?? true {
            if let name = values["model_name"]?.textValue {
                values["model_id"] = .int(try env.modelId(name))
            } else if let rule = values["base_automation_id"]?.intValue, let model = env.record(AutomationRule.self, rule).model {
                values["model_id"] = .int(model.id)
            } else if let parent = values["parent_id"]?.intValue, let model = env.record(ServerAction.self, parent).model {
                values["model_id"] = .int(model.id)
            }
        }
        if values["base_automation_id"]?.intValue ?? 0 > 0, values["usage"] == nil { values["usage"] = "base_automation" }
        if values["name"]?.isFalsy ?? true { values["name"] = .text(label(values)) }
    }

    /// A label for an action that nobody named.
    private static func label(_ values: ValueMap) -> String {
        let kind = values["state"]?.textValue.flatMap(ServerAction.Kind.init) ?? .write
        switch kind {
        case .write: return "Update " + (values["update_path"]?.textValue ?? "record")
        case .activity: return "Create activity: " + (values["activity_summary"]?.textValue ?? "")
        default: return kind.title
        }
    }
}
