import HTMLPages
import Kernel
import Referrals

/// The questions about a referral that somebody reads from a document, what is wrong with the answers, and what they mean.
struct EntryForm: Sendable {
    /// Questions that belong together.
    struct Part: Sendable {
        let title: String
        let fields: [FormField]
    }

    /// No answers yet.
    static let blank = ["urgency": "routine"]

    let parts: [Part]

    init(_ specialties: [FormField.Choice], matches: [FormField] = []) {
        let records = matches.isEmpty ? [] : [Part(title: "On record", fields: matches)]
        parts = [EntryForm.patient] + records + [EntryForm.coverage, EntryForm.request(specialties), EntryForm.referrer]
    }

    private static let patient = Part(
        title: "Patient",
        fields: [
            FormField("family_name", "Family name", limit: 120),
            FormField("given_name", "Given name", limit: 120),
            FormField("birth_date", "Birth date", hint: TypedDate.hint, limit: 30),
            FormField(
                "sex", "Sex",
                kind: .choice([.init("female", "Female"), .init("male", "Male"), .init("other", "Other"), .init("unknown", "Not known")]),
                isRequired: false),
            FormField("phone", "Phone", kind: .line(type: "tel", wide: true), isRequired: false, limit: 40),
            FormField("street", "Street", isRequired: false),
            FormField("city", "City", isRequired: false, limit: 100),
            FormField("zip", "ZIP code", isRequired: false, limit: 20),
        ])

    private static let coverage = Part(
        title: "Coverage",
        fields: [
            FormField("payer", "Payer", isRequired: false),
            FormField("member_number", "Member number", isRequired: false, limit: 60),
        ])

    private static let referrer = Part(
        title: "Referrer",
        fields: [
            FormField("referrer_name", "Referring practitioner", isRequired: false),
            FormField("referrer_npi", "NPI", hint: "10 digits", isRequired: false, limit: 20),
            FormField("practice", "Practice", isRequired: false),
        ])

    private static func request(_ specialties: [FormField.Choice]) -> Part {
        Part(
            title: "Request",
            fields: [
                FormField("specialty", "Specialty", kind: .choice(specialties)),
                FormField(
                    "urgency", "Urgency",
                    kind: .choice([.init("routine", "Routine"), .init("urgent", "Urgent"), .init("stat", "Immediately")])),
                FormField("requested_service", "Requested service", isRequired: false, limit: 500),
                FormField("reason", "Reason", kind: .lines(4), limit: 5_000),
                FormField("diagnosis_codes", "Diagnosis codes (ICD-10)", hint: "Separated by commas", isRequired: false, limit: 500),
                FormField("procedure_codes", "Procedure codes (CPT)", hint: "Separated by commas", isRequired: false, limit: 500),
            ])
    }

    /// The answers, by the names of their questions.
    func values(of body: FormBody) -> [String: String] { values { body[$0] } }

    /// The answers, by the names of their questions, as somebody gives them.
    func values(_ answer: (String) -> String) -> [String: String] {
        var values: [String: String] = [:]
        for field in parts.flatMap(\.fields) { values[field.name] = FormBody.trimmed(answer(field.name)) }
        return values
    }

    /// What is wrong, in the order of the questions.
    func check(_ values: [String: String], today: Day) -> FormErrors {
        var errors = FormErrors()
        for field in parts.flatMap(\.fields) {
            let value = values[field.name] ?? ""
            if let message = FormChecks.common(field, value) { errors.add(field.name, message) }
            if value.isEmpty { continue }
            if field.name == "birth_date", let message = FormChecks.birthDate(value, today: today) { errors.add(field.name, message) }
            if field.name == "referrer_npi", let message = FormChecks.npi(value) { errors.add(field.name, message) }
        }
        if !(values["member_number"] ?? "").isEmpty, (values["payer"] ?? "").isEmpty {
            errors.add("payer", "Enter the payer that the member number belongs to")
        }
        return errors
    }
}
