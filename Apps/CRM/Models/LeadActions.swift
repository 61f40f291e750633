import Base
import Kernel

/// What happens to leads.
enum LeadActions {
    static func win(_ leads: Recordset<Lead>) throws {
        let env = leads.env
        guard let won = try env.search(Stage.self, .where("is_won", .equal, true), limit: 1).first else {
            throw Refusal("crm.no_won_stage", .userError, "There is no stage that counts as won.", instruction: "Mark a stage as won.")
        }
        try leads.write(["active": true, "stage_id": .int(won.id)])
    }

    static func lose(_ leads: Recordset<Lead>, reason: Value) throws {
        try leads.write(["lost_reason_id": reason, "active": false, "date_closed": .instant(leads.env.now)])
    }

    static func restore(_ leads: Recordset<Lead>) throws {
        try leads.write(["active": true, "lost_reason_id": .null, "date_closed": .null])
    }

    static func convert(_ leads: Recordset<Lead>, _ arguments: ValueMap) throws {
        var values: ValueMap = ["type": "opportunity", "date_conversion": .instant(leads.env.now)]
        if let partner = (arguments["partner_id"] ?? arguments["partner"])?.intValue { values["partner_id"] = .int(partner) }
        if let user = arguments["user_ids"]?.idList?.first { values["user_id"] = .int(user) }
        if let team = arguments["team_id"]?.intValue { values["team_id"] = .int(team) }
        try leads.write(values)
    }
}
