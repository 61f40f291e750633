import Exceptions
import Foundation
import JSON
import Kernel
import Referrals
import Testing

@Suite("FHIR: referrals") struct FHIRReferralTests {
    @Test("a ServiceRequest becomes a referral with a Task beside it, and its original is kept")
    func serviceRequest() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("R1"), as: "gp")
            let order = try await fhir.make(Sample.request("Patient/\(patient.id)", number: "SR1"), as: "gp")
            #expect(order.json.fhirValue("subject.reference") == .string("Patient/\(patient.id)"))
            #expect(order.json["priority"] == "urgent")
            #expect(order.json.fhirValue("performerType.coding.0.code") == "CARD")
            #expect(order.json.fhirValue("requester.display") == "Dr. Lena Bauer")
            #expect(order.json.fhirValues("identifier.value").contains("SR1"))
            let tasks = try await fhir.send("GET", "/Task?focus=ServiceRequest/\(order.id)", as: "gp")
            #expect(tasks.total == 1)
            #expect(tasks.json.fhirValue("entry.0.resource.status") == "in-progress")
            #expect(tasks.json.fhirValue("entry.0.resource.businessStatus.coding.0.code") == "doc-review")
            let kept = try fhir.world.act { env in
                let intake = env.record(Referral.self, Int(order.id) ?? 0).intake
                return [intake?.channel?.rawValue ?? "", intake?.state?.rawValue ?? "", intake?.sender ?? ""]
            }
            #expect(kept == ["fhir", "processed", "gp"])
        }
    }

    @Test("the same ServiceRequest twice is one referral, and new facts under its number change it")
    func duplicate() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("R1"), as: "gp")
            let request = Sample.request("Patient/\(patient.id)", number: "SR1")
            let first = try await fhir.make(request, as: "gp")
            let again = try await fhir.send("POST", "/ServiceRequest", request, as: "gp")
            #expect(again.status == 200)
            #expect(again.id == first.id)
            let changed = try await fhir.send("POST", "/ServiceRequest", request.with("priority", "stat"), as: "gp")
            #expect(changed.status == 200 && changed.id == first.id)
            #expect(changed.json["priority"] == "stat")
            let fromOther = try await fhir.make(request, as: "gp2")
            #expect(fromOther.id != first.id)
        }
    }

    @Test("a transaction is one intake: patient, coverage, request, document and Task")
    func transaction() async throws {
        try await FHIRWorld.serve { fhir in
            let bundle = Sample.referral("T1")
            let answer = try await fhir.send("POST", "", bundle, as: "gp")
            #expect(answer.status == 200, "\(answer.diagnostics) \(answer.places)")
            #expect(answer.json["type"] == "transaction-response")
            let statuses = answer.json.fhirValues("entry.response.status").compactMap(\.stringValue)
            #expect(statuses == ["200 OK", "201 Created", "201 Created", "201 Created", "200 OK", "201 Created"])
            let places = answer.json.fhirValues("entry.response.location").compactMap(\.stringValue)
            let order = places[1]
            let read = try await fhir.send("GET", "/" + order, as: "gp")
            #expect(read.json.fhirValue("subject.reference") == .string(places[2]))
            #expect(read.json.fhirValue("insurance.0.reference") == .string(places[3]))
            #expect(read.json.fhirValue("supportingInfo.0.reference") == .string(places[5]))
            #expect(places[0] == order.replacingOccurrences(of: "ServiceRequest", with: "Task"))
            let again = try await fhir.send("POST", "", bundle, as: "gp")
            #expect(again.json == answer.json)
            #expect(try await fhir.send("GET", "/Patient", as: "gp").total == 1)
            let sameBytes = try await fhir.send(
                "GET", "/Binary/" + places[5].split(separator: "/")[1], as: "gp", headers: ["Accept": "application/pdf"])
            #expect(sameBytes.json == "%PDF-1.4\n")
            #expect(sameBytes.headers["content-type"] == "application/pdf")
        }
    }

    @Test("a patient whom the site knows is not made again by a transaction")
    func knownPatient() async throws {
        try await FHIRWorld.serve { fhir in
            let known = try await fhir.make(Sample.patient("MRNT1"), as: "gp")
            let answer = try await fhir.send("POST", "", Sample.referral("T1"), as: "gp")
            #expect(answer.json.fhirValues("entry.response.location").compactMap(\.stringValue)[safe: 2] == "Patient/\(known.id)")
            #expect(try await fhir.send("GET", "/Patient", as: "gp").total == 1)
        }
    }

    @Test("when one entry is refused nothing stays but the original, with an owner")
    func rollback() async throws {
        try await FHIRWorld.serve { fhir in
            let future = Sample.referral("T1", patient: Sample.patient("F1", born: "2199-01-01"))
            let refused = try await fhir.send("POST", "", future, as: "gp")
            #expect(refused.status == 422)
            #expect(refused.places.first?.contains("birthDate") == true, "\(refused.places)")
            let wrong = Sample.referral("T2", request: Sample.request("Patient/1", number: "x").with("status", "no-such-status"))
            #expect(try await fhir.send("POST", "", wrong, as: "gp").status == 400)
            #expect(try await fhir.send("POST", "", as: "gp", raw: "{\"resourceType\":").status == 400)
            #expect(try await fhir.send("GET", "/Patient", as: "gp").total == 0)
            #expect(try await fhir.send("GET", "/ServiceRequest", as: "gp").total == 0)
            let left = try fhir.world.act { env in
                [
                    try env.count(Intake.self, .where("state", .equal, "failed")),
                    try env.count(ExceptionCase.self, .where("user_id", .notEqual, .null)), try env.count(Coverage.self),
                ]
            }
            #expect(left == [3, 3, 0])
        }
    }

    @Test("a batch answers each entry for itself")
    func batch() async throws {
        try await FHIRWorld.serve { fhir in
            let batch: JSON = [
                "resourceType": "Bundle", "type": "batch",
                "entry": [
                    ["resource": Sample.patient("B1"), "request": ["method": "POST", "url": "Patient"]],
                    ["resource": Sample.patient("B2", born: "2199-01-01"), "request": ["method": "POST", "url": "Patient"]],
                    ["request": ["method": "GET", "url": "Patient?identifier=B1"]],
                    ["request": ["method": "DELETE", "url": "Patient/1"]],
                ],
            ]
            let answer = try await fhir.send("POST", "", batch)
            let statuses = answer.json.fhirValues("entry.response.status").compactMap(\.stringValue)
            #expect(statuses == ["201 Created", "422 Unprocessable Content", "200 OK", "405 Method Not Allowed"])
            #expect(answer.json["entry"]?[2]?["resource"]?["total"] == 1)
        }
    }

    @Test("the sender takes a referral back by its Task; an illegal move names what is possible")
    func taskMoves() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("R1"), as: "gp")
            let order = try await fhir.make(Sample.request("Patient/\(patient.id)", number: "SR1"), as: "gp")
            let task = try await fhir.send("GET", "/Task/\(order.id)", as: "gp")
            let illegal = try await fhir.send("PUT", "/Task/\(order.id)", task.json.with("status", "completed"))
            #expect(illegal.status == 409)
            #expect(illegal.diagnostics.contains("action_close"))
            let notHis = try await fhir.send("PUT", "/Task/\(order.id)", task.json.with("status", "cancelled"), as: "gp2")
            #expect(notHis.status == 403)
            let tag = ["If-Match": task.headers["etag"] ?? ""]
            let cancelled = try await fhir.send("PUT", "/Task/\(order.id)", task.json.with("status", "cancelled"), as: "gp", headers: tag)
            #expect(cancelled.status == 200, "\(cancelled.diagnostics)")
            #expect(cancelled.json["status"] == "cancelled")
            #expect(cancelled.json.fhirValue("statusReason.coding.0.code") == "cancel.referrer")
            let request = try await fhir.send("GET", "/ServiceRequest/\(order.id)", as: "gp")
            #expect(request.json["status"] == "revoked")
            let again = try await fhir.send("PUT", "/Task/\(order.id)", task.json.with("status", "accepted"), headers: tag)
            #expect(again.status == 412)
            #expect(try await fhir.send("GET", "/Task?status=cancelled", as: "gp").ids == [order.id])
            #expect(try await fhir.send("GET", "/Task?status=in-progress", as: "gp").total == 0)
        }
    }

    @Test("a ServiceRequest is changed, and revoking it closes the referral")
    func changeRequest() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("R1"), as: "gp")
            let order = try await fhir.make(Sample.request("Patient/\(patient.id)", number: "SR1"), as: "gp")
            let changed = try await fhir.send("PUT", "/ServiceRequest/\(order.id)", order.json.with("priority", "stat"), as: "gp")
            #expect(changed.status == 200, "\(changed.diagnostics)")
            #expect(changed.json["priority"] == "stat")
            #expect(changed.json.fhirValue("reasonCode.0.text") == "Chest pain on effort")
            let revoked = try await fhir.send("PUT", "/ServiceRequest/\(order.id)", changed.json.with("status", "revoked"), as: "gp")
            #expect(revoked.json["status"] == "revoked", "\(revoked.diagnostics)")
        }
    }

    @Test("a comment goes both ways, and an internal note never leaves")
    func communication() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("R1"), as: "gp")
            let order = try await fhir.make(Sample.request("Patient/\(patient.id)", number: "SR1"), as: "gp")
            let said = try await fhir.make(
                [
                    "resourceType": "Communication", "status": "completed",
                    "basedOn": [["reference": .string("ServiceRequest/\(order.id)")]],
                    "payload": [["contentString": "The ECG follows <tomorrow>."]],
                ], as: "gp")
            #expect(said.json.fhirValue("payload.0.contentString") == "The ECG follows <tomorrow>.")
            try fhir.world.act(as: "coordinator") { env in
                _ = try env.records("care.referral", [Int(order.id) ?? 0]).call("action_close", ["reason_id": "cancel.patient"])
            }
            let all = try await fhir.send("GET", "/Communication?based-on=ServiceRequest/\(order.id)", as: "gp")
            #expect(all.ids == [said.id])
        }
    }

    @Test("a document that is posted joins its referral")
    func document() async throws {
        try await FHIRWorld.serve { fhir in
            let patient = try await fhir.make(Sample.patient("R1"), as: "gp")
            let order = try await fhir.make(Sample.request("Patient/\(patient.id)", number: "SR1"), as: "gp")
            let made = try await fhir.make(
                [
                    "resourceType": "DocumentReference", "status": "current", "type": ["text": "12-lead ECG"],
                    "subject": ["reference": .string("Patient/\(patient.id)")],
                    "content": [["attachment": ["contentType": "application/pdf", "data": "JVBERi0xLjQK"]]],
                    "context": ["related": [["reference": .string("ServiceRequest/\(order.id)")]]],
                ], as: "gp")
            let again = try await fhir.send("GET", "/ServiceRequest/\(order.id)", as: "gp")
            #expect(again.json.fhirValue("supportingInfo.0.reference") == .string("DocumentReference/\(made.id)"))
            let binary = try await fhir.send("GET", "/Binary/\(made.id)", as: "gp", headers: ["Accept": "application/fhir+json"])
            #expect(binary.json["data"] == "JVBERi0xLjQK")
        }
    }
}

extension Array {
    fileprivate subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}
