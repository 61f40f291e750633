import Base
import FHIR
import JSON
import Kernel
import Referrals

/// Practitioner and the persons among `res.partner`.
struct PractitionerMapping: ResourceMapping {
    let type = "Practitioner"
    let model = Partner.name
    let interactions: Set<Interaction> = [.read, .search, .create, .update]

    let parameters: [SearchParameter] = [
        PartnerParts.identifier, PartnerParts.words("name"), PartnerParts.words("family"), PartnerParts.words("given"),
        .text("phone", "phone"), .text("email", "email"), .string("address-city", "city"), .string("address-postalcode", "zip"),
        .flag("active", "active"),
    ]

    func scope(_ env: Environment) throws -> Domain { .where("is_company", .equal, false) }

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let person = Record<Partner>(id: id, records: records)
        let (family, given) = PartnerParts.split(person.displayedName)
        return [
            ("identifier", Parts.identifier(person.reference)), ("active", .bool(person.active)),
            ("name", [FHIRData.humanName(family: family, given: given, text: person.displayedName.present)]),
            ("telecom", Parts.contacts(phone: person.phone, email: person.email)), ("address", PartnerParts.address(person)),
        ]
    }

    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        Made(id: try context.env.create(Partner.self, try values(resource).merging(["is_company": false])).id)
    }

    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        try context.env.record(Partner.self, id).write(try values(resource))
    }

    private func values(_ resource: FHIRResource) throws -> ValueMap {
        let name = Reading.fullName(Reading.name(resource))
        guard name.present != nil else {
            throw FHIRRefusal.unprocessable("practitioner.no_name", .required, "The practitioner has no name.", at: "Practitioner.name")
        }
        return PartnerParts.values(resource).merging(["name": .text(name)])
    }
}

/// Organization and the organisations among `res.partner`.
struct OrganizationMapping: ResourceMapping {
    let type = "Organization"
    let model = Partner.name
    let interactions: Set<Interaction> = [.read, .search, .create, .update]

    let parameters: [SearchParameter] = [
        PartnerParts.identifier, PartnerParts.words("name"), .reference("partof", "parent_id", "Organization"),
        .string("address-city", "city"), .string("address-postalcode", "zip"), .flag("active", "active"),
    ]

    func scope(_ env: Environment) throws -> Domain { .where("is_company", .equal, true) }

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let organization = Record<Partner>(id: id, records: records)
        return [
            ("identifier", Parts.identifier(organization.reference)), ("active", .bool(organization.active)),
            ("name", organization.displayedName.json),
            ("telecom", Parts.contacts(phone: organization.phone, email: organization.email)),
            ("address", PartnerParts.address(organization)), ("partOf", context.party(organization.parent)),
        ]
    }

    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        Made(id: try context.env.create(Partner.self, try values(resource, context).merging(["is_company": true])).id)
    }

    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        try context.env.record(Partner.self, id).write(try values(resource, context))
    }

    private func values(_ resource: FHIRResource, _ context: FHIRContext) throws -> ValueMap {
        guard let name = resource.string("name") else {
            throw FHIRRefusal.unprocessable("organization.no_name", .required, "The organization has no name.", at: "Organization.name")
        }
        let parent = try context.target(resource["partOf"], at: "Organization.partOf", ["Organization"])
        return PartnerParts.values(resource).merging(["name": .text(name), "parent_id": parent.map { .int($0.id) } ?? .null])
    }
}

/// PractitionerRole, derived: a person at the organisation that they belong to, with the specialties of the services that they give.
struct PractitionerRoleMapping: ResourceMapping {
    let type = "PractitionerRole"
    let model = Partner.name
    let interactions: Set<Interaction> = [.read, .search, .create]

    let parameters: [SearchParameter] = [
        PractitionerRoleMapping.practitioner, .reference("organization", "parent_id", "Organization"),
        .token("specialty") { system, code, env in
            guard system == nil || system == Systems.specialty else { return .none }
            return .where("id", .in, .ids(try practitioners(.where("specialty_id.code", .equal, .text(code)), env)))
        },
        .text("phone", "phone"), .text("email", "email"), .flag("active", "active"),
    ]

    private static let practitioner = SearchParameter(
        name: "practitioner", kind: .reference, field: "id", modifiers: ["Practitioner"]
    ) { value, _ in value.referenceId(["Practitioner"]).map { .where("id", .equal, .int($0)) } ?? .none }

    func scope(_ env: Environment) throws -> Domain {
        let working = Domain.where("parent_id", .notEqual, .null) | .where("id", .in, .ids(try Self.practitioners(.all, env)))
        return .where("is_company", .equal, false) & working
    }

    /// Who gives the services of a domain.
    private static func practitioners(_ domain: Domain, _ env: Environment) throws -> [Int] {
        try env.search(env.registry.schema(Service.self), domain).related("practitioner_ids").ids
    }

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let person = Record<Partner>(id: id, records: records)
        let services = try context.env.search(Service.self, .where("practitioner_ids", .in, .ids([id])))
        var codes: [String] = []
        var specialties: [JSON] = []
        for specialty in services.compactMap(\.specialty) where !codes.contains(specialty.code) {
            codes.append(specialty.code)
            specialties.append(FHIRData.codeableConcept(Systems.specialty, specialty.code, display: specialty.displayedName))
        }
        let organization = person.parent ?? services.first?.organization
        let function = person.function.present.map { FHIRData.codeableConcept(text: $0) }
        return [
            ("active", .bool(person.active)), ("practitioner", context.party(person)), ("organization", context.party(organization)),
            ("code", function.map { [$0] }), ("specialty", .array(specialties)),
            ("telecom", Parts.contacts(phone: person.phone, email: person.email)),
        ]
    }

    /// Makes a person belong to an organisation; specialties come from services and are not taken from a sender.
    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        guard let person = try context.target(resource["practitioner"], at: "PractitionerRole.practitioner", ["Practitioner"]),
            let organization = try context.target(resource["organization"], at: "PractitionerRole.organization", ["Organization"])
        else {
            throw FHIRRefusal.unprocessable(
                "role.incomplete", .required, "A role here needs both practitioner and organization.", at: "PractitionerRole")
        }
        let record = context.env.record(Partner.self, person.id)
        if let parent = record.parent, parent.id != organization.id {
            throw FHIRRefusal(
                409, "role.other_organization", .conflict, "The practitioner belongs to another organization already.",
                at: "PractitionerRole.organization")
        }
        let isNew = record.parent == nil
        if isNew {
            try record.write(["parent_id": .int(organization.id), "function": .text(resource.string("code.text") ?? record.function)])
        }
        return Made(id: person.id, isNew: isNew)
    }
}

/// What practitioners and organisations share.
enum PartnerParts {
    static let identifier = SearchParameter.token("identifier", field: "ref") { system, code, _ in
        if system == Systems.npi, !Parts.isNPI(code) { return .none }
        return code.isEmpty ? .none : .where("ref", .equal, .text(code))
    }

    /// A word of the name that begins so.
    static func words(_ name: String) -> SearchParameter { .string(name, "name") }

    static func address(_ partner: Record<Partner>) -> JSON {
        Parts.address(
            lines: [partner.street, partner.street2], city: partner.city, state: partner.state?.code ?? "", zip: partner.zip,
            country: partner.country?.code ?? "")
    }

    static func values(_ resource: FHIRResource) -> ValueMap {
        let address = Reading.address(resource)
        let lines = (address?["line"]?.arrayValue ?? []).compactMap(\.stringValue)
        var values: ValueMap = [
            "ref": .text(Reading.number(resource)), "phone": .text(Reading.contact(resource, "phone")),
            "email": .text(Reading.contact(resource, "email")), "street": .text(lines.first ?? ""),
            "street2": .text(lines.dropFirst().joined(separator: ", ")), "city": .text(address?["city"]?.stringValue ?? ""),
            "zip": .text(address?["postalCode"]?.stringValue ?? ""),
        ]
        if let active = resource.bool("active") { values["active"] = .bool(active) }
        return values
    }

    /// Family and given names of a name in one line: `Bauer, Lena` or `Dr. Lena Bauer`.
    static func split(_ name: String) -> (family: String?, given: [String]) {
        let halves = name.split(separator: ",", maxSplits: 1)
        if halves.count == 2 { return (String(halves[0]).present, halves[1].split(separator: " ").map(String.init)) }
        var words = name.split(separator: " ").map(String.init)
        let family = words.popLast()
        return (family, words.filter { !$0.hasSuffix(".") && $0 != "Dr" })
    }
}
