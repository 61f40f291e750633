import Base
import Kernel
import Messaging

/// Leads and opportunities: relations to referring practices, employers and partners.
public enum CRMApp {
    /// The app.
    public static let app = App("crm", "CRM", needs: ["base", "mail"]) { app in
        app.add(Stage.self)
        app.add(Team.self)
        app.remembers(Stage.name, Team.name)
        app.add(Tag.self)
        app.add(LostReason.self)
        app.add(Lead.self)
        app.group("crm.group_user", "CRM: user", implies: ["base.group_user"])
        app.group("crm.group_manager", "CRM: administrator", implies: ["crm.group_user"])
        app.allow("crm.group_user", "rwc", on: "crm.lead")
        app.allow("crm.group_user", "rwcd", on: "crm.tag")
        app.allow("crm.group_user", "r", on: "crm.stage", "crm.team", "crm.lost.reason")
        app.allow("crm.group_manager", "rwcd", on: "crm.lead", "crm.stage", "crm.team", "crm.lost.reason")
        app.rule("leads of one's companies", on: "crm.lead", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.rule("teams of one's companies", on: "crm.team", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.offer(LeadViews.leads)
        app.seed("stages") { try Seeds.stages($0) }
        app.demo("practices to win") { try Seeds.demo($0) }
    }
}

/// The stages that every database starts with, and the demo's leads.
private enum Seeds {
    static func stages(_ env: Environment) throws {
        let stages: [(String, String, Int, Bool)] = [
            ("crm.stage_lead1", "New", 1, false), ("crm.stage_lead2", "Qualified", 2, false), ("crm.stage_lead3", "Proposition", 3, false),
            ("crm.stage_lead4", "Won", 70, true),
        ]
        for (externalId, name, sequence, isWon) in stages {
            try Reference.ensure(
                externalId, Stage.self, ["name": .text(name), "sequence": .int(sequence), "is_won": .bool(isWon), "fold": .bool(isWon)], env
            )
        }
        try Reference.ensure("crm.team_sales_department", Team.self, ["name": "Provider relations"], env)
        for (externalId, name) in [
            ("crm.lost_reason_1", "Too expensive"), ("crm.lost_reason_2", "Went to another network"), ("crm.lost_reason_3", "No capacity"),
        ] {
            try Reference.ensure(externalId, LostReason.self, ["name": .text(name)], env)
        }
    }

    static func demo(_ env: Environment) throws {
        let wishes: [(String, String, String, Int, String)] = [
            ("Direct referrals from Lakeside Family Practice", "Lakeside Family Practice", "Dr Ines Moreau", 42_000, "2"),
            ("Imaging agreement with Harbour Occupational Health", "Harbour Occupational Health", "Tom Berger", 118_500, "3"),
            ("Electronic referrals for Northgate Paediatrics", "Northgate Paediatrics", "Dr Amara Nwosu", 27_000, "1"),
            ("Employer screening at Delta Logistics", "Delta Logistics", "Hana Suzuki", 64_250, "1"),
        ]
        let stages = try env.search(Stage.self, .where("is_won", .equal, false)).ids
        for (index, wish) in wishes.enumerated() {
            try env.create(
                Lead.self,
                [
                    "name": .text(wish.0), "type": "opportunity", "partner_name": .text(wish.1), "contact_name": .text(wish.2),
                    "expected_revenue": .int(wish.3), "priority": .text(wish.4), "stage_id": .int(stages[index % stages.count]),
                    "user_id": 2,
                ])
        }
    }
}
