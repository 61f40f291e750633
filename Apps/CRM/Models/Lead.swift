import Base
import Kernel
import Messaging

/// A chance to win a referring practice, an employer contract or a supplier: a lead first, an opportunity when it is worth pursuing.
public struct Lead: Model {
    public static let name = "crm.lead"
    public static let title = "Lead/Opportunity"
    public static let order = "priority desc, id desc"
    public static let hasChatter = true
    public static let searchFields = ["name", "partner_name", "contact_name", "email_from"]
    /// What boards group by, and add up.
    public static let indexes = [["type", "stage_id", "user_id", "expected_revenue", "active", "company_id"]]

    /// Whether it is worth pursuing.
    public enum Kind: String, SelectionValue { case lead, opportunity }

    /// Stars.
    public enum Priority: String, SelectionValue {
        case low = "0", medium = "1", high = "2", veryHigh = "3"

        public var title: String {
            switch self {
            case .low: "Low"
            case .medium: "Medium"
            case .high: "High"
            case .veryHigh: "Very high"
            }
        }
    }

    /// How it ended, if it has.
    public enum Outcome: String, SelectionValue { case won, lost, pending }

    public let subject = Char("name", "Opportunity", .required, .indexed(.trigram))
    public let kind = Selection<Kind>("type", initial: .lead, "Type", .required, .indexed, .tracked)
    public let partner = Many2one<Partner>("partner_id", "Contact", .indexed, .tracked)
    public let partnerName = Char("partner_name", "Company name", .indexed(.trigram))
    public let contactName = Char("contact_name", "Contact name")
    public let email = Char("email_from", "Email", .indexed, .tracked)
    public let phone = Char("phone", "Phone")
    public let function = Char("function", "Job position")
    public let street = Char("street")
    public let city = Char("city")
    public let zip = Char("zip")
    public let country = Many2one<Country>("country_id", "Country")
    public let website = Char("website")
    public let stage = Many2one<Stage>(
        "stage_id", onDelete: .restrict, "Stage", .indexed, .tracked, .initially { try Stage.first(in: $0) },
        .groupExpand(.records { try $0.search(Stage.self).ids }))
    public let user = Many2one<User>(
        "user_id", "Salesperson", .indexed, .tracked, .initially { .int($0.user.id) }, .falsyLabel("Unassigned"))
    public let team = Many2one<Team>("team_id", "Sales team", .indexed, .initially { try Team.first(in: $0) })
    public let priority = Selection<Priority>("priority", initial: .low, "Priority", .indexed)
    public let expectedRevenue = Monetary("expected_revenue", currency: "company_currency", "Expected revenue", .tracked)
    public let recurringRevenue = Monetary("recurring_revenue", currency: "company_currency", "Recurring revenues")
    public let probability = Float(
        "probability", "Probability", .aggregator("avg"),
        .computed(on: "stage_id.is_won", "active", stored: true) { (lead: Record<Lead>) in Lead.probability(of: lead) },
        .inverse { _, _ in })
    public let deadline = DateField("date_deadline", "Expected closing")
    public let opened = Datetime("date_open", "Assignment date", .readonly, .notCopied, .initially { .instant($0.now) })
    public let closed = Datetime("date_closed", "Closed date", .readonly, .notCopied)
    public let converted = Datetime("date_conversion", "Conversion date", .readonly, .notCopied)
    public let tags = Many2many<Tag>("tag_ids", table: "crm_tag_rel", own: "lead_id", other: "tag_id", "Tags")
    public let lostReason = Many2one<LostReason>("lost_reason_id", onDelete: .restrict, "Lost reason", .tracked, .indexed)
    public let notes = Html("description", "Notes")
    public let referredBy = Char("referred", "Referred by")
    public let color = Integer("color", "Color index", .initial(0), .aggregator(nil))
    public let active = Flag("active", "Active", .initial(true), .tracked)
    public let company = Many2one<Company>("company_id", "Company", .indexed)
    public let currency = Many2one<Currency>(
        "company_currency", "Currency",
        .computed(on: "company_id.currency_id") { (lead: Record<Lead>) in
            (lead.company ?? lead.env.record(Company.self, lead.env.companyId)).currency?.id
        })
    public let outcome = Selection<Outcome>(
        "won_status", "Is won",
        .computed(on: "stage_id.is_won", "active", "lost_reason_id", stored: true) { (lead: Record<Lead>) in Lead.outcome(of: lead) })

    public static let actions = [
        Action<Lead>("action_set_won", "Won", when: { $0.active && !($0.stage?.isWon ?? false) }) { leads in try LeadActions.win(leads) },
        Action<Lead>("action_set_won_rainbowman", "Won", when: { $0.active && !($0.stage?.isWon ?? false) }) { leads in
            try LeadActions.win(leads)
        },
        Action<Lead>(
            "action_set_lost", "Lost", when: { $0.active },
            taking: { leads, arguments in
                try LeadActions.lose(leads, reason: arguments["lost_reason_id"] ?? .null)
                return .bool(true)
            }),
        Action<Lead>("action_restore", "Restore", when: { !$0.active }) { leads in try LeadActions.restore(leads) },
        Action<Lead>(
            "convert_opportunity", "Convert to opportunity", when: { $0.kind == .lead },
            taking: { leads, arguments in
                try LeadActions.convert(leads, arguments)
                return .bool(true)
            }),
    ]

    public static let lifecycle = Lifecycle<Lead>(
        afterCreate: { leads in
            for lead in leads where lead.user == nil { lead.opened = nil }
        },
        beforeWrite: { leads, values in
            if values["user_id"] != nil { values["date_open"] = values["user_id"]?.isFalsy ?? true ? .null : .instant(leads.env.now) }
            guard let stage = values["stage_id"]?.intValue else { return }
            values["date_closed"] = leads.env.record(Stage.self, stage).isWon ? .instant(leads.env.now) : .null
        })

    public init() {}

    private static func probability(of lead: Record<Lead>) -> Double {
        if !lead.active { return 0 }
        guard let stage = lead.stage else { return 0 }
        return stage.isWon ? 100 : min(90, Double(stage.sequence) * 10)
    }

    private static func outcome(of lead: Record<Lead>) -> Outcome {
        if lead.stage?.isWon ?? false { return .won }
        return !lead.active && lead.lostReason != nil ? .lost : .pending
    }
}
