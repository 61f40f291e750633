import Base
import Kernel

/// Documents become referrals, or join them.
enum DocumentActions {
    /// What a person may fill in from a document.
    private static let formFields: Set<String> = [
        "specialty_id", "urgency", "requested_service", "reason_text", "diagnosis_codes", "procedure_codes", "referrer_id", "practice_id",
        "coverage_id", "user_id", "external_id",
    ]

    /// Makes a referral of what a person read on the document's pages.
    static func enter(_ documents: Recordset<Document>, _ arguments: ValueMap) throws -> Int {
        guard let document = documents.first, documents.count == 1 else {
            throw Refusal("document.one", .invalid, "Enter one document at a time.")
        }
        let env = document.env
        try env.checkRight(.create, on: env.registry.schema(Referral.self))
        let patient = try Matching.findOrMake(arguments["patient"]?.mapValue ?? [:], in: env)
        var values = ValueMap()
        for entry in arguments.entries where formFields.contains(entry.name) { values[entry.name] = entry.value }
        values["patient_id"] = .int(patient.record.id)
        values["match_ids"] = Matching.lines(patient)
        values["channel"] = .text(document.intake?.channel?.rawValue ?? "document")
        values["intake_id"] = document.intake.map { .int($0.id) } ?? .null
        if let site = document.company { values["company_id"] = .int(site.id) }
        let superuser = env.asSuperuser("channel and original are set by the machine")
        let referral = try superuser.create(Referral.self, values)
        try attach(documents, to: referral.id)
        return referral.id
    }

    static func attach(_ documents: Recordset<Document>, to referral: Int?) throws {
        guard let referral else { throw Refusal.badValue("referral_id", in: Document.name, expected: "the id of a referral") }
        let target = documents.env.record(Referral.self, referral)
        try documents.env.checkAccess(.write, target.records.model, [referral])
        let superuser = documents.env.asSuperuser("the state of a document is set by the machine")
        try superuser.records(Document.self, documents.ids).write(["referral_id": .int(referral), "state": "entered"])
    }

    /// A document that has joined a referral is about its patient, and may be what the referral waits for.
    static func joined(_ documents: Recordset<Document>) throws {
        let env = documents.env.asSuperuser("a document follows its referral")
        for document in env.records(Document.self, documents.ids) {
            guard let referral = document.referral else { continue }
            if let patient = document.patient, let other = referral.patient, patient != other {
                throw Refusal(
                    "document.other_patient", .validation, "The document is about another patient.",
                    instruction: "Attach it to a referral of its own patient.")
            }
            if document.patient == nil, let patient = referral.patient { try document.write(["patient_id": .int(patient.id)]) }
            // A referral that is just coming in looks at its documents itself.
            guard let stage = referral.stage, stage != .received, !stage.isFinal else { continue }
            try Completeness.take(document, for: referral)
            try Pathway.refresh(referral)
        }
    }
}
