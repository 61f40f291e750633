import FHIR
import JSON
import Testing

@Suite struct ConstraintTests {
    @Test(
        "data types keep R4's rules about their elements",
        arguments: [
            ("Period", ["start": "2026-11-20", "end": "2026-11-19"], "Period.end"),
            ("Period", ["start": "2026-11-20T10:00:00+02:00", "end": "2026-11-20T07:59:59Z"], "Period.end"),
            ("Quantity", ["value": 1, "code": "a"], "Quantity.system"), ("Age", ["value": 1, "code": "a"], "Age.system"),
            ("ContactPoint", ["value": "1"], "ContactPoint.system"), ("Attachment", ["data": "TWFu"], "Attachment.contentType"),
            ("Ratio", ["numerator": ["value": 1]], "Ratio"), ("Ratio", ["id": "a"], "Ratio"),
        ] as [(String, JSON, String)])
    func dataTypes(type: String, json: JSON, location: String) {
        let problems = FHIRValidator.shared.check(json, dataType: type)
        #expect(problems.map(\.code) == [.invariant])
        #expect(problems.map(\.location) == [location])
    }

    @Test(
        "partial dates get the benefit of the doubt",
        arguments: [("2026-11-20", "2026-11-20"), ("2026-11-20", "2026-11"), ("2026-11-20T10:00:00Z", "2026"), ("2025", "2026-01-01")])
    func partial(start: String, end: String) {
        #expect(FHIRValidator.shared.check(["start": .string(start), "end": .string(end)], dataType: "Period") == [])
    }

    @Test(
        "resources keep R4's rules about their elements",
        arguments: [
            (["resourceType": "Patient", "contact": [["gender": "female"]]], "Patient.contact[0]"),
            (["resourceType": "Organization", "active": true], "Organization"),
            (
                ["resourceType": "Task", "status": "draft", "intent": "order", "authoredOn": "2026-11-20", "lastModified": "2026-11-19"],
                "Task.lastModified"
            ),
            (
                ["resourceType": "Appointment", "status": "booked", "participant": [["status": "accepted"]]], "Appointment"
            ),
            (
                [
                    "resourceType": "Appointment", "status": "cancelled", "start": "2026-11-20T10:00:00Z",
                    "participant": [["status": "accepted"]],
                ],
                "Appointment"
            ),
            (
                [
                    "resourceType": "Appointment", "status": "proposed", "cancelationReason": ["text": "x"],
                    "participant": [["status": "accepted"]],
                ],
                "Appointment.cancelationReason"
            ),
            (
                [
                    "resourceType": "Observation", "status": "final", "code": ["text": "x"], "valueString": "a",
                    "dataAbsentReason": ["text": "b"],
                ],
                "Observation.dataAbsentReason"
            ),
            (
                [
                    "resourceType": "Bundle", "type": "document", "identifier": ["system": "urn:x", "value": "1"],
                    "timestamp": "2026-11-20T10:00:00Z",
                    "entry": [["resource": ["resourceType": "Basic", "code": ["text": "x"]]]],
                ], "Bundle.entry"
            ),
            (
                ["resourceType": "Bundle", "type": "collection", "entry": [["fullUrl": "urn:x:1"], ["fullUrl": "urn:x:1"]]],
                "Bundle.entry[1].fullUrl"
            ),
        ] as [(JSON, String)])
    func resources(json: JSON, location: String) {
        let problems = FHIRValidator.shared.check(json)
        #expect(problems.map(\.code) == [.invariant])
        #expect(problems.map(\.location) == [location])
    }

    @Test("an order's details need its code")
    func orderDetail() throws {
        let plain = try Fixtures.json(Fixtures.request, "orderDetail", [["text": "x"]])
        #expect(Fixtures.faults(plain) == [])
        guard case .object(var object) = plain else { return #expect(Bool(false)) }
        object["code"] = .none
        #expect(Fixtures.faults(.object(object)) == ["invariant ServiceRequest.orderDetail"])
    }

    @Test("many threads may ask at once")
    func threads() async {
        let definitions = FHIRDefinitions.shared
        await withTaskGroup(of: Bool.self) { group in
            for type in definitions.resourceTypes {
                group.addTask {
                    FHIRValidator.shared.check(["resourceType": .string(type), "wombat": 1]).contains { $0.location == "\(type).wombat" }
                }
            }
            for await isFound in group { #expect(isFound) }
        }
    }
}
