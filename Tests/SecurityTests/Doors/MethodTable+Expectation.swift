import JSON
import Kernel

/// How each method of the API is tried: its arguments for a model and, where it takes records, for one of them.
///
/// A new method needs a case here; without one the matrix is red.
enum MethodExpectation {
    /// What a try of a method is.
    enum Trial {
        /// Reads: run for a record in reach and for one out of reach, and its answer is searched for canaries.
        case reads([JSON])
        /// Changes records: run for one out of reach only, and must be refused.
        case changes([JSON])
        /// Makes records: must be refused to whoever has no right to.
        case makes([JSON])
        /// Works on no records; its answer is searched.
        case plain([JSON])
        /// Acts on the asker's own account or counter, and is tested by itself: `FindingTests`, `LoginTests`.
        case skipped
    }

    static func common(_ name: String, _ model: ModelSchema) -> Trial? {
        let names = JSON.array(model.fields.map { .string($0.name) })
        let group = JSON.string(model.field("company_id")?.hasColumn == true ? "company_id" : "create_uid")
        let text = JSON.string(model.fields.first { Canary.fits($0, of: model) }?.name ?? "display_name")
        let form = specification(model)
        switch name {
        case "read", "export_data": return .reads([names])
        case "search_read": return .plain([[], names, 0, 20])
        case "search", "search_count", "get_view", "fields_get": return .plain([])
        case "read_group": return .plain([[], [], [text]])
        case "formatted_read_group": return .plain([[], [text, group], ["__count"]])
        case "formatted_read_grouping_sets": return .plain([[], [[text], [group]], ["__count"]])
        case "web_read_group": return .plain([[], [text], []])
        case "read_progress_bar": return .plain([[], text, ["field": group, "colors": [:]]])
        case "search_panel_select_range", "search_panel_select_multi_range": return .plain([group])
        case "name_search": return .plain(["zq"])
        case "web_name_search": return .plain(["zq", form])
        case "web_read": return .reads([form])
        case "web_search_read": return .plain([[], form, 0, 20])
        case "default_get": return .plain([names])
        case "get_views": return .plain([[[false, "form"], [false, "list"]]])
        case "copy_data", "get_metadata", "get_external_id", "available_actions": return .reads([])
        case "onchange": return .reads([[:], [], form])
        case "get_field_translations": return .reads([text])
        case "has_access", "check_access_rule": return .reads(["write"])
        case "check_access_rights": return .plain(["read"])
        case "effective_access": return .reads([])
        case "take_back": return .changes([])
        case "write": return .changes([["display_name": "zq"]])
        case "web_save": return .changes([["display_name": "zq"], form])
        case "web_save_multi": return .changes([[["display_name": "zq"]], form])
        case "web_resequence": return .changes([form])
        case "unlink", "copy", "action_archive", "action_unarchive", "toggle_active": return .changes([])
        case "create": return .makes([[[:]]])
        case "name_create": return .makes(["zq"])
        case "load": return .makes([["id"], [["x"]]])
        default: return nil
        }
    }

    /// Methods of one model that work on no records.
    static func own(_ label: String) -> Trial? {
        switch label {
        case "decision.table.evaluate": .plain(["referrals.timers", ["work": "zq", "urgency": "routine"]])
        case "decision.table.run_tests", "decision.table.export_dmn", "decision.table.export_csv": .plain(["referrals.timers"])
        case "decision.table.check": .plain(["zq"])
        case "decision.table.import_dmn", "decision.table.import_csv": .makes(["zq", "<zq/>"])
        case "res.users.context_get": .plain([])
        case "ir.model.data.check_object_reference": .plain(["base", "main_company"])
        case "ir.config_parameter.get_param": .plain(["database.uuid"])
        case "res.users.change_password", "res.users.apikeys.generate", "ir.sequence.next_by_code": .skipped
        case "care.suggestion.quality": .plain([["field"], 90])
        case "ir.default.get": .plain(["res.partner", "name"])
        case "ir.default.set": .makes(["res.partner", "name", "zq"])
        case "ir.config_parameter.set_param": .makes(["zq", "zq"])
        // Whose it is decides, beyond the right to make one: `ArrangementTests`.
        case "workspace.layer.arrange": .makes(["crm.lead", "tenant", false, [["op": "density", "is": "compact"]]])
        case "ops.exception.desk", "inbox.item.items", "inbox.item.counts", "sod.waiver.monthly_report": .plain([])
        case "ir.cron.commit_progress", "inbox.item.mark_read": .skipped
        case "base.automation.offered_triggers": .plain([1])
        case "ir.actions.server.get_bindings": .plain(["crm.lead"])
        case "governance.definition.in_force": .plain(["role", "exception-auditor"])
        case "governance.definition.import_yaml":
            .makes(["kind: role\nkey: zq\ncontent:\n  group: base.group_user\n  rights:\n    res.partner: r\n"])
        default: nil
        }
    }

    /// Every field of a form, the names of what is linked included.
    private static func specification(_ model: ModelSchema) -> JSON {
        var object: JSONObject = [:]
        for field in model.fields where field.kind != .binary {
            object[field.name] = field.kind.comodel == nil ? [:] : ["fields": ["display_name": [:]]]
        }
        return .object(object)
    }
}
