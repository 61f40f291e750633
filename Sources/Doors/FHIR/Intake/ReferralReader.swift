import Base
import FHIR
import JSON
import Kernel
import Referrals

/// Reads what a ServiceRequest says about a referral.
///
/// References are followed among the resources that came along, into `contained`, and to what is here already.
struct ReferralReader {
    let context: FHIRContext
    /// Resources that came in the same Bundle and are not yet stored.
    var local = LocalResources()

    /// What came along and was taken up by the referral, by its address in the Bundle.
    struct Taken {
        var patient: String?
        var coverage: String?
        var referrer: [String] = []
        var practice: [String] = []
        var payer: [String] = []
        var files: [String] = []
    }

    /// What a new ServiceRequest says.
    func read(_ request: FHIRResource) throws -> (data: ReferralData, taken: Taken) {
        guard request.string("status") == "active" else {
            throw FHIRRefusal.unprocessable(
                "referral.not_active", .businessRule, "A new referral is 'active'.", at: "ServiceRequest.status")
        }
        var data = ReferralData()
        var taken = Taken()
        data.externalId = Reading.token(request.value("identifier.0"))
        try readPatient(request, &data, &taken)
        try readCoverage(request, &data, &taken)
        try readRequester(request, &data, &taken)
        data.urgency = urgency(request)
        data.specialty = try specialty(request)
        data.requestedService = requested(request)
        data.reasonText = reasons(request)
        data.diagnosisCodes = codes(request, "reasonCode.coding", ["icd-10", "2.16.840.1.113883.6.90"])
        data.procedureCodes = codes(request, "code.coding", [Systems.cpt])
        data.authorizationNumber = ""
        return (data, taken)
    }

    /// What a changed ServiceRequest says, as values of `care.referral`.
    func facts(_ request: FHIRResource, coverageOf patient: Int?) throws -> ValueMap {
        var values: ValueMap = [
            "urgency": .text((urgency(request) ?? .routine).rawValue), "requested_service": .text(requested(request)),
            "reason_text": .text(reasons(request)),
            "diagnosis_codes": .text(codes(request, "reasonCode.coding", ["icd-10", "2.16.840.1.113883.6.90"]).joined(separator: ", ")),
            "procedure_codes": .text(codes(request, "code.coding", [Systems.cpt]).joined(separator: ", ")),
        ]
        let specialty = try specialty(request)
        let found = try context.env.search(Specialty.self, .where("code", .equal, .text(specialty)), limit: 1).first
        if let found { values["specialty_id"] = .int(found.id) }
        if let coverage = try context.target(request.value("insurance.0"), at: "ServiceRequest.insurance[0]", ["Coverage"]) {
            values["coverage_id"] = .int(coverage.id)
        }
        if let target = try context.target(
            request["requester"], at: "ServiceRequest.requester", ["Practitioner", "PractitionerRole", "Organization"])
        {
            values[target.type == "Organization" ? "practice_id" : "referrer_id"] = .int(target.id)
        }
        return values
    }
}

// MARK: Who

extension ReferralReader {
    private func readPatient(_ request: FHIRResource, _ data: inout ReferralData, _ taken: inout Taken) throws {
        let place = "ServiceRequest.subject"
        guard let subject = request["subject"] else { throw FHIRRefusal.unknownReference("", at: place) }
        if let (address, patient) = local.resource(subject, in: request, "Patient") {
            data.patient = try PatientValues(patient, context.env).values
            taken.patient = address
            return
        }
        guard let target = try context.target(subject, at: place, ["Patient"]) else {
            throw FHIRRefusal.unprocessable("referral.no_patient", .required, "Say by reference who the patient is.", at: place)
        }
        data.known.patient = target.id
    }

    private func readCoverage(_ request: FHIRResource, _ data: inout ReferralData, _ taken: inout Taken) throws {
        let place = "ServiceRequest.insurance[0]"
        let element = request.value("insurance.0") ?? local.onlyCoverage(of: request["subject"])
        guard let element else { return }
        guard let (address, coverage) = local.resource(element, in: request, "Coverage") else {
            data.known.coverage = try context.target(element, at: place, ["Coverage"])?.id
            return
        }
        taken.coverage = address
        data.coverage = CoverageValues.values(coverage)
        if data.coverage["state"] == "unverified" { data.coverage["state"] = nil }
        guard let payor = coverage.value("payor.0") else { return }
        let party = try party(payor, in: coverage, at: "Coverage.payor[0]", ["Organization"])
        data.payer = party.party
        data.known.payer = party.id
        taken.payer = party.addresses
        guard data.known.payer != nil || !data.payer.isEmpty else {
            throw FHIRRefusal.unprocessable(
                "coverage.no_payer", .required, "The payer is neither known here nor named. Send an Organization or a display.",
                at: "Coverage.payor[0]")
        }
    }

    private func readRequester(_ request: FHIRResource, _ data: inout ReferralData, _ taken: inout Taken) throws {
        guard let element = request["requester"] else { return }
        let place = "ServiceRequest.requester"
        if let (address, role) = local.resource(element, in: request, "PractitionerRole") {
            taken.referrer.append(address)
            if let person = role["practitioner"] { try takeReferrer(person, role, "PractitionerRole.practitioner", &data, &taken) }
            if let organization = role["organization"] {
                try takePractice(organization, role, "PractitionerRole.organization", &data, &taken)
            }
            return
        }
        let isOrganization =
            element["type"]?.stringValue == "Organization" || FHIRReference(element)?.type == "Organization"
            || local.resource(element, in: request, "Organization") != nil
        if isOrganization {
            try takePractice(element, request, place, &data, &taken)
        } else {
            try takeReferrer(element, request, place, &data, &taken)
        }
    }

    private func takeReferrer(
        _ element: JSON, _ owner: FHIRResource, _ place: String, _ data: inout ReferralData, _ taken: inout Taken
    ) throws {
        let found = try party(element, in: owner, at: place, ["Practitioner", "PractitionerRole"])
        data.referrer = found.party
        data.known.referrer = found.id
        taken.referrer += found.addresses
        if let id = found.id, let practice = context.env.record(Partner.self, id).parent { data.known.practice = practice.id }
    }

    private func takePractice(
        _ element: JSON, _ owner: FHIRResource, _ place: String, _ data: inout ReferralData, _ taken: inout Taken
    ) throws {
        let found = try party(element, in: owner, at: place, ["Organization"])
        data.practice = found.party
        data.known.practice = found.id
        taken.practice += found.addresses
    }

    private struct FoundParty {
        var party = ReferralData.Party()
        var id: Int?
        var addresses: [String] = []
    }

    /// Whom a reference names: somebody here, somebody who came along, or somebody known by number or name only.
    private func party(_ element: JSON, in owner: FHIRResource, at place: String, _ types: [String]) throws -> FoundParty {
        for type in types {
            guard let (address, resource) = local.resource(element, in: owner, type) else { continue }
            var party = ReferralData.Party()
            party.isOrganization = type == "Organization"
            party.name = party.isOrganization ? resource.string("name") ?? "" : Reading.fullName(Reading.name(resource))
            party.number = Reading.number(resource)
            party.phone = Reading.contact(resource, "phone")
            party.email = Reading.contact(resource, "email")
            return FoundParty(party: party, addresses: [address])
        }
        if element["reference"] != nil { return FoundParty(id: try context.target(element, at: place, types)?.id) }
        var party = ReferralData.Party()
        party.isOrganization = types == ["Organization"]
        party.number = element.fhirValue("identifier.value")?.stringValue ?? ""
        party.name = element["display"]?.stringValue ?? ""
        return FoundParty(party: party)
    }
}

// MARK: What

extension ReferralReader {
    private func urgency(_ request: FHIRResource) -> Urgency? {
        switch request.string("priority") {
        case "stat": .stat
        case "urgent", "asap": .urgent
        case nil: nil
        default: .routine
        }
    }

    private func requested(_ request: FHIRResource) -> String {
        let words = request.string("code.text") ?? request.strings("code.coding.display").first ?? ""
        return String(words.prefix(500))
    }

    private func reasons(_ request: FHIRResource) -> String {
        let notes = request.strings("note.text")
        let texts = request.values("reasonCode").compactMap { reason in
            reason["text"]?.stringValue ?? reason.fhirValues("coding.display").first?.stringValue
        }
        return (texts + notes).joined(separator: "\n")
    }

    private func codes(_ request: FHIRResource, _ path: String, _ systems: [String]) -> [String] {
        request.values(path).compactMap { coding in
            guard let system = coding["system"]?.stringValue, systems.contains(where: system.contains) else { return nil }
            return coding["code"]?.stringValue
        }
    }

    /// The specialty's code: ours, one of the taxonomy of providers, or the specialty whose name stands in the words of the request.
    private func specialty(_ request: FHIRResource) throws -> String {
        let codings = ["performerType.coding", "code.coding", "category.coding", "orderDetail.coding"].flatMap { request.values($0) }
        if let own = codings.first(where: { $0["system"]?.stringValue == Systems.specialty })?["code"]?.stringValue { return own }
        for coding in codings where coding["system"]?.stringValue == Systems.taxonomy {
            if let code = coding["code"]?.stringValue, let known = Taxonomy.specialties[code] { return known }
        }
        let texts = ["performerType", "code", "category", "orderDetail"].flatMap {
            request.strings($0 + ".text") + request.strings($0 + ".coding.display")
        }
        let words = texts.joined(separator: " ").lowercased()
        let all = try context.env.search(Specialty.self)
        return all.first { words.contains($0.displayedName.lowercased()) }?.code ?? ""
    }
}

/// Provider taxonomy codes of the catalogue's specialties.
///
/// Source: NUCC Health Care Provider Taxonomy.
private enum Taxonomy {
    static let specialties = [
        "207RC0000X": "CARD", "207N00000X": "DERM", "207RE0101X": "ENDO", "207RG0100X": "GAST", "2085R0202X": "IMAG", "2084N0400X": "NEUR",
        "207RX0202X": "ONCO", "207RH0003X": "ONCO", "207X00000X": "ORTH", "225100000X": "PHYS", "207RP1001X": "PULM", "208800000X": "UROL",
    ]
}

/// Resources that came along in a Bundle, by the address that references use.
struct LocalResources {
    private(set) var byAddress: [String: FHIRResource] = [:]
    /// What became of those that are stored or were found: `Type/id`.
    var assigned: [String: String] = [:]

    mutating func add(_ address: String, _ resource: FHIRResource) { byAddress[address] = resource }

    /// The resource of a type that a reference names here and that is not stored yet, with its address.
    func resource(_ element: JSON, in owner: FHIRResource, _ type: String) -> (address: String, resource: FHIRResource)? {
        guard let text = element["reference"]?.stringValue else { return nil }
        if text.hasPrefix("#") {
            let contained = owner.values("contained").first { $0["id"]?.stringValue == String(text.dropFirst()) }
            guard let resource = contained.flatMap({ FHIRResource($0) }), resource.type == type else { return nil }
            return ("", resource)
        }
        guard assigned[text] == nil, let resource = byAddress[text], resource.type == type else { return nil }
        return (text, resource)
    }

    /// The one Coverage of a patient that came along, for senders who do not link it.
    func onlyCoverage(of subject: JSON?) -> JSON? {
        guard let patient = subject?["reference"]?.stringValue else { return nil }
        let all = byAddress.filter {
            $0.value.type == "Coverage" && $0.value.string("beneficiary.reference") == patient && assigned[$0.key] == nil
        }
        guard all.count == 1, let address = all.first?.key else { return nil }
        return ["reference": .string(address)]
    }
}
