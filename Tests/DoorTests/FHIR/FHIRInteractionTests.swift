import Foundation
import JSON
import Testing

@Suite("FHIR: reading, making and changing") struct InteractionTests {
    @Test("the CapabilityStatement needs no login and names every type")
    func capabilities() async throws {
        try await FHIRWorld.serve { fhir in
            let answer = try await fhir.send("GET", "/metadata", as: nil)
            #expect(answer.status == 200)
            #expect(answer.json["fhirVersion"] == "4.0.1")
            let types = Set(answer.json.fhirValues("rest.resource.type").compactMap(\.stringValue))
            let wanted: Set<String> = [
                "Patient", "Practitioner", "PractitionerRole", "Organization", "Coverage", "ServiceRequest", "Task", "DocumentReference",
                "Appointment", "Communication", "Binary",
            ]
            #expect(types == wanted)
        }
    }

    @Test("a patient is made, read, changed with its version, and a stale change is refused")
    func lifeOfAPatient() async throws {
        try await FHIRWorld.serve { fhir in
            let made = try await fhir.make(Sample.patient("A1"))
            #expect(made.headers["location"]?.hasSuffix("/fhir/Patient/\(made.id)") == true)
            #expect(made.headers["etag"] == "W/\"\(made.version)\"")
            #expect(made.headers["last-modified"]?.hasSuffix("GMT") == true)
            let read = try await fhir.send("GET", "/Patient/\(made.id)")
            #expect(read.json.fhirValue("name.0.family") == "Haddad")
            #expect(read.json.fhirValue("identifier.0.value") == "A1")
            let unchanged = try await fhir.send("GET", "/Patient/\(made.id)", headers: ["If-None-Match": made.headers["etag"] ?? ""])
            #expect(unchanged.status == 304)
            let wanted = read.json.with("name", [["family": "Haddad-Kim", "given": ["Farah"]]])
            let tag = ["If-Match": read.headers["etag"] ?? ""]
            let changed = try await fhir.send("PUT", "/Patient/\(made.id)", wanted, headers: tag)
            #expect(changed.status == 200)
            #expect(changed.version != read.version)
            let stale = try await fhir.send("PUT", "/Patient/\(made.id)", wanted, headers: tag)
            #expect(stale.status == 412)
            #expect(stale.json.fhirValue("issue.0.code") == "conflict")
            let words = stale.json.fhirValue("issue.0.diagnostics")?.stringValue ?? ""
            #expect(words.contains("changed family_name") && words.contains("on 2026-03-02"), "\(words)")
            let kept = try await fhir.send("GET", "/Patient/\(made.id)")
            #expect(kept.json.fhirValue("name.0.family") == "Haddad-Kim")
            #expect(kept.json["birthDate"] == "1981-03-09")
            #expect(kept.json.fhirValue("identifier.0.value") == "A1")
        }
    }

    @Test("an id that nobody gave cannot be put, and another id in the body is refused")
    func updateAsCreate() async throws {
        try await FHIRWorld.serve { fhir in
            let refused = try await fhir.send("PUT", "/Patient/4711", Sample.patient("A1").with("id", "4711"))
            #expect(refused.status == 405)
            let made = try await fhir.make(Sample.patient("A1"))
            let other = try await fhir.send("PUT", "/Patient/\(made.id)", Sample.patient("A1").with("id", "99"))
            #expect(other.status == 400)
            #expect(other.places == ["Patient.id"])
        }
    }

    @Test("If-None-Exist makes the same patient once, and refuses where several match")
    func conditionalCreate() async throws {
        try await FHIRWorld.serve { fhir in
            let condition = ["If-None-Exist": "identifier=https://north.example/mrn|C1"]
            let first = try await fhir.send("POST", "/Patient", Sample.patient("C1"), headers: condition)
            let second = try await fhir.send("POST", "/Patient", Sample.patient("C1"), headers: condition)
            #expect(first.status == 201)
            #expect(second.status == 200)
            #expect(first.id == second.id)
            _ = try await fhir.make(Sample.patient("C2"))
            let many = try await fhir.send("POST", "/Patient", Sample.patient("C3"), headers: ["If-None-Exist": "family=Haddad"])
            #expect(many.status == 412)
        }
    }

    @Test("practitioner, organization, role and coverage go in and come out")
    func otherTypes() async throws {
        try await FHIRWorld.serve { fhir in
            let organization = try await fhir.make(
                [
                    "resourceType": "Organization", "name": "Northtown Practice",
                    "identifier": [["system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567802"]],
                ], as: "admin")
            let person = try await fhir.make(
                [
                    "resourceType": "Practitioner", "name": [["family": "Okoro", "given": ["Ada"], "prefix": ["Dr."]]],
                ], as: "admin")
            let role = try await fhir.make(
                [
                    "resourceType": "PractitionerRole", "practitioner": ["reference": .string("Practitioner/\(person.id)")],
                    "organization": ["reference": .string("Organization/\(organization.id)")],
                ], as: "admin")
            #expect(role.json.fhirValue("organization.reference") == .string("Organization/\(organization.id)"))
            let found = try await fhir.send("GET", "/Organization?identifier=http://hl7.org/fhir/sid/us-npi%7C1234567802")
            #expect(found.ids == [organization.id])
            #expect(try await fhir.send("GET", "/Practitioner?family=Okoro").ids == [person.id])
            let patient = try await fhir.make(Sample.patient("P1"))
            let coverage = try await fhir.make([
                "resourceType": "Coverage", "status": "active", "subscriberId": "M1",
                "beneficiary": ["reference": .string("Patient/\(patient.id)")],
                "payor": [["reference": .string("Organization/\(organization.id)")]],
                "class": [["type": ["coding": [["code": "group"]]], "value": "G7"]],
            ])
            let again = try await fhir.send("GET", "/Coverage?patient=Patient/\(patient.id)")
            #expect(again.ids == [coverage.id])
            #expect(again.json.fhirValue("entry.0.resource.class.0.value") == "G7")
        }
    }
}
