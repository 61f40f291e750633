import FHIR
import JSON
import Kernel
import Referrals

/// ServiceRequest and `care.referral`: what is asked for.
struct ServiceRequestMapping: ResourceMapping {
    let type = "ServiceRequest"
    let model = Referral.name
    let interactions: Set<Interaction> = [.read, .search, .create, .update]

    let parameters: [SearchParameter] = [
        ReferralParts.identifier, .reference("patient", "patient_id", "Patient"), .reference("subject", "patient_id", "Patient"),
        .token("status", field: nil) { _, code, _ in
            switch code {
            case "completed": .where("stage", .equal, "completed")
            case "revoked": .where("stage", .equal, "closed")
            case "active": .where("stage", .notIn, ["completed", "closed"])
            default: .none
            }
        },
        .token("intent") { _, code, _ in code == "order" ? .all : .none },
        .code("priority", "urgency", codes: ["routine": "routine", "urgent": "urgent", "asap": "urgent", "stat": "stat"]),
        .token("code", field: "specialty_id") { system, code, _ in ReferralParts.coded(system, code) },
        ReferralParts.requester, .date("authored", "received_on"), .date("authored-on", "received_on"),
        .reference("performer", "service_id.organization_id", "Organization"),
        .token("specialty", field: "specialty_id") { system, code, _ in ReferralParts.coded(system ?? Systems.specialty, code) },
        .reference("replaces", "previous_id", "ServiceRequest"),
    ]

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let referral = Record<Referral>(id: id, records: records)
        let stage = referral.stage ?? .received
        return [
            ("identifier", ReferralParts.identifiers(referral)),
            ("replaces", context.reference("ServiceRequest", referral.previous?.id).map { [$0] }),
            ("status", .string(stage.requestStatus)), ("intent", "order"),
            ("category", [FHIRData.codeableConcept(Systems.snomed, "3457005", display: "Patient referral")]),
            ("priority", .string((referral.urgency ?? .routine).rawValue)), ("code", code(referral)),
            ("subject", context.reference("Patient", referral.patient?.id) ?? FHIRData.object([("display", "Not known yet")])),
            ("authoredOn", referral.received?.fhir), ("requester", context.party(referral.referrer) ?? context.party(referral.practice)),
            ("performerType", ReferralParts.specialty(referral)),
            ("performer", context.party(referral.service?.organization).map { [$0] }), ("reasonCode", reasons(referral)),
            ("insurance", context.reference("Coverage", referral.coverage?.id).map { [$0] }),
            ("supportingInfo", .array(referral.documents.ids.map { FHIRData.reference("DocumentReference", String($0)) })),
        ]
    }

    private func code(_ referral: Record<Referral>) -> JSON? {
        let procedures = referral.procedureCodes.listed.map { FHIRData.coding(Systems.cpt, $0) }
        let specialty = referral.specialty.map { [FHIRData.coding(Systems.specialty, $0.code, display: $0.displayedName)] } ?? []
        return FHIRData.codeableConcept(procedures + specialty, text: referral.requested.present)
    }

    private func reasons(_ referral: Record<Referral>) -> JSON {
        let codes = referral.diagnosisCodes.listed.map { FHIRData.codeableConcept(Systems.icd10, $0) }
        return .array((referral.reasonText.present.map { [FHIRData.codeableConcept(text: $0)] } ?? []) + codes)
    }

    /// Changes what is asked for; taking it back is the sender's right, everything else goes by the referral's actions.
    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        let referral = context.env.record(Referral.self, id)
        let status = resource.string("status") ?? ""
        let present = (referral.stage ?? .received).requestStatus
        let subject = try context.target(resource["subject"], at: "ServiceRequest.subject", ["Patient"])
        guard subject?.id == referral.patient?.id else {
            throw FHIRRefusal.unprocessable(
                "referral.other_patient", .businessRule, "A referral stays with its patient. Revoke it and post a new one.",
                at: "ServiceRequest.subject")
        }
        if status == "revoked", present == "active" {
            return try TaskMoves.cancel(referral, resource["note"]?[0]?["text"]?.stringValue, context)
        }
        guard status == present else { throw try TaskMoves.illegal(referral, "status '\(status.shown)'", at: "ServiceRequest.status") }
        var values = try ReferralReader(context: context).facts(resource, coverageOf: referral.patient?.id)
        values["received_on"] = nil
        try referral.write(values)
    }
}

/// What ServiceRequest and Task share.
enum ReferralParts {
    static let identifier = SearchParameter.token("identifier", field: "name") { system, code, _ in
        switch system {
        case nil:
            return .where("name", .equal, .text(code)) | .where("external_id", .equal, .text(code))
                | .where("external_id", .exactLike, .text("%|" + LikeText.escape(code)))
        case Systems.referral: return .where("name", .equal, .text(code))
        case let system?: return .where("external_id", .equal, .text(system + "|" + code))
        }
    }

    static let requester = SearchParameter(
        name: "requester", kind: .reference, field: "referrer_id", target: "Practitioner",
        modifiers: ["Practitioner", "Organization", "PractitionerRole", "identifier", "missing"]
    ) { value, env in
        if value.modifier == "identifier" {
            return try SearchParameter.identified(value, "referrer_id", ["Practitioner"], env)
                | SearchParameter.identified(value, "practice_id", ["Organization"], env)
        }
        guard let id = value.referenceId(["Practitioner", "Organization", "PractitionerRole"]) else { return .none }
        return .where("referrer_id", .equal, .int(id)) | .where("practice_id", .equal, .int(id))
    }

    static func coded(_ system: String?, _ code: String) -> Domain {
        switch system {
        case Systems.specialty: .where("specialty_id.code", .equal, .text(code))
        case Systems.cpt: .where("procedure_codes", .like, .text(code))
        case nil: .where("specialty_id.code", .equal, .text(code)) | .where("procedure_codes", .like, .text(LikeText.escape(code)))
        default: .none
        }
    }

    static func identifiers(_ referral: Record<Referral>) -> JSON {
        var list = referral.number.present.map { [FHIRData.identifier(Systems.referral, $0, use: "official")] } ?? []
        let token = referral.externalId
        if let bar = token.firstIndex(of: "|") {
            list.append(FHIRData.identifier(String(token[..<bar]).present, String(token[token.index(after: bar)...])))
        } else if token.present != nil {
            list.append(FHIRData.identifier(nil, token))
        }
        return .array(list)
    }

    static func specialty(_ referral: Record<Referral>) -> JSON? {
        referral.specialty.map { FHIRData.codeableConcept(Systems.specialty, $0.code, display: $0.displayedName) }
    }
}
