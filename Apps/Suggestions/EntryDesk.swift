import Base
import Kernel
import Reading
import Referrals

/// Makes the referral of a document from what a person entered, or from what a policy takes for sure: one way for the form, the API and the
/// service of reading.
public enum EntryDesk {
    /// What no referral of a document is without.
    static let required = ["family_name", "given_name", "birth_date", "specialty", "reason"]
    /// Fields that may be entered; the names are those of `ReadingField`.
    private static let known = Set(ReadingField.allCases.map(\.rawValue))

    /// What `action_enter` of a document wants to know.
    ///
    /// - Parameter values: By the names of the fields; a birth date as `yyyy-mm-dd`.
    static func arguments(_ values: [String: String]) -> ValueMap {
        func text(_ name: String) -> Value { .text(values[name] ?? "") }
        var patient: ValueMap = [
            "family_name": text("family_name"), "given_name": text("given_name"), "phone": text("phone"), "street": text("street"),
            "city": text("city"), "zip": text("zip"),
        ]
        if let born = Day(values["birth_date"] ?? "") { patient["birth_date"] = .day(born) }
        if let sex = values["sex"], !sex.isEmpty { patient["sex"] = .text(sex) }
        return [
            "patient": .map(patient), "specialty": text("specialty"), "urgency": .text(urgency(values)), "reason_text": text("reason"),
            "diagnosis_codes": text("diagnosis_codes"), "procedure_codes": text("procedure_codes"),
            "payer": ["name": text("payer")], "coverage": ["member_number": text("member_number")],
            "practice": ["name": text("practice")], "requested_service": text("requested_service"),
            "referrer": ["name": text("referrer_name"), "number": .text((values["referrer_npi"] ?? "").filter(\.isNumber))],
        ]
    }

    private static func urgency(_ values: [String: String]) -> String {
        let urgency = values["urgency"] ?? ""
        return urgency.isEmpty ? Urgency.routine.rawValue : urgency
    }

    /// Makes the referral, links it with the records that were chosen or are certain, and keeps what became of each suggestion.
    ///
    /// - Parameters:
    ///   - values: What was entered, by the names of the fields; a birth date as `yyyy-mm-dd`.
    ///   - part: The part of the packet that was entered, where a person chose one.
    ///   - version: The policy that took what was read for sure; nil where a person entered it.
    /// - Returns: The referral's id.
    public static func enter(
        _ document: Int, _ values: [String: String], part: Int? = nil, under version: String? = nil, in env: Environment
    ) throws -> Int {
        try check(values)
        let record = env.record(Document.self, document)
        try env.checkAccess(.read, record.records.model, [document])
        var arguments = arguments(values)
        let site = record.company?.id ?? env.companyId
        let machine = try env.asSuperuser("records are found for a document that was just asked for")
            .with(context: ["allowed_company_ids": .ids([site])])
        let policy = try ReadingPolicy.inForce(company: record.company?.id, in: env)
        try link(&arguments, values, MatchDesk.matches(of: document, in: machine), policy, machine)
        let answer = try env.records(Document.self, [document]).call("action_enter", arguments)
        try SuggestionDesk.settle(document, entered: values, part: part, under: version, in: env)
        return answer.intValue ?? 0
    }

    /// What a person chose, else who is certainly meant by what was entered; a possible one is linked by nobody but a person.
    private static func link(
        _ arguments: inout ValueMap, _ values: [String: String], _ matches: [Record<DocumentMatch>], _ policy: ReadingPolicy,
        _ machine: Environment
    ) throws {
        let refused = matches.filter { $0.state == .refused }
        let chosen = matches.filter { $0.state == .chosen }
        if let patient = chosen.first(where: { $0.subject == .patient })?.patient { arguments["patient_id"] = .int(patient.id) }
        arguments["refused_patient_ids"] = .ids(refused.compactMap { $0.patient?.id })
        let found = try MatchDesk.find(values, policy: policy, in: machine)
        for subject in [MatchSubject.practice, .payer] {
            if let partner = chosen.first(where: { $0.subject == subject })?.partner {
                arguments["\(subject.rawValue)_id"] = .int(partner.id)
            } else if let finding = found[subject], finding.level == .certain, let best = finding.candidates.first,
                !refused.contains(where: { $0.subject == subject && $0.partner?.id == best.id })
            {
                arguments["\(subject.rawValue)_id"] = .int(best.id)
            }
        }
    }

    private static func check(_ values: [String: String]) throws {
        for (field, value) in values where !known.contains(field) || value.utf8.count > SuggestionDesk.valueBytes {
            throw Refusal.badValue(
                String(field.prefix(60)), in: Document.name,
                expected: "a field that is read, with at most \(SuggestionDesk.valueBytes) bytes")
        }
        let missing = required.filter { (values[$0] ?? "").allSatisfy(\.isWhitespace) }
        guard missing.isEmpty else { throw Refusal.incompleteEntry(missing) }
        guard Day(values["birth_date"] ?? "") != nil else {
            throw Refusal.badValue("birth_date", in: Document.name, expected: "a day such as 1970-02-14")
        }
    }
}

extension Refusal {
    static func incompleteEntry(_ fields: [String]) -> Refusal {
        Refusal(
            "reading.incomplete", .validation, "A referral cannot be made without: \(fields.joined(separator: ", ")).",
            instruction: "Enter what is missing, or correct what was read.", details: ["fields": .list(fields.map { .text($0) })])
    }
}

/// What a document's reading lets people do.
extension ReadDocument {
    static var actions: [Action<Document>] {
        [
            Action<Document>(
                "action_enter_read", "Make the referral", when: { $0.state == .checked && $0.referral == nil },
                taking: { documents, arguments in
                    guard let document = documents.first, documents.count == 1 else {
                        throw Refusal("document.one", .invalid, "Enter one document at a time.")
                    }
                    var values = try SuggestionDesk.confirmed(document.id, in: documents.env)
                    for entry in (arguments["values"]?.mapValue ?? [:]).entries { values[entry.name] = entry.value.textValue ?? "" }
                    return .int(try EntryDesk.enter(document.id, values, in: documents.env))
                }),
            Action<Document>(
                "action_match", "Look for records again", when: { $0.state == .checked && $0.referral == nil },
                taking: { documents, arguments in
                    for document in documents {
                        try MatchDesk.renew(document, arguments["values"]?.mapValue ?? [:], in: documents.env)
                    }
                    return .bool(true)
                }),
        ]
    }
}
