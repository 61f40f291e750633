import Base
import Crypto
import Kernel

/// What holds for a referral whichever way it came.
enum ReferralRules {
    /// What only actions and the machine may set; a new referral starts without, whatever the caller sends.
    private static let ownFields: Set<String> = [
        "stage", "stage_since", "reason_id", "reason_comment", "service_id", "network", "network_approved_by", "routing", "awaiting_sender",
        "status_token", "intake_id", "sender", "received_on", "missing_count", "priority", "payer_id", "previous_id", "duplicate_of_id",
        "name",
    ]

    static func complete(_ values: inout ValueMap, _ env: Environment) throws {
        if !env.isSuperuser { for name in ownFields { values[name] = nil } }
        if values["name"]?.isFalsy ?? true {
            let superuser = env.asSuperuser("numbers are drawn by the machine")
            values["name"] = .text(try Sequences.next("care.referral", superuser) ?? "REF")
        }
        values["stage"] = .text(Stage.received.rawValue)
        if values["status_token"] == nil { values["status_token"] = .text(Base64.urlSafe.encode(SystemRandomSource().bytes(18))) }
    }

    /// The stage moves by actions only, so that each move is checked and explained.
    static func refuseStageWrite(_ referrals: Recordset<Referral>, _ values: ValueMap) throws {
        if referrals.env.isSuperuser { return }
        for name in values.names where ownFields.contains(name) || name == "channel" {
            throw Refusal(
                "referral.by_action_only", .validation, "'\(name)' of a referral is changed by its actions, not by writing it.",
                instruction: "Ask for the referral's actions and call one.")
        }
        for referral in referrals where referral.stage?.isFinal ?? false {
            throw Refusal(
                "referral.final", .conflict, "Referral \(referral.number) is closed.",
                instruction: "Open it again: that makes a new, linked referral.")
        }
    }

    /// New facts may complete the documentation or change the route.
    static func followUp(_ referrals: Recordset<Referral>, _ names: Set<String>) throws {
        let facts: Set<String> = [
            "patient_id", "specialty_id", "coverage_id", "reason_text", "diagnosis_codes", "procedure_codes", "referrer_id", "practice_id",
            "urgency",
            "requested_service",
        ]
        if facts.isDisjoint(with: names) { return }
        for referral in referrals where !(referral.stage?.isFinal ?? true) { try Pathway.refresh(referral) }
    }
}
