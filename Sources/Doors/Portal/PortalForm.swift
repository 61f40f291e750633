import HTMLPages
import Kernel
import Referrals

/// The questions of the portal, what is wrong with the answers, and what they mean.
struct PortalForm: Sendable {
    /// Questions that belong together.
    struct Part: Sendable {
        let title: String
        let fields: [FormField]
    }

    let parts: [Part]
    var fields: [FormField] { parts.flatMap(\.fields) }

    /// What may be chosen, as the database has it.
    struct Choices: Sendable {
        let specialties: [FormField.Choice]
        let sites: [FormField.Choice]
        let today: Day
    }

    init(_ choices: Choices) {
        parts = [PortalForm.practice(choices.sites), PortalForm.patient, PortalForm.coverage, PortalForm.request(choices.specialties)]
    }

    private static func practice(_ sites: [FormField.Choice]) -> Part {
        var fields = [
            FormField("referrer_name", "Your name", hint: "The referring practitioner", limit: 120, autocomplete: "name"),
            FormField("referrer_npi", "Your NPI", hint: "10 digits", kind: .line(type: "text", wide: false), limit: 20),
            FormField("practice_name", "Practice name", limit: 120, autocomplete: "organization"),
            FormField(
                "practice_phone", "Practice phone", hint: "Where we can reach you with questions", kind: .line(type: "tel", wide: false),
                limit: 40, autocomplete: "tel"),
            FormField(
                "practice_email", "Practice email", kind: .line(type: "email", wide: true), isRequired: false, limit: 120,
                autocomplete: "email"),
        ]
        if sites.count > 1 { fields.append(FormField("site", "Site", kind: .choice(sites))) }
        return Part(title: "Your practice", fields: fields)
    }

    private static let patient = Part(
        title: "The patient",
        fields: [
            FormField("family_name", "Family name", limit: 120),
            FormField("given_name", "Given name", limit: 120),
            FormField("birth_date", "Birth date", hint: TypedDate.hint, kind: .line(type: "text", wide: false), limit: 30),
            FormField(
                "sex", "Sex",
                kind: .radios([.init("female", "Female"), .init("male", "Male"), .init("other", "Other"), .init("unknown", "Not known")])),
            FormField("patient_phone", "Patient’s phone", kind: .line(type: "tel", wide: false), limit: 40),
            FormField("street", "Street", isRequired: false),
            FormField("city", "City", isRequired: false, limit: 100),
            FormField("zip", "ZIP code", kind: .line(type: "text", wide: false), isRequired: false, limit: 20),
        ])

    private static let coverage = Part(
        title: "Coverage",
        fields: [
            FormField("payer", "Payer", hint: "The insurer’s name", isRequired: false, limit: 120),
            FormField("member_number", "Member number", kind: .line(type: "text", wide: false), isRequired: false, limit: 60),
        ])

    private static func request(_ specialties: [FormField.Choice]) -> Part {
        Part(
            title: "The request",
            fields: [
                FormField("specialty", "Specialty", kind: .choice(specialties)),
                FormField(
                    "urgency", "Urgency",
                    kind: .radios([.init("routine", "Routine"), .init("urgent", "Urgent"), .init("stat", "Immediately")])),
                FormField(
                    "reason", "Reason for the referral", hint: "The question you want answered, and what matters for it", kind: .lines(5),
                    limit: 5_000),
                FormField("diagnosis_codes", "Diagnosis codes (ICD-10)", hint: "Separated by commas", isRequired: false, limit: 500),
                FormField("procedure_codes", "Procedure codes (CPT)", hint: "Separated by commas", isRequired: false, limit: 500),
            ])
    }

    /// The answers, by the names of their questions.
    func values(of body: FormBody) -> [String: String] {
        var values: [String: String] = [:]
        for field in fields { values[field.name] = body[field.name] }
        return values
    }

    /// What is wrong, in the order of the questions.
    func check(_ values: [String: String], today: Day) -> FormErrors {
        var errors = FormErrors()
        for field in fields {
            let value = values[field.name] ?? ""
            if let message = FormChecks.common(field, value) { errors.add(field.name, message) }
            if value.isEmpty { continue }
            switch field.name {
            case "birth_date": if let message = FormChecks.birthDate(value, today: today) { errors.add(field.name, message) }
            case "referrer_npi": if let message = FormChecks.npi(value) { errors.add(field.name, message) }
            case "practice_email":
                if !value.contains("@") || value.contains(" ") { errors.add(field.name, "Enter the email address like name@example.org") }
            case "practice_phone", "patient_phone":
                if FormChecks.digits(value).count < 7 { errors.add(field.name, "\(field.label) must have at least 7 digits") }
            default: break
            }
        }
        return errors
    }

    /// Whether the birth date is a day that has not come yet: more than a slip of the pen on the way to a date.
    func isBirthDateToCome(_ values: [String: String], today: Day) -> Bool {
        TypedDate.read(values["birth_date"] ?? "").map { $0 > today } ?? false
    }

    /// How an answer reads for people.
    func shown(_ field: FormField, _ values: [String: String]) -> String {
        let value = values[field.name] ?? ""
        switch field.kind {
        case .choice(let choices), .radios(let choices): return choices.first { $0.value == value }?.title ?? ""
        case .line, .lines: return field.name == "birth_date" ? TypedDate.read(value).map(TypedDate.words) ?? value : value
        }
    }

    /// What the referrals app is told.
    static func data(_ draft: PortalDraft) -> ReferralData {
        func text(_ name: String) -> String { draft.values[name] ?? "" }
        var data = ReferralData()
        data.patient = [
            "family_name": .text(text("family_name")), "given_name": .text(text("given_name")), "sex": .text(text("sex")),
            "phone": .text(text("patient_phone")), "street": .text(text("street")), "city": .text(text("city")), "zip": .text(text("zip")),
        ]
        if let born = TypedDate.read(text("birth_date")) { data.patient["birth_date"] = .day(born) }
        data.payer.name = text("payer")
        if !text("member_number").isEmpty { data.coverage["member_number"] = .text(text("member_number")) }
        data.referrer.name = text("referrer_name")
        data.referrer.number = FormChecks.digits(text("referrer_npi"))
        data.practice.name = text("practice_name")
        data.practice.phone = text("practice_phone")
        data.practice.email = text("practice_email")
        data.specialty = text("specialty")
        data.urgency = Urgency(rawValue: text("urgency")) ?? .routine
        data.reasonText = text("reason")
        data.diagnosisCodes = codes(text("diagnosis_codes"))
        data.procedureCodes = codes(text("procedure_codes"))
        data.files = draft.files.map { ReferralData.File(name: $0.name, kind: "", mediaType: $0.mediaType, bytes: $0.bytes) }
        return data
    }

    private static func codes(_ text: String) -> [String] {
        text.split { ",;\n".contains($0) }.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }.filter {
            !$0.isEmpty
        }
    }
}
