import FHIR
import JSON
import Kernel

@testable import FHIRDoor

/// FHIR: every interaction with every resource type.
extension DoorCells {
    private var headers: [String: String] {
        var headers = ["Content-Type": "application/fhir+json", "Accept": "application/fhir+json"]
        if !asker.isNobody { headers["Authorization"] = asker.basic }
        return headers
    }

    mutating func resources() throws {
        for mapping in ResourceCatalogue.all {
            let (open, closed) = try samples(mapping.model)
            try searches(mapping, closed)
            if let open { _ = try fhir("GET", "/\(mapping.type)/\(open)") }
            guard let closed else { continue }
            for path in ["/\(mapping.type)/\(closed)", "/\(mapping.type)/\(closed)?_format=json"] {
                expectRefused(try fhir("GET", path).status >= 400, "GET \(path)")
            }
            let resource: JSON = ["resourceType": .string(mapping.type), "id": .string(String(closed))]
            for method in ["PUT", "PATCH", "DELETE"] {
                expectRefused(try fhir(method, "/\(mapping.type)/\(closed)", resource).status >= 400, "\(method) \(mapping.type)/\(closed)")
            }
            if mapping.type == "DocumentReference" {
                expectRefused(try fhir("GET", "/Binary/\(closed)").status >= 400, "GET Binary/\(closed)")
            }
            try bundles(mapping, closed)
        }
        _ = try fhir("GET", "/metadata")
        expectRefused(try fhir("GET", "/AuditEvent").status >= 400, "GET AuditEvent")
    }

    /// Each search parameter, also with what stands in a record out of reach: nothing may be found by it.
    private mutating func searches(_ mapping: any ResourceMapping, _ closed: Int?) throws {
        let includes = Include.parameters(of: mapping.type).map { "_include=\(mapping.type):\($0.name)" }
        let query = (["_count=200"] + includes).joined(separator: "&")
        _ = try fhir("GET", "/\(mapping.type)?\(query)")
        guard let closed else { return }
        expectNone(try fhir("GET", "/\(mapping.type)?_id=\(closed)"), "\(mapping.type)?_id=\(closed)")
        for parameter in SearchPlan.common + mapping.parameters {
            let value: String
            switch parameter.kind {
            case .reference: value = String(closed)
            case .date: value = "gt1900-01-01"
            case .string: value = "zq"
            default: value = "zq"
            }
            _ = try fhir("GET", "/\(mapping.type)?\(parameter.name)=\(value)")
        }
        guard let model = scene.registry.model(mapping.model) else { return }
        let own = model.fields.filter { Canary.fits($0, of: model) }.map { Canary(model: model.index, id: closed, slot: $0.slot).word }
        for word in own {
            for parameter in mapping.parameters where parameter.kind == .string {
                let path = "/\(mapping.type)?\(parameter.name):contains=\(word)"
                expectNone(try fhir("GET", path), path)
            }
        }
    }

    private mutating func bundles(_ mapping: any ResourceMapping, _ closed: Int) throws {
        for kind in ["batch", "transaction"] {
            let entries = JSON.array(
                ["\(mapping.type)/\(closed)", "\(mapping.type)?_id=\(closed)"].map { url in
                    ["request": ["method": "GET", "url": .string(url)]]
                })
            _ = try fhir("POST", "/", ["resourceType": "Bundle", "type": .string(kind), "entry": entries])
        }
    }

    /// An answer that finds nothing, or refuses.
    private mutating func expectNone(_ answer: Wire.Answer, _ what: String) {
        let total = answer.json["total"]?.intValue ?? 0
        let entries = answer.json["entry"]?.arrayValue?.filter { $0["search"]?["mode"] == "match" }.count ?? 0
        expectRefused(answer.status >= 400 || (total == 0 && entries == 0), what)
    }

    private mutating func fhir(_ method: String, _ path: String, _ body: JSON? = nil) throws -> Wire.Answer {
        let route = "\(method) /fhir/{path*}"
        return try ask(route, method, "/fhir" + path, headers, body?.serialized() ?? [], "\(method) /fhir\(path)")
    }
}
