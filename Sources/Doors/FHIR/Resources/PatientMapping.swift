import FHIR
import JSON
import Kernel
import Referrals

/// Patient and `care.patient`.
struct PatientMapping: ResourceMapping {
    let type = "Patient"
    let model = Patient.name
    let interactions: Set<Interaction> = [.read, .search, .create, .update]

    let parameters: [SearchParameter] = [
        .token("identifier", PatientMapping.identified),
        .string("name", "family_name", "given_name"), .string("family", "family_name"), .string("given", "given_name"),
        .date("birthdate", "birth_date", isDay: true), .code("gender", "sex"), .text("phone", "phone"), .text("email", "email"),
        .token("telecom") { _, code, _ in .where("phone", .equal, .text(code)) | .where("email", .exactIlike, .text(LikeText.escape(code)))
        },
        .string("address-city", "city"), .string("address-postalcode", "zip"), .string("address-state", "state_code"),
        .flag("active", "active"), .flag("deceased", "is_deceased"),
    ]

    private static func identified(_ system: String?, _ code: String, _ env: Environment) -> Domain {
        if system == Systems.recordNumber { return .where("mrn", .equal, .text(code)) }
        var inner = Domain.where("value", .equal, .text(code))
        if code.isEmpty, let system {
            inner = .where("system", .equal, .text(system))
        } else if let system {
            inner = inner & .where("system", .equal, .text(system))
        }
        let other = Domain.related("identifier_ids", inner, negated: false)
        return system == nil ? other | .where("mrn", .equal, .text(code)) : other
    }

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let patient = Record<Patient>(id: id, records: records)
        var identifiers = patient.identifiers.map { FHIRData.identifier($0.system, $0.number) }
        if let number = patient.mrn.present {
            let kind = FHIRData.codeableConcept(Systems.identifierType, "MR")
            identifiers.insert(FHIRData.identifier(Systems.recordNumber, number, use: "usual", type: kind), at: 0)
        }
        let name = FHIRData.humanName(family: patient.familyName.present, given: patient.givenName.split(separator: " ").map(String.init))
        let language = patient.language.present.map { FHIRData.object([("language", FHIRData.codeableConcept("urn:ietf:bcp:47", $0))]) }
        let merged = patient.mergedInto.map {
            FHIRData.object([("other", FHIRData.reference("Patient", String($0.id))), ("type", "replaced-by")])
        }
        return [
            ("identifier", .array(identifiers)), ("active", .bool(patient.active)), ("name", [name]),
            ("telecom", Parts.contacts(phone: patient.phone, email: patient.email)),
            ("gender", .string((patient.sex ?? .unknown).rawValue)),
            ("birthDate", patient.birthDate?.fhir), ("deceasedBoolean", patient.isDeceased ? true : nil),
            (
                "address",
                Parts.address(
                    lines: [patient.street], city: patient.city, state: patient.stateCode, zip: patient.zip, country: patient.countryCode)
            ),
            ("communication", language.map { [$0] }), ("link", merged.map { [$0] }),
        ]
    }

    func create(_ resource: FHIRResource, _ context: FHIRContext) throws -> Made {
        var values = try PatientValues(resource, context.env).values
        let lines = (values["identifiers"]?.listValue ?? []).map { Value.list([0, 0, $0]) }
        values["identifiers"] = nil
        if !lines.isEmpty { values["identifier_ids"] = .list(lines) }
        return Made(id: try context.env.create(Patient.self, values).id)
    }

    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        let patient = context.env.record(Patient.self, id)
        var values = try PatientValues(resource, context.env).values
        let wanted = (values["identifiers"]?.listValue ?? []).compactMap(\.mapValue)
        values["identifiers"] = nil
        var commands: [Value] = []
        let present = patient.identifiers.map { ($0.id, $0.system, $0.number) }
        for map in wanted where !present.contains(where: { $0.1 == map["system"]?.textValue && $0.2 == map["value"]?.textValue }) {
            commands.append(.list([0, 0, .map(map)]))
        }
        for (line, system, number) in present
        where !wanted.contains(where: { $0["system"]?.textValue == system && $0["value"]?.textValue == number }) {
            commands.append(.list([2, .int(line), 0]))
        }
        if !commands.isEmpty { values["identifier_ids"] = .list(commands) }
        try patient.write(values)
    }
}

/// What a Patient says, as values of `care.patient`; `identifiers` is a list of `{system, value}`.
struct PatientValues {
    let values: ValueMap

    init(_ resource: FHIRResource, _ env: Environment) throws {
        var values = ValueMap()
        let (family, given) = try PatientValues.name(resource)
        values["family_name"] = .text(family)
        values["given_name"] = .text(given)
        values["birth_date"] = try PatientValues.birthDate(resource, env).map { .day($0) } ?? .null
        values["sex"] = .text(resource.string("gender") ?? "unknown")
        values["phone"] = .text(Reading.contact(resource, "phone"))
        values["email"] = .text(Reading.contact(resource, "email"))
        let address = Reading.address(resource)
        let lines = (address?["line"]?.arrayValue ?? []).compactMap(\.stringValue)
        values["street"] = .text(lines.joined(separator: ", "))
        values["city"] = .text(address?["city"]?.stringValue ?? "")
        values["zip"] = .text(address?["postalCode"]?.stringValue ?? "")
        values["state_code"] = .text(try PatientValues.short(address?["state"], 10, "Patient.address.state"))
        values["country_code"] = .text(try PatientValues.short(address?["country"], 3, "Patient.address.country"))
        values["lang"] = .text(String((resource.string("communication.language.coding.code") ?? "").prefix(20)))
        values["is_deceased"] = .bool(resource.bool("deceasedBoolean") ?? (resource["deceasedDateTime"] != nil))
        if let active = resource.bool("active") { values["active"] = .bool(active) }
        let identifiers = resource.values("identifier").filter { $0["value"] != nil }
        values["mrn"] = .text(resource.identifier(Systems.recordNumber) ?? "")
        values["identifiers"] = .list(
            identifiers.filter { $0["system"]?.stringValue != Systems.recordNumber }.map { identifier in
                .map([
                    "system": .text(identifier["system"]?.stringValue ?? "urn:baton:unknown"),
                    "value": .text(identifier["value"]?.stringValue ?? ""),
                ])
            })
        self.values = values
    }

    private static func name(_ resource: FHIRResource) throws -> (family: String, given: String) {
        let name = Reading.name(resource)
        let given = (name?["given"]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " ")
        if let family = name?["family"]?.stringValue { return (family, given) }
        var words = (name?["text"]?.stringValue ?? "").split(separator: " ").map(String.init)
        guard let family = words.popLast() else {
            throw FHIRRefusal.unprocessable(
                "patient.no_name", .required, "The patient has no family name. Ask the sender who the patient is.", at: "Patient.name")
        }
        return (family, given.isEmpty ? words.joined(separator: " ") : given)
    }

    private static func birthDate(_ resource: FHIRResource, _ env: Environment) throws -> Day? {
        guard let born = Reading.day(resource, "birthDate") else { return nil }
        guard born <= env.today else {
            throw FHIRRefusal.unprocessable(
                "patient.birth_date", .businessRule, "The birth date lies in the future. Check it with the sender.", at: "Patient.birthDate"
            )
        }
        return born
    }

    private static func short(_ value: JSON?, _ limit: Int, _ place: String) throws -> String {
        let text = value?.stringValue ?? ""
        guard text.count <= limit else {
            throw FHIRRefusal.unprocessable(
                "patient.code_too_long", .tooLong, "At most \(limit) characters are kept here: send the code, not the name.", at: place)
        }
        return text
    }
}
