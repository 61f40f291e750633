import HL7v2
import Kernel

/// PID as values of `care.patient`.
struct PatientReader {
    let segment: HL7Segment
    let sender: String

    /// - Parameter deletes: HL7's explicit null removes a value; otherwise it counts as nothing said.
    /// - Throws: `mllp.bad_value` when the birth date is none.
    func read(deletes: Bool) throws(HL7Error) -> ValueMap {
        let person = HL7PatientIdentification(segment)
        var values = ValueMap()
        if let name = person.names.first(where: { $0.typeCode == "L" }) ?? person.names.first {
            values["family_name"] = .text(name.family)
            values["given_name"] = .text([name.given, name.middle].filter { !$0.isEmpty && $0 != HL7Message.null }.joined(separator: " "))
        }
        if let born = try birthDate() { values["birth_date"] = .day(born) }
        if let sex = sex(person.sex) { values["sex"] = .text(sex) }
        addContact(person, to: &values)
        if let address = person.addresses.first(where: { $0.typeCode == "H" }) ?? person.addresses.first { add(address, to: &values) }
        values["lang"] = .text(String(segment[15].value.prefix(20)))
        if segment[30].value == "Y" || person.death != nil { values["is_deceased"] = true }
        addIdentifiers(person.identifiers, to: &values)
        for entry in values.entries {
            guard case .text(let text) = entry.value, text.isEmpty || text == HL7Message.null else { continue }
            values[entry.name] = nil
        }
        if deletes { addDeletions(person, to: &values) }
        return values
    }

    private func birthDate() throws(HL7Error) -> Day? {
        let text = segment[7].value
        if text.isEmpty || text == HL7Message.null { return nil }
        guard let time = HL7Time(text), let day = Day(checking: time.year, time.month, time.day) else {
            throw .badValue("PID", 7, "a birth date as YYYYMMDD")
        }
        return time.precision >= .day ? day : nil
    }

    private func sex(_ code: String) -> String? {
        switch code.uppercased() {
        case "M": "male"
        case "F": "female"
        case "O", "A", "N", "X": "other"
        case "U": "unknown"
        default: nil
        }
    }

    private func addContact(_ person: HL7PatientIdentification, to values: inout ValueMap) {
        let telecoms = person.homeTelecoms + person.businessTelecoms
        let phone = [13, 14].map { Telecom.number(in: segment[$0]) }.first { !$0.isEmpty }
        if let phone { values["phone"] = .text(phone) }
        if let email = telecoms.map(Telecom.email).first(where: { !$0.isEmpty }) { values["email"] = .text(email) }
    }

    private func add(_ address: HL7Address, to values: inout ValueMap) {
        let street = [address.street, address.other].filter { !$0.isEmpty && $0 != HL7Message.null }.joined(separator: ", ")
        values["street"] = .text(street)
        values["city"] = .text(address.city)
        values["zip"] = .text(address.postalCode)
        if address.state.count <= 10 { values["state_code"] = .text(address.state) }
        if address.country.count <= 3 { values["country_code"] = .text(address.country) }
    }

    private func addIdentifiers(_ identifiers: [HL7Identifier], to values: inout ValueMap) {
        var seen: Set<HL7Identifier> = []
        let known = identifiers.filter { !$0.id.isEmpty && $0.id != HL7Message.null && seen.insert($0).inserted }
        if let record = known.first(where: { $0.typeCode == "MR" }) { values["mrn"] = .text(record.id) }
        values["identifiers"] = .list(
            known.map { .map(["system": .text(system(of: $0)), "value": .text($0.id), "type": .text($0.typeCode)]) })
    }

    /// An OID as a URI, as FHIR writes it, so that both doors mean the same; else the local name; else the sender with the kind.
    private func system(of identifier: HL7Identifier) -> String {
        let authority = identifier.authority
        if !authority.universalId.isEmpty {
            return authority.universalIdType == "ISO" ? "urn:oid:" + authority.universalId : authority.universalId
        }
        if !authority.namespace.isEmpty { return authority.namespace }
        return identifier.typeCode.isEmpty || identifier.typeCode == "MR" ? sender : sender + "|" + identifier.typeCode
    }

    private func addDeletions(_ person: HL7PatientIdentification, to values: inout ValueMap) {
        for (field, name) in [(7, "birth_date"), (13, "phone"), (13, "email"), (15, "lang")] where segment[field].isNull {
            values[name] = .null
        }
        if segment[11].isNull { for name in ["street", "city", "zip", "state_code", "country_code"] { values[name] = .null } }
        if let address = person.addresses.first {
            let parts = [("street", address.street), ("city", address.city), ("zip", address.postalCode), ("state_code", address.state)]
            for (name, text) in parts where text == HL7Message.null && person.addresses.count == 1 { values[name] = .null }
        }
        if let name = person.names.first, name.given == HL7Message.null, values["given_name"] == nil { values["given_name"] = .null }
        if segment[8].isNull { values["sex"] = "unknown" }
        if segment[30].isNull || segment[30].value == "N" { values["is_deceased"] = false }
    }
}

/// Telephone numbers and addresses, as the many versions of XTN write them.
enum Telecom {
    static func number(_ telecom: HL7Telecom) -> String {
        if telecom.equipment.lowercased() == "internet" || telecom.use == "NET" || telecom.text.contains("@") { return "" }
        return telecom.number == HL7Message.null ? "" : telecom.number
    }

    static func email(_ telecom: HL7Telecom) -> String {
        if telecom.email.contains("@") { return telecom.email }
        return telecom.text.contains("@") ? telecom.text : ""
    }

    /// The first number of a field; XTN-10 and XTN-12 hold it unformatted where nothing else does.
    static func number(in field: HL7Field) -> String {
        for repetition in field.repetitions {
            let number = number(HL7Telecom(repetition))
            if !number.isEmpty { return number }
            for component in [12, 10] where repetition[component].value.contains(where: \.isNumber) { return repetition[component].value }
        }
        return ""
    }
}
