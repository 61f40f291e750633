import FHIR
import JSON
import Kernel
import Referrals

/// Coverage and `care.coverage`.
struct CoverageMapping: ResourceMapping {
    let type = "Coverage"
    let model = Coverage.name
    let interactions: Set<Interaction> = [.read, .search, .create, .update]

    let parameters: [SearchParameter] = [
        .token("identifier", field: "external_id") { system, code, _ in
            .where("external_id", .equal, .text(system.map { $0 + "|" + code } ?? code))
                | .where("member_number", .equal, .text(system == nil ? code : ""))
        },
        .reference("patient", "patient_id", "Patient"), .reference("beneficiary", "patient_id", "Patient"),
        .reference("payor", "payer_id", "Organization"),
        .token("status") { _, code, _ in
            switch code {
            case "active": .where("state", .notEqual, "inactive")
            case "cancelled": .where("state", .equal, "inactive")
            default: .none
            }
        },
    ]

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let coverage = Record<Coverage>(id: id, records: records)
        let classes = [("group", coverage.groupNumber), ("plan", coverage.plan)].compactMap { kind, value in
            value.present.map {
                FHIRData.object([("type", FHIRData.codeableConcept(Systems.coverageClass, kind)), ("value", .string($0))])
            }
        }
        let period = FHIRData.period(start: coverage.start?.description, end: coverage.end?.description)
        return [
            ("identifier", identifier(coverage.externalId)), ("status", coverage.state == .inactive ? "cancelled" : "active"),
            ("subscriberId", coverage.memberNumber.json), ("beneficiary", context.reference("Patient", coverage.patient?.id)),
            ("relationship", coverage.relationship.present.map { FHIRData.codeableConcept(Systems.subscriberRelationship, $0) }),
            ("period", period), ("payor", context.party(coverage.payer).map { [$0] }), ("class", .array(classes)),
        ]
    }

    private func identifier(_ token: String) -> JSON {
        guard token.present != nil else { return .array([]) }
        guard let bar = token.firstIndex(of: "|") else { return [FHIRData.identifier(nil, token)] }
        return [FHIRData.identifier(String(token[..<bar]), String(token[token.index(after: bar)...]))]
    }

    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        guard let patient = try context.target(resource["beneficiary"], at: "Coverage.beneficiary", ["Patient"]) else {
            throw FHIRRefusal.unprocessable(
                "coverage.no_patient", .required, "Say by reference whose coverage it is.", at: "Coverage.beneficiary")
        }
        var values = CoverageValues.values(resource)
        values["patient_id"] = .int(patient.id)
        values["payer_id"] = .int(try payer(resource, context))
        return Made(id: try context.env.create(Coverage.self, values).id)
    }

    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        let coverage = context.env.record(Coverage.self, id)
        let patient = try context.target(resource["beneficiary"], at: "Coverage.beneficiary", ["Patient"])
        guard patient?.id == coverage.patient?.id else {
            throw FHIRRefusal.unprocessable(
                "coverage.other_patient", .businessRule, "A coverage stays with its patient. Post a new one.", at: "Coverage.beneficiary")
        }
        var values = CoverageValues.values(resource)
        values["payer_id"] = .int(try payer(resource, context))
        // Eligibility that was confirmed stays confirmed; only an end is taken from a sender.
        if values["state"] == "unverified", coverage.state != .inactive { values["state"] = nil }
        try coverage.write(values)
    }

    private func payer(_ resource: FHIRResource, _ context: FHIRContext) throws -> Int {
        guard let payer = try context.target(resource.value("payor.0"), at: "Coverage.payor[0]", ["Organization"]) else {
            throw FHIRRefusal.unprocessable("coverage.no_payer", .required, "Name the payer by a reference.", at: "Coverage.payor[0]")
        }
        return payer.id
    }
}

/// What a Coverage says, as values of `care.coverage` without patient and payer.
enum CoverageValues {
    static func values(_ resource: FHIRResource) -> ValueMap {
        func plan(_ kind: String) -> String {
            resource.values("class").first { $0.fhirValue("type.coding.code")?.stringValue == kind }?["value"]?.stringValue ?? ""
        }
        let isEnded = ["cancelled", "entered-in-error"].contains(resource.string("status"))
        return [
            "member_number": .text(resource.string("subscriberId") ?? resource.string("identifier.0.value") ?? ""),
            "group_number": .text(plan("group")), "plan": .text(plan("plan")),
            "relationship": .text(resource.string("relationship.coding.code") ?? "self"),
            "date_start": Reading.day(resource, "period.start").map { .day($0) } ?? .null,
            "date_end": Reading.day(resource, "period.end").map { .day($0) } ?? .null,
            "external_id": .text(Reading.token(resource.value("identifier.0"))), "state": isEnded ? "inactive" : "unverified",
        ]
    }
}
