import Base
import Kernel
import Messaging

/// A person who is referred; demographics only, no clinical record.
public struct Patient: Model {
    public static let name = "care.patient"
    public static let title = "Patient"
    public static let order = "family_name, given_name, id"
    public static let hasChatter = true
    public static let patientPath: String? = "id"
    public static let searchFields = ["name", "mrn"]

    /// Administrative sex, as FHIR codes it.
    public enum Sex: String, SelectionValue { case male, female, other, unknown }

    public let displayedName = Char(
        "name", "Name", .indexed(.trigram),
        .computed(on: "family_name", "given_name", stored: true) { (patient: Record<Patient>) in
            [patient.familyName, patient.givenName].filter { !$0.isEmpty }.joined(separator: ", ")
        })
    public let familyName = Char("family_name", "Family name", .required, .indexed, .size(120))
    public let givenName = Char("given_name", "Given name", .size(120))
    public let birthDate = DateField("birth_date", "Birth date", .indexed, .tracked)
    public let sex = Selection<Sex>("sex", initial: .unknown, "Sex")
    public let mrn = Char("mrn", "Medical record number", .indexed(.trigram), .notCopied)
    public let identifiers = One2many<PatientIdentifier>("identifier_ids", inverse: \.patient, "Identifiers")
    public let phone = Char("phone", "Phone", .tracked)
    public let email = Char("email", "Email")
    public let street = Char("street")
    public let city = Char("city")
    public let zip = Char("zip", .indexed)
    public let stateCode = Char("state_code", "State", .size(10))
    public let countryCode = Char("country_code", "Country", .size(3))
    public let language = Char("lang", "Preferred language", .size(20))
    public let mayBeMessaged = Flag("message_consent", "May be messaged", .initial(false))
    public let isDeceased = Flag("is_deceased", "Deceased", .initial(false))
    public let coverages = One2many<Coverage>("coverage_ids", inverse: \.patient, "Coverages")
    public let referrals = One2many<Referral>("referral_ids", inverse: \.patient, "Referrals")
    public let mergedInto = Many2one<Patient>("merged_into_id", "Merged into")
    public let company = Many2one<Company>("company_id", "Company", .indexed, .initially { .int($0.companyId) })
    public let active = Flag("active", .initial(true))

    public static let constraints = [
        Constraint<Patient>("birth_date") { patient in
            guard let born = patient.birthDate else { return }
            guard born <= patient.env.today, born.parts.year >= 1880 else {
                throw Refusal.birthDate()
            }
        }
    ]
    public static let lifecycle = Lifecycle<Patient>(
        afterWrite: { patients, names in
            if !names.isDisjoint(with: ["birth_date", "phone", "email"]) { try Pathway.refreshAll(of: patients) }
        })

    public init() {}
}

/// An identifier of a patient in some system: a record number, a national number.
public struct PatientIdentifier: Model {
    public static let name = "care.patient.identifier"
    public static let title = "Patient identifier"
    public static let nameField = "value"
    public static let patientPath: String? = "patient_id"
    public static let owner: OwnerLink? = .link("patient_id")
    public static let indexes = [["system", "value"]]

    public let patient = Many2one<Patient>("patient_id", onDelete: .cascade, .required, .indexed)
    public let system = Char("system", "System", .required)
    public let number = Char("value", "Value", .required)
    public let type = Char("type", "Type")

    public init() {}
}

/// Who pays for a patient's care.
public struct Coverage: Model {
    public static let name = "care.coverage"
    public static let title = "Coverage"
    public static let nameField = "member_number"
    public static let hasChatter = true
    public static let patientPath: String? = "patient_id"
    public static let owner: OwnerLink? = .link("patient_id")

    /// Whether the payer has confirmed it.
    public enum State: String, SelectionValue { case unverified, active, inactive }

    public let patient = Many2one<Patient>("patient_id", onDelete: .cascade, "Patient", .required, .indexed)
    public let payer = Many2one<Partner>("payer_id", onDelete: .restrict, "Payer", .required, .indexed)
    public let memberNumber = Char("member_number", "Member number", .indexed)
    public let groupNumber = Char("group_number", "Group number")
    public let plan = Char("plan", "Plan")
    public let relationship = Char("relationship", "Relationship to the subscriber", .initial("self"))
    public let start = DateField("date_start", "Valid from")
    public let end = DateField("date_end", "Valid to")
    public let state = Selection<State>("state", initial: .unverified, "Eligibility", .required, .tracked)
    public let verifiedOn = Datetime("verified_on", "Verified on", .readonly)
    public let externalId = Char("external_id", "Identifier at the sender", .indexed)
    public let active = Flag("active", .initial(true))

    public static let displayName: (@Sendable (Record<Coverage>) throws -> String)? = { coverage in
        [coverage.payer?.displayName ?? "", coverage.memberNumber].filter { !$0.isEmpty }.joined(separator: " ")
    }

    public static let actions = [
        Action<Coverage>("action_verify", "Confirm eligibility", groups: ["referrals.group_user"], when: { $0.state != .active }) {
            coverages in
            try coverages.write(["state": "active", "verified_on": .instant(coverages.env.now)])
        },
        Action<Coverage>("action_mark_inactive", "Not eligible", groups: ["referrals.group_user"], when: { $0.state != .inactive }) {
            coverages in
            try coverages.write(["state": "inactive", "verified_on": .instant(coverages.env.now)])
        },
    ]
    public static let lifecycle = Lifecycle<Coverage>(
        afterWrite: { coverages, names in
            if names.isDisjoint(with: ["state", "payer_id"]) { return }
            for coverage in coverages { try Pathway.advanceAll(of: coverage) }
        })

    public init() {}
}
