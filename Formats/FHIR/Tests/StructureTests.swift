import FHIR
import JSON
import Testing

@Suite struct StructureTests {
    @Test("resources that keep to the definitions have no problem", arguments: Fixtures.all)
    func valid(text: String) throws {
        #expect(FHIRValidator.shared.check(try Fixtures.json(text)) == [])
    }

    @Test("a required element that is missing is named with its place")
    func missing() throws {
        let json = try Fixtures.json(Fixtures.request, "subject", nil)
        let problems = FHIRValidator.shared.check(json)
        #expect(problems.map(\.location) == ["ServiceRequest.subject"])
        #expect(problems.map(\.code) == [.required])
        #expect(problems.map(\.severity) == [.error])
    }

    @Test(
        "one wrong member of a ServiceRequest gives one problem at its place",
        arguments: [
            ("colour", JSON.string("red"), "structure ServiceRequest.colour"),
            ("subject", [["reference": "Patient/1"]], "structure ServiceRequest.subject"),
            ("subject", "Patient/1", "structure ServiceRequest.subject"),
            ("subject", nil, "structure ServiceRequest.subject"),
            ("subject", [:], "invalid ServiceRequest.subject"),
            ("subject", ["reference": "Task/1"], "value ServiceRequest.subject.reference"),
            ("subject", ["reference": "https://example.org/fhir/Task/1"], "value ServiceRequest.subject.reference"),
            ("subject", ["type": "Task", "display": "x"], "value ServiceRequest.subject.type"),
            ("subject", ["reference": "Pacient/1"], "value ServiceRequest.subject.reference"),
            ("subject", ["reference": "#nobody"], "not-found ServiceRequest.subject.reference"),
            ("note", ["text": "x"], "structure ServiceRequest.note"),
            ("note", [], "invalid ServiceRequest.note"),
            ("note", [nil], "structure ServiceRequest.note[0]"),
            ("note", [["text": "a"], ["text": "b", "time": "noon"]], "value ServiceRequest.note[1].time"),
            ("status", "unheard-of", "code-invalid ServiceRequest.status"),
            ("status", 1, "structure ServiceRequest.status"),
            ("status", nil, "structure ServiceRequest.status"),
            ("status", "", "invalid ServiceRequest.status"),
            ("status", " active", "value ServiceRequest.status"),
            ("doNotPerform", "true", "structure ServiceRequest.doNotPerform"),
            ("authoredOn", "2026-02-30", "value ServiceRequest.authoredOn"),
            ("authoredOn", "2026-02-03T10:30:00", "value ServiceRequest.authoredOn"),
            ("authoredOn", "20/11/2026", "value ServiceRequest.authoredOn"),
            ("id", "not an id", "value ServiceRequest.id"),
            ("id", JSON.string(String(repeating: "a", count: 65)), "value ServiceRequest.id"),
            ("_id", ["extension": [["url": "a", "valueString": "b"]]], "structure ServiceRequest._id"),
            ("occurrenceDateTime", "2026-12-01", "structure ServiceRequest.occurrence"),
            ("resourceType", "Servicerequest", "structure resourceType"),
            ("resourceType", "DomainResource", "structure resourceType"),
            ("resourceType", "Period", "structure resourceType"),
            ("quantityQuantity", ["value": "1.50"], "structure ServiceRequest.quantity.value"),
            ("quantityInteger", 3, "structure ServiceRequest.quantityInteger"),
            ("bodySite", [["coding": [["colour": "red"]]]], "structure ServiceRequest.bodySite[0].coding[0].colour"),
        ] as [(String, JSON, String)])
    func oneFault(member: String, value: JSON, expected: String) throws {
        #expect(Fixtures.faults(try Fixtures.json(Fixtures.request, member, value)) == [expected])
    }

    @Test(
        "what is no resource is refused",
        arguments: [JSON.null, 1, "x", [], [:], ["id": "a"], ["resourceType": nil], ["resourceType": "Patient"]])
    func noResource(json: JSON) {
        #expect(Fixtures.faults(json).count == 1)
    }

    @Test("a resource of another type than expected is invalid")
    func wrongType() throws {
        let problems = FHIRValidator.shared.check(try Fixtures.json(Fixtures.task), expecting: "Patient")
        #expect(problems.map(\.code) == [.invalid])
        #expect(problems.map(\.location) == ["Task.resourceType"])
    }

    @Test("a required coding needs a code of the value set with its system")
    func requiredCoding() throws {
        let codings: [JSON] = [["code": "active"], ["system": "https://example.org", "code": "active"], ["display": "Active"]]
        for coding in codings {
            let json = try Fixtures.json(Fixtures.allergy, "clinicalStatus", ["coding": [coding]])
            #expect(Fixtures.faults(json) == ["code-invalid AllergyIntolerance.clinicalStatus"])
        }
        #expect(Fixtures.faults(try Fixtures.json(Fixtures.allergy, "clinicalStatus", ["text": "active"])).count == 1)
    }

    @Test("nesting beyond the limit is a problem, not a crash")
    func deep() throws {
        var nested: JSON = ["url": "a", "valueString": "b"]
        for _ in 0..<300 { nested = ["url": "a", "extension": [nested]] }
        let json = try Fixtures.json(Fixtures.request, "extension", [nested])
        #expect(FHIRValidator.shared.check(json).map(\.code) == [.tooCostly])
    }

    @Test("the validator stops at its limit of problems")
    func manyProblems() throws {
        let notes = JSON.array([JSON](repeating: ["colour": "red"], count: 500))
        let json = try Fixtures.json(Fixtures.request, "note", notes)
        #expect(FHIRValidator(limits: FHIRLimits(maxProblems: 7)).check(json).count == 7)
    }
}
