import Foundation
import JSON
import Kernel
import Testing

@Suite("FHIR: refusals") struct FHIRRefusalTests {
    @Test("nobody gets in without a right password or key")
    func unauthenticated() async throws {
        try await FHIRWorld.serve { fhir in
            // The Foundation client never answers a 401 that has a challenge, so a bare socket asks.
            let wrong = Data("gp:wrong".utf8).base64EncodedString()
            let key = "0123456789abcdef0123456789abcdef01234567"
            for header in ["Accept: */*", "Authorization: Basic \(wrong)", "Authorization: Bearer \(key)", "Authorization: Digest x"] {
                for path in ["/Patient", "/Patient/1", "/Binary/1"] {
                    let answer = try BareRequest.send(
                        "GET /fhir\(path) HTTP/1.1\r\nHost: x\r\n\(header)\r\nConnection: close\r\n\r\n", port: fhir.server.port)
                    #expect(answer.hasPrefix("HTTP/1.1 401"), "\(header) \(path)")
                    #expect(answer.contains("WWW-Authenticate: Basic realm="))
                    #expect(answer.contains("OperationOutcome"))
                }
            }
            let known = try await fhir.send("GET", "/Patient", as: "gp")
            #expect(known.status == 200)
        }
    }

    @Test("an API key as Bearer is as good as a password")
    func apiKey() async throws {
        try await FHIRWorld.serve { fhir in
            let key = try fhir.world.act(as: "gp") { env in
                let method = try env.registry.requireModel("res.users.apikeys").method("generate")
                return try method?.body(try env.records("res.users.apikeys", []), ["name": "test"]).textValue ?? ""
            }
            #expect(try await fhir.send("GET", "/Patient", as: nil, headers: ["Authorization": "Bearer \(key)"]).status == 200)
        }
    }

    @Test("another company's patient and referral are not there, whichever way one asks")
    func otherCompany() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("O1"))
            let order = try await fhir.make(Sample.request("Patient/\(patient.id)", number: "O1"))
            let cover = try await fhir.send("GET", "/Organization?identifier=MERIDIAN").ids[0]
            let coverage = try await fhir.make([
                "resourceType": "Coverage", "status": "active", "beneficiary": ["reference": .string("Patient/\(patient.id)")],
                "payor": [["reference": .string("Organization/\(cover)")]],
            ])
            let paths = ["/Patient/\(patient.id)", "/ServiceRequest/\(order.id)", "/Task/\(order.id)", "/Coverage/\(coverage.id)"]
            for path in paths {
                #expect(try await fhir.send("GET", path, as: "stranger").status == 404, "\(path)")
                #expect(try await fhir.send("GET", path).status == 200, "\(path)")
            }
            let searches = [
                "/Patient", "/ServiceRequest", "/Task", "/Coverage", "/Communication", "/DocumentReference", "/Appointment",
                "/Patient?identifier=O1", "/ServiceRequest?patient.family=Haddad", "/Task?patient=\(patient.id)",
                "/ServiceRequest?_include=ServiceRequest:patient",
            ]
            for path in searches {
                let answer = try await fhir.send("GET", path, as: "stranger")
                #expect(answer.status == 200 && answer.total == 0 && answer.ids.isEmpty, "\(path) \(answer.diagnostics)")
            }
            let put = try await fhir.send("PUT", "/Patient/\(patient.id)", patient.json, as: "stranger")
            #expect(put.status == 405)
            let referred = try await fhir.send(
                "POST", "/ServiceRequest", Sample.request("Patient/\(patient.id)", number: "X"), as: "stranger")
            let nowhere = try await fhir.send("POST", "/ServiceRequest", Sample.request("Patient/99999", number: "Y"), as: "stranger")
            #expect(referred.status == 422 && nowhere.status == 422)
            #expect(
                referred.diagnostics.replacingOccurrences(of: "Patient/\(patient.id)", with: "")
                    == nowhere.diagnostics.replacingOccurrences(of: "Patient/99999", with: ""))
        }
    }

    @Test("bad input says what is wrong and where")
    func badInput() async throws {
        try await FHIRWorld.serve { fhir in
            let cases: [(String, JSON, Int, String)] = [
                ("/Patient", Sample.patient("1", born: "2199-01-01"), 422, "Patient.birthDate"),
                ("/Patient", Sample.patient("1").with("gender", ["female"]), 400, "Patient.gender"),
                ("/Patient", Sample.patient("1").with("name", nil), 422, "Patient.name"),
                ("/Patient", ["resourceType": "Nothing"], 400, "resourceType"),
                (
                    "/ServiceRequest", ["resourceType": "ServiceRequest", "status": "active", "intent": "order"], 400,
                    "ServiceRequest.subject"
                ),
                ("/ServiceRequest", Sample.request("Patient/no-such-patient", number: "1"), 422, "ServiceRequest.subject"),
                ("/ServiceRequest", Sample.request("https://elsewhere.example/fhir/Patient/1", number: "1"), 422, "ServiceRequest.subject"),
                (
                    "/Coverage",
                    [
                        "resourceType": "Coverage", "status": "active", "beneficiary": ["reference": "Patient/77"],
                        "payor": [["display": "x"]],
                    ], 422, "Coverage.beneficiary"
                ),
            ]
            for (path, body, status, place) in cases {
                let answer = try await fhir.send("POST", path, body)
                #expect(answer.status == status, "\(path) \(place) \(answer.diagnostics)")
                #expect(answer.places.contains(place), "\(place) \(answer.places)")
            }
            for text in ["", "{", "[]", "{\"resourceType\":\"Patient\"", "\u{0}", "nil"] {
                #expect(try await fhir.send("POST", "/Patient", raw: text).status == 400, "\(text)")
            }
        }
    }

    @Test("wrong media types, methods and paths get their status and an outcome")
    func protocolErrors() async throws {
        try await FHIRWorld.serve { fhir in
            let xml = try await fhir.send("POST", "/Patient", raw: "<Patient/>", type: "application/fhir+xml")
            #expect(xml.status == 415)
            let wantsXML = try await fhir.send("GET", "/Patient", headers: ["Accept": "application/fhir+xml"])
            #expect(wantsXML.status == 406)
            let wantsJSON = try await fhir.send("GET", "/Patient?_format=json", headers: ["Accept": "text/html"])
            #expect(wantsJSON.status == 200)
            let appointment: JSON = [
                "resourceType": "Appointment", "status": "proposed", "participant": [["status": "accepted", "type": [["text": "x"]]]],
            ]
            let cases: [(String, String, JSON?, Int)] = [
                ("GET", "/Patient?_format=xml", nil, 406), ("GET", "/Observation", nil, 404), ("GET", "/Patient/none", nil, 404),
                ("GET", "/Patient/1/_history", nil, 404), ("DELETE", "/Patient/1", nil, 405), ("PUT", "/Patient", Sample.patient("1"), 405),
                ("POST", "/Appointment", appointment, 405), ("GET", "", nil, 405),
            ]
            for (method, path, body, status) in cases {
                let answer = try await fhir.send(method, path, body)
                #expect(answer.status == status, "\(method) \(path)")
                #expect(answer.json["resourceType"] == "OperationOutcome", "\(method) \(path)")
            }
        }
    }

    @Test("reads of patients are in the trail")
    func readsAreLogged() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("L1"))
            let user = try fhir.world.user("gp").id
            _ = try await fhir.send("GET", "/Patient/\(patient.id)", as: "gp")
            let reads = try await fhir.world.database.inspect { connection in
                try connection.query(
                    "SELECT count(*) FROM baton_audit WHERE user_id = ? AND model = 'care.patient'", [.int(user)], [.integer])
            }
            #expect((reads.first?.intValue ?? 0) > 0)
        }
    }
}
