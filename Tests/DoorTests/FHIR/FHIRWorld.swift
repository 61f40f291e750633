import Base
import Crypto
import FHIR
import FHIRDoor
import Foundation
import HTTPServer
import JSON
import Kernel
import Pages
import TestKit
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A database served over HTTP by the FHIR door, with a coordinator, a sending system, and a coordinator of another company.
final class FHIRWorld: Sendable {
    static let password = "correct horse battery"

    let world: World
    let server: HTTPServer
    let incidents = Locked<[FHIRIncident]>([])
    let otherCompany: Int

    static func serve(demo: Bool = false, pages: PageService? = nil, _ body: (FHIRWorld) async throws -> Void) async throws {
        let served = try FHIRWorld(demo: demo, pages: pages)
        try served.server.start()
        do { try await body(served) } catch {
            await served.server.stop(graceSeconds: 1)
            throw error
        }
        await served.server.stop(graceSeconds: 1)
        #expect(served.incidents.withLock { $0.map(\.error) } == [])
    }

    private init(demo: Bool, pages: PageService?) throws {
        world = try World(demo: demo)
        otherCompany = try world.act { env in try env.create(Company.self, ["name": "Other Hospital"]).id }
        let password = FHIRWorld.password
        let users = [
            ("coordinator", "referrals.group_manager", 1), ("gp", "referrals.group_integration", 1),
            ("gp2", "referrals.group_integration", 1),
            ("stranger", "referrals.group_manager", otherCompany),
        ]
        for (login, group, company) in users where !demo || login != "coordinator" {
            let id = try world.makeUser(login, groups: [group, "base.group_user"], companies: [company])
            try world.act { try $0.record(User.self, id).write(["password": .text(password)]) }
        }
        try world.act { env in
            try env.record(User.self, 2).write(["password": .text(password)])
            _ = try env.create(Partner.self, ["name": "Meridian Health", "ref": "MERIDIAN", "is_company": true])
            _ = try env.create(Partner.self, ["name": "Dr. Lena Bauer", "ref": "1234567893", "is_company": false])
        }
        var configuration = FHIRConfiguration()
        let incidents = incidents
        configuration.report = { incident in incidents.withLock { $0.append(incident) } }
        var router = Router()
        FHIRDoor(
            database: world.database, authenticator: Authenticator(database: world.database), pages: pages, configuration: configuration
        ).routes(into: &router)
        server = HTTPServer(configuration: HTTPServerConfiguration(), handler: router, workers: world.database.workers)
    }

    struct Answer {
        let status: Int
        let headers: [String: String]
        let json: JSON

        var id: String { json["id"]?.stringValue ?? "" }
        var version: String { json.fhirValue("meta.versionId")?.stringValue ?? "" }
        var total: Int { json["total"]?.intValue ?? -1 }
        var ids: [String] { json.fhirValues("entry.resource.id").compactMap(\.stringValue) }
        /// The texts and places of an OperationOutcome.
        var diagnostics: String { json.fhirValues("issue.diagnostics").compactMap(\.stringValue).joined(separator: " ") }
        var places: [String] { json.fhirValues("issue.expression").compactMap(\.stringValue) }
    }

    /// Sends a request and finds the answer to be correct FHIR.
    func send(
        _ method: String, _ path: String, _ body: JSON? = nil, as login: String? = "coordinator", headers: [String: String] = [:],
        raw: String? = nil, type: String = "application/fhir+json"
    ) async throws -> Answer {
        let url = try #require(URL(string: "http://127.0.0.1:\(server.port)/fhir\(path)"))
        var request = URLRequest(url: url)
        request.httpMethod = method
        if let text = raw ?? body?.text() {
            request.httpBody = Data(text.utf8)
            request.setValue(type, forHTTPHeaderField: "Content-Type")
        }
        if let login {
            let secret = Base64.standard.encode(Array("\(login):\(FHIRWorld.password)".utf8))
            request.setValue("Basic \(secret)", forHTTPHeaderField: "Authorization")
        }
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (data, response) = try await URLSession.shared.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        var fields: [String: String] = [:]
        for (name, value) in http.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
        guard !data.isEmpty, fields["content-type"] == "application/fhir+json; fhirVersion=4.0" else {
            return Answer(status: http.statusCode, headers: fields, json: .string(String(decoding: data, as: UTF8.self)))
        }
        let resource = try FHIRResource.parse(Array(data))
        #expect(resource.problems().filter(\.isError).map(\.description) == [], "\(method) \(path)")
        return Answer(status: http.statusCode, headers: fields, json: resource.json)
    }

    /// Posts a resource that must be taken, and gives its answer.
    func make(_ resource: JSON, as login: String = "coordinator") async throws -> Answer {
        let type = resource["resourceType"]?.stringValue ?? ""
        let answer = try await send("POST", "/" + type, resource, as: login)
        #expect(answer.status == 201, "\(answer.diagnostics) \(answer.places)")
        return answer
    }
}

extension JSON {
    /// The text of the value.
    func text() -> String { String(decoding: serialized(), as: UTF8.self) }

    /// The object with one member set.
    func with(_ name: String, _ value: JSON?) -> JSON {
        guard case .object(var object) = self else { return self }
        object[name] = value
        return .object(object)
    }
}

/// Resources that nobody real is in.
enum Sample {
    static func patient(_ number: String, family: String = "Haddad", given: String = "Farah", born: String = "1981-03-09") -> JSON {
        [
            "resourceType": "Patient", "identifier": [["system": "https://north.example/mrn", "value": .string(number)]],
            "name": [["family": .string(family), "given": [.string(given)]]], "gender": "female", "birthDate": .string(born),
            "telecom": [["system": "phone", "value": "+15550100"]],
        ]
    }

    static func request(_ patient: String, number: String) -> JSON {
        [
            "resourceType": "ServiceRequest", "identifier": [["system": "https://north.example/referrals", "value": .string(number)]],
            "status": "active", "intent": "order", "priority": "urgent",
            "code": ["coding": [["system": "http://snomed.info/sct", "code": "183519002", "display": "Referral to cardiology service"]]],
            "subject": ["reference": .string(patient)], "authoredOn": "2026-03-01",
            "requester": ["identifier": ["system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"], "display": "Dr. Lena Bauer"],
            "reasonCode": [
                ["coding": [["system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I20.9"]], "text": "Chest pain on effort"]
            ],
        ]
    }

    /// A whole referral as one transaction.
    static func referral(_ number: String, patient: JSON? = nil, request: JSON? = nil) -> JSON {
        func post(_ address: String, _ resource: JSON) -> JSON {
            [
                "fullUrl": .string("urn:uuid:" + address), "resource": resource,
                "request": ["method": "POST", "url": resource["resourceType"] ?? ""],
            ]
        }
        let who = "61ebe359-bfdc-4613-8bf2-c5e300945f0a"
        let cover = "88f151c0-a954-468a-88bd-5ae15c08e059"
        let order = "9a1c5c9e-6b42-4c1c-9f39-3a1a0e9dd001"
        let payer = "9a1c5c9e-6b42-4c1c-9f39-3a1a0e9dd002"
        let paper = "9a1c5c9e-6b42-4c1c-9f39-3a1a0e9dd003"
        let task = "9a1c5c9e-6b42-4c1c-9f39-3a1a0e9dd004"
        let coverage: JSON = [
            "resourceType": "Coverage", "status": "active", "subscriberId": "POL123",
            "beneficiary": ["reference": .string("urn:uuid:" + who)],
            "payor": [["reference": .string("urn:uuid:" + payer)]],
        ]
        let organization: JSON = [
            "resourceType": "Organization", "identifier": [["system": "urn:x", "value": "MERIDIAN"]], "name": "Meridian Health",
        ]
        let document: JSON = [
            "resourceType": "DocumentReference", "status": "current", "type": ["text": "ECG"],
            "content": [["attachment": ["contentType": "application/pdf", "title": "ecg.pdf", "data": "JVBERi0xLjQK"]]],
            "context": ["related": [["reference": .string("urn:uuid:" + order)]]],
        ]
        let work: JSON = [
            "resourceType": "Task", "status": "requested", "intent": "order", "focus": ["reference": .string("urn:uuid:" + order)],
            "for": ["reference": .string("urn:uuid:" + who)],
        ]
        let asked = (request ?? self.request("urn:uuid:" + who, number: number)).with(
            "insurance", [["reference": .string("urn:uuid:" + cover)]])
        return [
            "resourceType": "Bundle", "type": "transaction",
            "identifier": ["system": "https://north.example/bundles", "value": .string(number)],
            "entry": [
                post(task, work), post(order, asked), post(who, patient ?? self.patient("MRN" + number)), post(cover, coverage),
                post(payer, organization), post(paper, document),
            ],
        ]
    }

}
