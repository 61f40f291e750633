import FHIR
import JSON
import Testing

@Suite struct ResourceTests {
    @Test("reading and writing keeps unknown members, their order and the digits of decimals")
    func lossless() throws {
        let text = #"{"zebra":[1.50,1e2,-0.0,-0,100000000000000000000],"resourceType":"Patient","active":true,"_x":{}}"#
        #expect(String(decoding: try FHIRResource.parse(Array(text.utf8)).serialized(), as: UTF8.self) == text)
    }

    @Test(
        "what is no resource is a fatal problem",
        arguments: [
            ("", FHIRIssueType.structure), ("{", .structure), ("[]", .structure), ("{}", .structure), (#"{"resourceType":1}"#, .structure),
            (#"{"resourceType":"Patient","id":"a","id":"b"}"#, .duplicate), (String(repeating: "[", count: 1000), .tooCostly),
        ])
    func refused(text: String, code: FHIRIssueType) throws {
        let problem = #expect(throws: FHIRProblem.self) { try FHIRResource.parse(Array(text.utf8)) }
        #expect(problem?.code == code && problem?.severity == .fatal)
    }

    @Test("a byte order mark is passed over")
    func byteOrderMark() throws {
        #expect(try FHIRResource.parse([0xEF, 0xBB, 0xBF] + Array(Fixtures.task.utf8)).id == "t1")
    }

    @Test("paths lead to values")
    func paths() throws {
        let request = try #require(FHIRResource(try Fixtures.json(Fixtures.request)))
        #expect(request.type == "ServiceRequest" && request.id == "s1" && request.reference == "ServiceRequest/s1")
        #expect(request.string("code.coding.0.code") == "183519002")
        #expect(request.string("code.coding.code") == "183519002")
        #expect(request.string("code.coding.1.code") == nil && request.string("code.colour") == nil)
        #expect(request.code("code", system: "http://snomed.info/sct") == "183519002")
        #expect(request.decimal("quantityQuantity.value") == "1.50")
        #expect(request.date("authoredOn")?.precision == .second)
        #expect(request.reference("requester")?.id == "7")
        let patient = try #require(FHIRResource(try Fixtures.json(Fixtures.patient)))
        #expect(patient.strings("name.given") == ["Ada"])
        #expect(patient.identifier("https://example.org/mrn") == "0012")
        #expect(patient.bool("active") == true && patient.int("telecom.rank") == 1 && patient.versionId == "3")
        #expect(patient.extension("https://example.org/shoe") != nil)
    }

    @Test("id and meta find their places when a server sets them")
    func stamping() {
        var task = FHIRResource(type: "Task", ["status": "draft", "meta": ["source": "x"]])
        task.id = "9"
        task.stamp(version: "2", lastUpdated: FHIRDateTime("2026-11-20T10:30:00Z") ?? FHIRDateTime(.now))
        #expect(
            task.json.text()
                == #"{"resourceType":"Task","id":"9","status":"draft","meta":{"source":"x","versionId":"2","lastUpdated":"2026-11-20T10:30:00Z"}}"#
        )
        task["status"] = .none
        task["resourceType"] = "Patient"
        #expect(task["status"] == .none && task.type == "Task" && task.json["resourceType"] == "Task")
        var bare = FHIRResource(type: "Task")
        bare.stamp(version: "1", lastUpdated: FHIRDateTime("2026-11-20T10:30:00Z") ?? FHIRDateTime(.now))
        bare.id = "1"
        #expect(bare.json.objectValue?.keys == ["resourceType", "id", "meta"])
    }

    @Test("built data types keep to the definitions and leave out what is nil")
    func building() {
        let request = FHIRResource(
            type: "ServiceRequest", id: "1",
            [
                "identifier": [
                    FHIRData.identifier("https://example.org/n", "7", use: "official", type: FHIRData.codeableConcept(nil, "PLAC"))
                ],
                "status": "active", "intent": "order", "code": FHIRData.codeableConcept("http://snomed.info/sct", "1", text: "Referral"),
                "subject": FHIRData.reference("Patient", "1", display: nil),
                "occurrencePeriod": FHIRData.period(start: "2026-11-20", end: nil),
                "requester": FHIRData.reference("Practitioner", identifier: FHIRData.identifier(nil, "12")),
                "note": [FHIRData.annotation("Call first.", time: "2026-11-20T10:30:00Z", author: "Desk")],
                "contained": [
                    FHIRResource(
                        type: "Patient", id: "c",
                        [
                            "name": [FHIRData.humanName(family: "Quill", given: ["Ada"], use: "usual")],
                            "telecom": [FHIRData.contactPoint("phone", "1")],
                            "address": [FHIRData.address(lines: ["1 High St"], city: "Leeds")],
                            "photo": [FHIRData.attachment(contentType: "image/png", url: "Binary/1", size: 9)],
                        ]
                    ).json
                ],
                "extension": [FHIRData.extension("https://example.org/x", "valueString", "y")],
            ])
        #expect(request.problems() == [])
        #expect(FHIRData.humanName(family: nil, given: []) == .object([:]))
        #expect(FHIRData.reference("Patient", "1") == ["reference": "Patient/1"])
    }
}
