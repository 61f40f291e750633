import Base
import Kernel

/// Brings the referrals of the demo in by their channels.
struct DemoArrival {
    let cast: DemoCast
    let places: DemoPlaces
    let people: DemoPeople
    let patients: DemoPatients

    /// The referral of a case, as it stands after its arrival.
    func bring(_ item: DemoCase) throws -> Int {
        switch item.channel {
        case .document, .fax: try byDocument(item)
        case .manual: try byHand(item)
        default: try byMessage(item)
        }
    }

    private func byMessage(_ item: DemoCase) throws -> Int {
        let env = try cast.actor(item.channel == .fhir ? "fhir" : item.channel == .hl7v2 ? "hl7" : "portal", site: item.site)
        let data = data(item)
        let arrival = IntakeDesk.Arrival(
            channel: item.channel, sender: sender(item), controlId: "DEMO\(1_000 + item.number)", name: "Demo message \(item.number + 1)",
            mediaType: "text/plain", content: Array("Demo message \(item.number + 1) for \(data.specialty)".utf8))
        let receipt = try IntakeDesk.store(arrival, in: env)
        return try IntakeDesk.accept(data, intake: receipt.intakeId, in: env).id
    }

    private func byDocument(_ item: DemoCase) throws -> Int {
        let env = try cast.coordinator(item.site)
        let bytes = DemoFiles.pdf(["Referral form", "Fictitious document of the demo hospital group", "Page of case \(item.number + 1)"])
        let document = try env.asSuperuser("the state of a document is set by the machine").create(
            Document.self,
            [
                "name": .text("\(item.channel == .fax ? "Fax" : "Scan") \(item.number + 1).pdf"), "kind": "referral",
                "mimetype": "application/pdf", "content": .bytes(bytes), "file_size": .int(bytes.count), "state": "checked",
            ])
        let facts = try facts(item, env).merging(["patient": .map(patients.drafts[item.patient].values)])
        let id = try env.records(Document.self, [document.id]).call("action_enter", facts).intValue ?? 0
        try complete(id, item, env)
        return id
    }

    private func byHand(_ item: DemoCase) throws -> Int {
        let env = try cast.coordinator(item.site)
        let patient = try Matching.findOrMake(patients.drafts[item.patient].values, in: env)
        let referral = try env.create(
            Referral.self, try facts(item, env).merging(["patient_id": .int(patient.record.id)]))
        try complete(referral.id, item, env)
        return referral.id
    }

    /// Adds what a person adds after entering the form: coverage and enclosed documents.
    private func complete(_ id: Int, _ item: DemoCase, _ env: Environment) throws {
        let referral = env.record(Referral.self, id)
        guard let patient = referral.patient, let payer = places.payers[item.payer] else { return }
        let known = patient.coverages.first { $0.payer?.id == payer }
        let coverage =
            try known?.id
            ?? env.create(
                Coverage.self,
                [
                    "patient_id": .int(patient.id), "payer_id": .int(payer),
                    "member_number": .text(patients.drafts[item.patient].memberNumber),
                ]
            ).id
        if let file = file(item) {
            let superuser = env.asSuperuser("the state of a document is set by the machine")
            let document = try superuser.create(
                Document.self,
                [
                    "name": .text(file.name), "kind": .text(file.kind), "mimetype": .text(file.mediaType), "content": .bytes(file.bytes),
                    "file_size": .int(file.bytes.count), "state": "checked",
                ])
            _ = try env.records(Document.self, [document.id]).call("action_attach", ["referral_id": .int(id)])
        }
        try referral.write(["coverage_id": .int(coverage)])
    }

    private func facts(_ item: DemoCase, _ env: Environment) throws -> ValueMap {
        let practitioner = people.practitioners[item.practitioner]
        return [
            "specialty_id": try env.search(Specialty.self, .where("code", .equal, .text(item.specialty)), limit: 1).first.map {
                .int($0.id)
            } ?? .null,
            "urgency": .text(item.urgency.rawValue), "reason_text": "Please see and advise. Invented for the demo.",
            "requested_service": "Consultation", "diagnosis_codes": .text(DemoCase.diagnoses[item.specialty] ?? ""),
            "procedure_codes": item.specialty == "IMAG" ? "72148" : "", "referrer_id": .int(practitioner.id),
            "practice_id": .int(practitioner.clinic),
        ]
    }

    private func data(_ item: DemoCase) -> ReferralData {
        var data = ReferralData()
        data.externalId = "E\(20_000 + item.number)"
        data.patient = patients.drafts[item.patient].values
        if item.goal == .similar { data.patient = blurred(data.patient) }
        if item.goal != .incomplete || item.number % 2 == 0 {
            data.payer.number = item.payer
            data.coverage = ["member_number": .text(patients.drafts[item.patient].memberNumber)]
        }
        let practitioner = people.practitioners[item.practitioner]
        data.referrer.number = practitioner.number
        data.referrer.name = practitioner.name
        data.specialty = item.specialty
        data.urgency = item.urgency
        data.requestedService = "Consultation"
        data.reasonText = "Please see and advise. Invented for the demo."
        data.diagnosisCodes = [DemoCase.diagnoses[item.specialty] ?? ""]
        if item.specialty == "IMAG" { data.procedureCodes = ["72148"] }
        data.files = [file(item)].compactMap { $0 }
        return data
    }

    /// The same person written down carelessly, without numbers.
    private func blurred(_ values: ValueMap) -> ValueMap {
        var values = patients.drafts[(values["mrn"]?.textValue.flatMap { Int($0.dropFirst()) } ?? 100_000) % 20].values
        for name in ["identifiers", "mrn", "phone", "email", "street"] { values[name] = nil }
        values["family_name"] = .text((values["family_name"]?.textValue ?? "") + "e")
        return values
    }

    private func file(_ item: DemoCase) -> ReferralData.File? {
        item.goal == .incomplete || item.goal == .asked ? nil : DemoFiles.file(for: item.specialty)
    }

    private func sender(_ item: DemoCase) -> String {
        switch item.channel {
        case .hl7v2: "EHR_NORTH"
        case .fhir: "https://ehr.clinics.example/fhir"
        default: item.channel.rawValue
        }
    }
}
