import Base
import FHIR
import JSON
import Kernel

// Building members of resources from records; what is not set becomes nil and is left out.

extension String {
    /// The text, or nil when it is blank.
    var present: String? { contains { !$0.isWhitespace } ? self : nil }

    /// The text as a JSON string, or nil when it is blank.
    var json: JSON? { present.map(JSON.string) }

    /// The parts between commas, without blanks around them.
    var listed: [String] {
        split(separator: ",").map { $0.drop { $0 == " " } }.map { part in
            var text = String(part)
            while text.last == " " { text.removeLast() }
            return text
        }.filter { !$0.isEmpty }
    }
}

extension Instant {
    /// As FHIR writes an instant.
    var fhir: JSON { .string(iso8601) }
}

extension Day {
    /// As FHIR writes a date.
    var fhir: JSON { .string(description) }
}

extension FHIRContext {
    /// A reference to a contact; nil when there is none or the caller may not see it.
    func party(_ partner: Record<Partner>?) -> JSON? {
        guard let partner, let name = try? partner.value("name").textValue, let isCompany = try? partner.value("is_company") else {
            return nil
        }
        return FHIRData.reference(isCompany.isFalsy ? "Practitioner" : "Organization", String(partner.id), display: name.present)
    }

    /// A reference to another resource.
    func reference(_ type: String, _ id: Int?) -> JSON? { id.map { FHIRData.reference(type, String($0)) } }
}

/// What several resource types are made of.
enum Parts {
    static func contacts(phone: String, email: String) -> JSON {
        .array(
            [
                phone.present.map { FHIRData.contactPoint("phone", $0) },
                email.present.map { FHIRData.contactPoint("email", $0) },
            ].compactMap { $0 })
    }

    static func address(lines: [String], city: String, state: String, zip: String, country: String) -> JSON {
        let address = FHIRData.address(
            lines: lines.compactMap(\.present), city: city.present, state: state.present, postalCode: zip.present, country: country.present)
        return address.objectValue?.isEmpty ?? true ? .array([]) : .array([address])
    }

    /// The identifier of a contact: an NPI where it looks like one.
    static func identifier(_ reference: String) -> JSON {
        guard let number = reference.present else { return .array([]) }
        return .array([FHIRData.identifier(isNPI(number) ? Systems.npi : Systems.partner, number)])
    }

    /// Whether a number has the form of a National Provider Identifier.
    static func isNPI(_ text: String) -> Bool { text.utf8.count == 10 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
}

/// Reading members of resources that were found correct.
enum Reading {
    /// The first contact point of a system that is not out of use.
    static func contact(_ resource: FHIRResource, _ system: String) -> String {
        let all = resource.values("telecom").filter { $0["system"]?.stringValue == system && $0["use"]?.stringValue != "old" }
        return all.first?["value"]?.stringValue ?? ""
    }

    /// The address in use.
    static func address(_ resource: FHIRResource) -> JSON? {
        let all = resource.values("address").filter { $0["use"]?.stringValue != "old" }
        return all.first { $0["use"]?.stringValue == "home" } ?? all.first
    }

    /// The name in use: an official one first.
    static func name(_ resource: FHIRResource) -> JSON? {
        let all = resource.values("name").filter { $0["use"]?.stringValue != "old" }
        return all.first { $0["use"]?.stringValue == "official" } ?? all.first
    }

    /// The number of a contact: its NPI, else the first it has.
    static func number(_ resource: FHIRResource) -> String {
        resource.identifier(Systems.npi) ?? resource.strings("identifier.value").first ?? ""
    }

    /// A person's name in one line.
    static func fullName(_ name: JSON?) -> String {
        guard let name else { return "" }
        if let text = name["text"]?.stringValue { return text }
        let parts = [name["prefix"], name["given"]].compactMap { $0?.arrayValue }.flatMap { $0 }.compactMap(\.stringValue)
        return (parts + [name["family"]?.stringValue].compactMap { $0 }).joined(separator: " ")
    }

    /// A day of full precision; a partial date is no day.
    static func day(_ resource: FHIRResource, _ path: String) -> Day? { resource.string(path).flatMap { Day($0.prefix(10)) } }

    /// `system|value` of an identifier, or the value alone.
    static func token(_ identifier: JSON?) -> String {
        guard let value = identifier?["value"]?.stringValue else { return "" }
        return identifier?["system"]?.stringValue.map { $0 + "|" + value } ?? value
    }
}
