import Base
import Kernel
import Messaging

/// A clinical specialty that one refers to.
public struct Specialty: Model {
    public static let name = "care.specialty"
    public static let title = "Specialty"
    public static let order = "name"
    public static let searchFields = ["name", "code"]
    public static let unique = [Unique("code", message: "There is a specialty with this code already.")]

    public let displayedName = Char("name", "Name", .required)
    public let code = Char("code", "Code", .required, .indexed)
    public let active = Flag("active", .initial(true))

    public init() {}
}

/// A service that takes referrals: a specialty at a site, with the people who give it.
public struct Service: Model {
    public static let name = "care.service"
    public static let title = "Service"
    public static let order = "name"
    public static let hasChatter = true

    public let displayedName = Char("name", "Name", .required)
    public let specialty = Many2one<Specialty>("specialty_id", onDelete: .restrict, "Specialty", .required, .indexed)
    public let organization = Many2one<Partner>("organization_id", "Organisation")
    public let practitioners = Many2many<Partner>(
        "practitioner_ids", table: "care_service_practitioner_rel", own: "service_id", other: "partner_id", "Practitioners")
    /// Payers in whose network the service is; none means all.
    public let payers = Many2many<Partner>(
        "payer_ids", table: "care_service_payer_rel", own: "service_id", other: "payer_id", "In network for")
    public let zip = Char("zip", "ZIP")
    public let takesUrgent = Flag("takes_urgent", "Takes urgent referrals", .initial(true))
    public let waitingDays = Integer("waiting_days", "Days to the third next free slot", .aggregator("avg"))
    public let slots = One2many<Slot>("slot_ids", inverse: \.service, "Slots")
    public let company = Many2one<Company>("company_id", "Site", .required, .indexed, .initially { .int($0.companyId) })
    public let active = Flag("active", .initial(true))

    public init() {}
}

/// A coded reason for stopping, returning, deferring or waiving something.
public struct Reason: Model {
    public static let name = "care.reason"
    public static let title = "Reason"
    public static let order = "kind, sequence, id"
    public static let searchFields = ["name", "code"]
    public static let unique = [Unique("code", message: "There is a reason with this code already.")]

    /// What the reason is for.
    public enum Kind: String, SelectionValue {
        case cancel, reject, failed, returned = "return", redirect, `defer`, noShow = "no_show", waive, appointment
    }

    public let displayedName = Char("name", "Name", .required)
    public let code = Char("code", "Code", .required, .indexed)
    public let kind = Selection<Kind>("kind", "For", .required, .indexed)
    public let needsComment = Flag("comment_required", "Needs a comment", .initial(false))
    public let managersOnly = Flag("manager_only", "For managers only", .initial(false))
    public let sequence = Integer("sequence", .initial(10), .aggregator(nil))
    public let active = Flag("active", .initial(true))

    public init() {}

    /// The reason that was given for something, checked for kind, comment and who may use it.
    static func check(_ value: Value?, for kind: Kind, comment: String, in env: Environment) throws -> Record<Reason> {
        let superuser = env.asSuperuser("reasons are a catalogue")
        var found: Record<Reason>?
        if let id = value?.intValue, try !superuser.existing([id], in: env.registry.schema(Reason.self)).isEmpty {
            found = superuser.record(Reason.self, id)
        }
        if let code = value?.textValue { found = try superuser.search(Reason.self, .where("code", .equal, .text(code)), limit: 1).first }
        guard let reason = found, reason.active, reason.kind == kind else { throw Refusal.reasonMissing(kind) }
        if reason.needsComment, comment.trimmed.isEmpty { throw Refusal.commentMissing(reason.displayedName) }
        if reason.managersOnly, !env.isSuperuser, !env.user.isMember(of: "referrals.group_manager") {
            throw Refusal.reasonForManagers(reason.displayedName)
        }
        return reason
    }
}

extension Refusal {
    static func reasonMissing(_ kind: Reason.Kind) -> Refusal {
        Refusal(
            "referral.reason_missing", .validation, "A coded reason is needed.",
            instruction: "Give the id or code of a reason for '\(kind.rawValue)'.",
            details: ["kind": .text(kind.rawValue)])
    }

    static func commentMissing(_ reason: String) -> Refusal {
        Refusal(
            "referral.comment_missing", .validation, "The reason '\(reason)' needs a comment.",
            instruction: "Say in a sentence what happened.")
    }

    static func reasonForManagers(_ reason: String) -> Refusal {
        Refusal(
            "referral.reason_managers", .accessDenied, "The reason '\(reason)' is for managers.", instruction: "Ask a referral manager.")
    }
}

extension String {
    /// The text without blanks around it.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
