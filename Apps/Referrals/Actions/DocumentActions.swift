import Base
import Crypto
import Kernel
import Pages

/// Says from which score on a document's patient is taken for one on record; an app that has a policy offers one with `App.offer(_:)`.
public protocol DocumentIdentity: Sendable {
    /// The score, 0 to 1.
    func certainScore(for document: Record<Document>) throws -> Double
}

/// Documents become referrals, or join them.
enum DocumentActions {
    /// Makes a referral of what a person read on the document's pages.
    static func enter(_ documents: Recordset<Document>, _ arguments: ValueMap) throws -> Int {
        guard let document = documents.first, documents.count == 1 else {
            throw Refusal("document.one", .invalid, "Enter one document at a time.")
        }
        let env = document.env
        try env.checkRight(.create, on: env.registry.schema(Referral.self))
        let named = ["practice_id", "payer_id"].compactMap { arguments[$0]?.intValue }
        try env.checkAccess(.read, env.registry.schema(Partner.self), named)
        let superuser = env.asSuperuser("channel and original are set by the machine")
        let (patient, lines) = try patient(of: document, arguments, in: env)
        var values = try facts(arguments, patient: superuser.record(Patient.self, patient), in: superuser)
        values["patient_id"] = .int(patient)
        values["match_ids"] = lines
        values["channel"] = .text(document.intake?.channel?.rawValue ?? "document")
        values["intake_id"] = document.intake.map { .int($0.id) } ?? .null
        if let site = document.company { values["company_id"] = .int(site.id) }
        let referral = try superuser.create(Referral.self, values)
        try attach(documents, to: referral.id)
        return referral.id
    }

    /// The patient that a person chose, completed by what the document says; else the one that is found, or a new one.
    private static func patient(
        of document: Record<Document>, _ arguments: ValueMap, in env: Environment
    ) throws -> (id: Int, lines: Value) {
        var said = arguments["patient"]?.mapValue ?? [:]
        if let number = arguments["coverage"]?.mapValue?["member_number"] { said["member_number"] = number }
        if let chosen = arguments["patient_id"]?.intValue {
            try env.checkAccess(.write, env.registry.schema(Patient.self), [chosen])
            let machine = env.asSuperuser("a known patient's record is completed by the machine")
            try Matching.complete(machine.record(Patient.self, chosen), from: said)
            return (chosen, .list([]))
        }
        let refused = Set(arguments["refused_patient_ids"]?.idList ?? [])
        let certain = try env.registry.offered(as: (any DocumentIdentity).self).first?.certainScore(for: document)
        let found = try Matching.findOrMake(said, refused: refused, certain: certain ?? Matching.certain, in: env)
        return (found.record.id, Matching.lines(found))
    }

    /// What a person may say of a new referral; the rest is the machine's.
    private static let enteredFields = [
        "urgency", "requested_service", "reason_text", "diagnosis_codes", "procedure_codes", "specialty_id", "referrer_id", "practice_id",
        "coverage_id", "user_id", "external_id",
    ]

    /// A person who reads a document writes down names; `specialty`, `referrer`, `practice` and `payer` become records here.
    private static func facts(_ arguments: ValueMap, patient: Record<Patient>, in env: Environment) throws -> ValueMap {
        var values = ValueMap()
        for name in enteredFields { values[name] = arguments[name] }
        if let text = arguments["specialty"]?.textValue {
            values["specialty_id"] = try Parties.specialty(text, in: env).map { .int($0.id) }
        }
        let referrer = try Parties.contact(party(arguments["referrer"]), isCompany: false, in: env)
        if let referrer { values["referrer_id"] = .int(referrer.id) }
        if arguments["practice_id"]?.intValue == nil {
            let practice = try Parties.contact(party(arguments["practice"]), isCompany: true, in: env)
            if let practice { values["practice_id"] = .int(practice.id) }
        }
        let payer = party(arguments["payer"])
        if let chosen = arguments["payer_id"]?.intValue {
            let facts = arguments["coverage"]?.mapValue ?? [:]
            values["coverage_id"] = try Parties.coverage(of: patient, by: env.record(Partner.self, chosen), facts, in: env)
        } else if !payer.isEmpty {
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
        let superuser = documents.env.asSuperuser("the state of a document is set by the machine")
        try superuser.records(Document.self, documents.ids).write(["referral_id": .int(referral), "state": "entered"])
    }

    /// What a program made without saying so is measured: its digest, size and media type are the machine's to know.
    static func measured(_ documents: Recordset<Document>) throws {
        let env = documents.env.asSuperuser("digest and size of a document are set by the machine")
        for document in env.records(Document.self, documents.ids) where document.digest.isEmpty {
            let bytes = document.content
            guard !bytes.isEmpty else { continue }
            var values: ValueMap = ["digest": .text(SHA256.hash(bytes).hex), "file_size": .int(bytes.count)]
            if let kind = DocumentKind(magicOf: bytes) { values["mimetype"] = .text(kind.mediaType) }
            try document.write(values)
        }
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
