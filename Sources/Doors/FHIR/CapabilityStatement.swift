import FHIR
import JSON

/// What this server can do, made from what it has.
enum CapabilityStatement {
    /// The day of the last change of what the door offers.
    private static let date = "2026-11-20"

    static func resource(base: String) -> FHIRResource {
        let security = FHIRData.object([
            ("description", "HTTP Basic with login and password or API key, or an API key as Bearer. Access is the user's own.")
        ])
        let rest = FHIRData.object([
            ("mode", "server"), ("security", security), ("resource", .array(ResourceCatalogue.all.map(resource) + [binary])),
            ("interaction", [["code": "transaction"], ["code": "batch"]]),
        ])
        let software: JSON = ["name": "Baton"]
        let members: [(String, JSON?)] = [
            ("status", "active"), ("date", .string(date)), ("kind", "instance"), ("software", software),
            (
                "implementation",
                FHIRData.object([("description", "Referrals from every channel to a closed loop"), ("url", .string(base))])
            ),
            ("fhirVersion", "4.0.1"), ("format", ["application/fhir+json", "json"]), ("rest", [rest]),
        ]
        return FHIRResource(type: "CapabilityStatement", FHIRData.object(members).objectValue ?? JSONObject())
    }

    private static let binary: JSON = [
        "type": "Binary", "interaction": [["code": "read"]], "documentation": "The content of a DocumentReference; the same id.",
    ]

    private static func resource(_ mapping: any ResourceMapping) -> JSON {
        let interactions = Interaction.allCases.filter(mapping.interactions.contains).map { JSON.object(["code": .string($0.rawValue)]) }
        let includes = Include.parameters(of: mapping.type).map { JSON.string(mapping.type + ":" + $0.name) }
        let parameters = (SearchPlan.common + mapping.parameters).map { parameter in
            FHIRData.object([("name", .string(parameter.name)), ("type", .string(parameter.kind.rawValue))])
        }
        return FHIRData.object([
            ("type", .string(mapping.type)), ("interaction", .array(interactions)), ("versioning", "versioned"), ("readHistory", false),
            ("updateCreate", false), ("conditionalCreate", .bool(mapping.interactions.contains(.create))),
            ("conditionalRead", "not-match"), ("searchInclude", .array(includes)), ("searchParam", .array(parameters)),
        ])
    }
}
