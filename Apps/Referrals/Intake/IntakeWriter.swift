import Base
import Crypto
import Kernel
import Messaging
import Pages

/// Turns what a message says into records.
struct IntakeWriter {
    /// Characters of a reason that grows with each message.
    private static let reasonLimit = 40_000

    let env: Environment
    let intake: Record<Intake>
    let data: ReferralData

    /// A new referral; the sender's own number makes it unique among its referrals.
    func make() throws -> Record<Referral> {
        if !data.externalId.isEmpty, let known = try find() { return try update(known) }
        var values = try facts()
        let patient: Record<Patient>
        if let known = data.known.patient {
            patient = env.record(Patient.self, known)
        } else {
            let matched = try Matching.findOrMake(data.patient, in: env)
            values["match_ids"] = Matching.lines(matched)
            patient = matched.record
        }
        values["patient_id"] = .int(patient.id)
        values["coverage_id"] = try coverage(of: patient)
        values["channel"] = .text(intake.channel?.rawValue ?? "api")
        values["sender"] = .text(intake.sender)
        values["external_id"] = .text(data.externalId)
        values["intake_id"] = .int(intake.id)
        if let authorization = authorization(values["coverage_id"]) { values["authorization_ids"] = [[0, 0, .map(authorization)]] }
        values["company_id"] = intake.company.map { .int($0.id) } ?? .int(env.companyId)
        let files = try data.files.map { Value.list([0, 0, .map(try document($0))]) }
        if !files.isEmpty { values["document_ids"] = .list(files) }
        let referral = try env.create(Referral.self, values)
        return referral
    }

    /// New facts for a referral that is known by the sender's number.
    func update() throws -> Record<Referral> {
        guard let known = try find() else { throw Refusal.unknownReferral(data.externalId) }
        return try update(known)
    }

    private func update(_ referral: Record<Referral>) throws -> Record<Referral> {
        if referral.stage?.isFinal ?? true {
            throw Refusal(
                "referral.final", .conflict, "Referral \(referral.number) is closed.",
                instruction: "Send a new referral under a number of its own.")
        }
        if let patient = referral.patient {
            guard data.known.patient.map({ $0 == patient.id }) ?? Matching.mayBe(patient, data.patient) else {
                throw Refusal(
                    "referral.other_patient", .conflict, "The message names another patient than referral \(referral.number).",
                    instruction: "Check with the sender whom the referral is about.")
            }
            if data.known.patient == nil { try Matching.complete(patient, from: data.patient) }
        }
        var values = try facts()
        for name in values.names where values[name]?.isFalsy ?? true { values[name] = nil }
        if data.addsToReason, let words = values["reason_text"]?.textValue {
            values["reason_text"] = .text(added(words, to: referral.reasonText))
        }
        for fact in data.removed where values[fact.field] == nil { values[fact.field] = fact.blank }
        if let patient = referral.patient {
            let coverage = try coverage(of: patient)
            if !coverage.isFalsy || data.removed.contains(.coverage) { values["coverage_id"] = coverage }
        }
        try referral.write(values)
        for file in data.files {
            var document = try document(file)
            document["referral_id"] = .int(referral.id)
            document["patient_id"] = referral.patient.map { .int($0.id) } ?? .null
            document["company_id"] = referral.company.map { .int($0.id) } ?? .null
            try env.create(Document.self, document)
        }
        if !referral.authorizations.contains(where: { $0.number == data.authorizationNumber }),
            var authorization = authorization(referral.coverage.map { .int($0.id) })
        {
            authorization["referral_id"] = .int(referral.id)
            try env.create(Authorization.self, authorization)
        }
        try Pathway.refresh(referral)
        return referral
    }

    /// The sender takes a referral back.
    func cancel() throws -> Record<Referral> {
        guard let referral = try find() else { throw Refusal.unknownReferral(data.externalId) }
        if referral.stage?.isFinal ?? true { return referral }
        try Endings.close(referral.asSet, ["reason_id": "cancel.referrer", "comment": .text("By message from \(intake.sender).")])
        return referral
    }

    private func find() throws -> Record<Referral>? {
        if let known = data.known.referral { return env.record(Referral.self, known) }
        if data.externalId.isEmpty { return nil }
        let domain = Domain.where("external_id", .equal, .text(data.externalId)) & .where("sender", .equal, .text(intake.sender))
        return try env.search(Referral.self, domain, order: "id desc", limit: 1).first
    }

    private func facts() throws -> ValueMap {
        var values = ValueMap()
        if let urgency = data.urgency { values["urgency"] = .text(urgency.rawValue) }
        values["requested_service"] = .text(String(data.requestedService.prefix(500)))
        values["reason_text"] = .text(data.reasonText)
        values["diagnosis_codes"] = .text(String(data.diagnosisCodes.joined(separator: ", ").prefix(500)))
        values["procedure_codes"] = .text(String(data.procedureCodes.joined(separator: ", ").prefix(500)))
        for text in ([data.specialty] + data.specialtyNames).prefix(5) {
            guard let specialty = try Parties.specialty(text, in: env) else { continue }
            values["specialty_id"] = .int(specialty.id)
            break
        }
        if let referrer = try contact(data.referrer, data.known.referrer, isCompany: false) { values["referrer_id"] = .int(referrer.id) }
        if let practice = try contact(data.practice, data.known.practice, isCompany: true) { values["practice_id"] = .int(practice.id) }
        return values
    }

    /// The known reason, and beneath it the lines that it does not have.
    private func added(_ words: String, to known: String) -> String {
        let lines = known.split(separator: "\n")
        let new = words.split(separator: "\n").filter { !lines.contains($0) }
        return String((known.isEmpty ? new : [Substring(known)] + new).joined(separator: "\n").prefix(Self.reasonLimit))
    }

    private func contact(_ party: ReferralData.Party, _ known: Int?, isCompany: Bool) throws -> Record<Partner>? {
        try known.map { env.record(Partner.self, $0) } ?? Parties.contact(party, isCompany: isCompany, in: env)
    }

    private func coverage(of patient: Record<Patient>) throws -> Value {
        if let known = data.known.coverage { return .int(known) }
        guard let payer = try contact(data.payer, data.known.payer, isCompany: true) else { return .null }
        return try Parties.coverage(of: patient, by: payer, data.coverage, in: env)
    }

    private func document(_ file: ReferralData.File) throws -> ValueMap {
        [
            "name": .text(String(file.name.prefix(255))), "kind": .text(file.kind), "mimetype": .text(file.mediaType),
            "content": .bytes(file.bytes),
            "file_size": .int(file.bytes.count), "intake_id": .int(intake.id), "state": .text(isPages(file) ? "received" : "checked"),
            "digest": .text(SHA256.hash(file.bytes).hex),
        ]
    }

    /// Whether the sweep has to look at it; until then nobody may take it for checked.
    private func isPages(_ file: ReferralData.File) -> Bool {
        DocumentKind(magicOf: file.bytes) != nil || DocumentKind.allCases.contains { $0.mediaType == file.mediaType }
    }

    /// The permission that the sender says the payer has given.
    private func authorization(_ coverage: Value?) -> ValueMap? {
        if data.authorizationNumber.isEmpty { return nil }
        let payer = (coverage?.intValue).flatMap { env.record(Coverage.self, $0).payer?.id }
        return [
            "payer_id": payer.map { .int($0) } ?? .null, "state": "approved", "number": .text(data.authorizationNumber),
            "decided_on": .instant(env.now),
        ]
    }
}

extension ReferralData.Fact {
    /// The field of `care.referral` that holds it.
    fileprivate var field: String {
        switch self {
        case .urgency: "urgency"
        case .specialty: "specialty_id"
        case .requestedService: "requested_service"
        case .reasonText: "reason_text"
        case .diagnosisCodes: "diagnosis_codes"
        case .procedureCodes: "procedure_codes"
        case .referrer: "referrer_id"
        case .practice: "practice_id"
        case .coverage: "coverage_id"
        }
    }

    /// What stands there once it is taken back.
    fileprivate var blank: Value { self == .urgency ? .text(Urgency.routine.rawValue) : .null }
}

extension Refusal {
    static func unknownReferral(_ number: String) -> Refusal {
        Refusal(
            "referral.unknown", .missing, "There is no referral with this number from this sender.",
            instruction: "Send a new referral, or correct the number.",
            details: ["external_id": .text(number)])
    }
}
