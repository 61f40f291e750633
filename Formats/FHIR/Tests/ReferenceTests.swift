import FHIR
import Foundation
import JSON
import Testing

@Suite struct ReferenceTests {
    @Test("a literal reference tells type, id, version and server")
    func literal() {
        let relative = FHIRReference(text: "Patient/p-1")
        #expect(relative.type == "Patient" && relative.id == "p-1" && relative.version == nil && relative.base == nil)
        let versioned = FHIRReference(text: "Task/7/_history/3")
        #expect(versioned.type == "Task" && versioned.id == "7" && versioned.version == "3")
        let absolute = FHIRReference(text: "https://example.org/r4/Practitioner/9")
        #expect(absolute.type == "Practitioner" && absolute.id == "9" && absolute.base == "https://example.org/r4")
    }

    @Test(
        "references that name no type find none",
        arguments: ["#p1", "urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d", "", "Patient", "patient/1", "Patient/", "/", "Patient/a b"])
    func untyped(text: String) {
        let reference = FHIRReference(text: text)
        #expect(reference.type == nil && reference.id == nil)
    }

    @Test("a conditional reference names its type, a fragment its contained resource")
    func others() {
        #expect(FHIRReference(text: "Patient?identifier=a|b/c").type == "Patient")
        #expect(FHIRReference(text: "#p1").fragment == "p1")
        #expect(FHIRReference(["type": "Group", "identifier": ["value": "1"]])?.type == "Group")
        #expect(FHIRReference(["display": "Ada"]) == nil)
    }

    @Test("a resource's references can be listed and rewritten, and nothing else changes")
    func rewriting() throws {
        var request = try #require(FHIRResource(try Fixtures.json(Fixtures.request)))
        #expect(request.references.map(\.text) == ["Patient/p-1", "https://example.org/fhir/Practitioner/7/_history/2"])
        request.rewriteReferences { $0 == "Patient/p-1" ? "Patient/9" : nil }
        let expected = Fixtures.request.replacingOccurrences(of: "Patient/p-1", with: "Patient/9")
        #expect(try request.json == Fixtures.json(expected))
    }
}
