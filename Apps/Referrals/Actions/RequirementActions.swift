import Base
import Kernel
import Messaging

/// Asking for, receiving and waiving what is missing.
enum RequirementActions {
    static func receive(_ requirements: Recordset<Requirement>, document: Int?) throws {
        for requirement in requirements {
            if try Completeness.isEmptyField(requirement) {
                throw Refusal(
                    "requirement.enter_it", .validation, "'\(requirement.displayedName)' is not there yet.",
                    instruction: "Fill it in on the referral or the patient.")
            }
            try checkOwner(of: document, for: requirement)
        }
        try own(requirements).write(["state": "received", "document_id": document.map { .int($0) } ?? .null])
        try goOn(requirements)
    }

    static func waive(_ requirements: Recordset<Requirement>, _ arguments: ValueMap) throws {
        let env = requirements.env
        let comment = arguments["comment"]?.textValue ?? ""
        let reason = try Reason.check(arguments["reason_id"] ?? arguments["reason"], for: .waive, comment: comment, in: env)
        try own(requirements).write([
            "state": "waived", "waived_by_id": .int(env.user.id), "waived_on": .instant(env.now), "reason_id": .int(reason.id),
            "comment": .text(comment),
        ])
        for requirement in requirements {
            guard let referral = requirement.referral else { continue }
            try ReferralActions.note(
                referral, "'\(requirement.displayedName)' was waived by \(env.user.name): \(reason.displayedName). \(comment)")
        }
        try goOn(requirements)
    }

    static func miss(_ requirements: Recordset<Requirement>) throws {
        try own(requirements).write([
            "state": "missing", "document_id": .null, "waived_by_id": .null, "waived_on": .null, "reason_id": .null, "comment": .null,
        ])
        try goOn(requirements)
    }

    /// A document of another referral or patient proves nothing here.
    private static func checkOwner(of document: Int?, for requirement: Record<Requirement>) throws {
        guard let document else { return }
        try requirement.env.checkAccess(.read, requirement.env.registry.schema(Document.self), [document])
        guard requirement.env.record(Document.self, document).referral == requirement.referral else {
            throw Refusal(
                "requirement.other_document", .validation, "The document does not belong to this referral.",
                instruction: "Attach it to the referral first, or choose another one.")
        }
    }

    private static func own(_ requirements: Recordset<Requirement>) -> Recordset<Requirement> {
        requirements.env.asSuperuser("requirements are met and waived by actions only").records(Requirement.self, requirements.ids)
    }

    /// Asks the sender for everything that is missing, and waits.
    static func ask(_ referral: Record<Referral>) throws {
        let missing = referral.requirements.filter { $0.state == .missing }
        guard !missing.isEmpty else {
            throw Refusal("referral.nothing_missing", .userError, "Nothing is missing.", instruction: "Look at the requirements.")
        }
        let superuser = ReferralActions.own(referral)
        for requirement in superuser.requirements where requirement.state == .missing { requirement.requestedOn = referral.env.now }
        superuser.isAwaitingSender = true
        let names = missing.map { "<li>\(PlainText.escape($0.displayedName))</li>" }.joined()
        // The mail names what is missing and the referral's number, never the patient or the diagnosis.
        var post = Post(body: "<p>For referral \(referral.number) we still need:</p><ul>\(names)</ul>")
        post.subject = "Referral \(referral.number): please send what is missing"
        let senders = [superuser.referrer, superuser.practice].compactMap { $0 }
        post.recipients = [senders.first { !$0.email.isEmpty } ?? senders.first].compactMap { $0?.id }
        _ = try Chatter.post(on: referral.records, post)
    }

    private static func goOn(_ requirements: Recordset<Requirement>) throws {
        var seen: Set<Int> = []
        for requirement in requirements {
            guard let referral = requirement.referral, seen.insert(referral.id).inserted else { continue }
            try Pathway.advance(referral)
        }
    }
}
<<<<<<< 1a17409

/// Documents become referrals, or join them.
enum DocumentActions {
    /// Makes a referral of what a person read on the document's pages.
    static func enter(_ documents: Recordset<Document>, _ arguments: ValueMap) throws -> Int {
        guard let document = documents.first, documents.count == 1 else {
            throw Refusal("document.one", .invalid, "Enter one document at a time.")
        }
        let env = document.env
        let superuser = env.asSuperuser("channel and original are set by the machine")
        let patient = try Matching.findOrMake(arguments["patient"]?.mapValue ?? [:], in: env)
        var values = try named(arguments, patient: superuser.record(Patient.self, patient.record.id), in: superuser)
        values["patient_id"] = .int(patient.record.id)
        values["channel"] = .text(document.intake?.channel?.rawValue ?? "document")
        values["intake_id"] = document.intake.map { .int($0.id) } ?? .null
        if let site = document.company { values["company_id"] = .int(site.id) }
        let referral = try superuser.create(Referral.self, values)
        try Matching.note(patient, on: referral)
        try attach(documents, to: referral.id)
        return referral.id
    }

    /// What a person may say of a new referral; the rest is the machine's.
    private static let enteredFields = [
        "urgency", "requested_service", "reason_text", "diagnosis_codes", "procedure_codes", "specialty_id", "referrer_id", "practice_id",
        "coverage_id", "external_id",
    ]

    /// A person who reads a document writes down names; `specialty`, `referrer`, `practice` and `payer` become records here.
    private static func named(_ arguments: ValueMap, patient: Record<Patient>, in env: Environment) throws -> ValueMap {
        var values = ValueMap()
        for name in enteredFields { values[name] = arguments[name] }
        if let text = arguments["specialty"]?.textValue {
            values["specialty_id"] = try Parties.specialty(text, in: env).map { .int($0.id) }
        }
        let referrer = try Parties.contact(party(arguments["referrer"]), isCompany: false, in: env)
        if let referrer { values["referrer_id"] = .int(referrer.id) }
        let practice = try Parties.contact(party(arguments["practice"]), isCompany: true, in: env)
        if let practice { values["practice_id"] = .int(practice.id) }
        let payer = party(arguments["payer"])
        if !payer.isEmpty {
            values["coverage_id"] = try Parties.coverage(of: patient, by: payer, arguments["coverage"]?.mapValue ?? [:], in: env)
        }
        return values
    }

    private static func party(_ value: Value?) -> ReferralData.Party {
        var party = ReferralData.Party()
        guard let map = value?.mapValue else { return party }
        party.name = map["name"]?.textValue ?? ""
        party.number = map["number"]?.textValue ?? ""
        party.phone = map["phone"]?.textValue ?? ""
        party.email = map["email"]?.textValue ?? ""
        return party
    }

    static func attach(_ documents: Recordset<Document>, to referral: Int?) throws {
        guard let referral else { throw Refusal.badValue("referral_id", in: Document.name, expected: "the id of a referral") }
        let target = documents.env.record(Referral.self, referral)
        try documents.env.checkAccess(.write, target.records.model, [referral])
        let patient = target.patient.map { Value.int($0.id) } ?? .null
        let superuser = documents.env.asSuperuser("the state of a document is set by the machine")
        try superuser.records(Document.self, documents.ids).write([
            "referral_id": .int(referral), "patient_id": patient, "state": "entered",
        ])
        for document in documents { try Completeness.take(document, for: target) }
        try Pathway.refresh(target)
    }
}
=======
>>>>>>> 674326c856a7ed8485785cf943eb53d9235176da
