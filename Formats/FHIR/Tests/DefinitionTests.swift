import JSON
import Testing

@testable import FHIR

@Suite struct DefinitionTests {
    private let definitions = FHIRDefinitions.shared

    @Test("the tables hold every resource type and data type of R4")
    func counts() {
        #expect(definitions.resourceTypes.count == 146)
        #expect(definitions.typeNames.count == 146 + 4 + 39 + 1)  // concrete, abstract, data types, SimpleQuantity
        for name in ["Patient", "ServiceRequest", "Task", "VisionPrescription"] { #expect(definitions.isResourceType(name)) }
        for name in ["Resource", "DomainResource", "Period", "patient", "Patients", ""] { #expect(!definitions.isResourceType(name)) }
    }

    @Test("every type named by an element has a shape, every value set has codes and every target is a resource type")
    func consistent() throws {
        for name in definitions.typeNames { try check(try #require(definitions.shape(name))) }
    }

    private func check(_ shape: FHIRShape) throws {
        #expect(Set(shape.elements.map(\.name)).count == shape.elements.count)
        for element in shape.elements {
            for use in element.uses {
                if let name = use.valueSet { #expect(definitions.valueSet(name)?.hint.isEmpty == false, "\(name)") }
                for target in use.targets { #expect(definitions.isResourceType(target), "\(target)") }
                guard case .complex(let name) = use.kind else { continue }
                let inner = try #require(definitions.shape(name), "\(shape.name).\(element.name): \(name)")
                if name.hasPrefix(shape.name + ".") && name.count == shape.name.count + 1 + element.name.count { try check(inner) }
            }
        }
    }

    @Test("types inherit what their parents have")
    func inheritance() throws {
        let task = try #require(definitions.shape("Task"))
        for name in ["id", "meta", "text", "contained", "extension", "modifierExtension", "status"] { #expect(task.members[name] != nil) }
        let input = try #require(definitions.shape("Task.input"))
        #expect(input.elements.map(\.name) == ["id", "extension", "modifierExtension", "type", "value"])
        #expect(input.members["valueDosage"] != nil && input.members["_valueDate"] != nil && input.members["value"] == nil)
        let age = try #require(definitions.shape("Age"))
        #expect(age.elements.map(\.name) == ["id", "extension", "value", "comparator", "unit", "system", "code"])
        #expect(try #require(definitions.shape("SimpleQuantity")).members["comparator"] == nil)
    }

    @Test("search parameters know where their values lie")
    func search() throws {
        let task = definitions.searchParameters(of: "Task")
        #expect(task.contains { $0.name == "_lastUpdated" && $0.kind == .date && $0.paths == ["meta.lastUpdated"] })
        let patient = try #require(task.first { $0.name == "patient" })
        #expect(patient.kind == .reference && patient.targets == ["Patient"])
        #expect(patient.values(in: ["for": ["reference": "Patient/1"]]) == [["reference": "Patient/1"]])
        #expect(patient.values(in: ["for": ["reference": "Group/1"]]) == [])
        let phone = try #require(definitions.searchParameters(of: "Patient").first { $0.name == "phone" })
        let telecom: JSON = [["system": "fax", "value": "1"], ["system": "phone", "value": "2"]]
        #expect(phone.values(in: ["telecom": telecom]).compactMap { $0["value"]?.stringValue } == ["2"])
        let occurrence = try #require(definitions.searchParameters(of: "ServiceRequest").first { $0.name == "occurrence" })
        #expect(occurrence.values(in: try Fixtures.json(Fixtures.request)).count == 1)
        #expect(definitions.searchParameters(of: "Nothing").map(\.name).allSatisfy { $0.hasPrefix("_") })
    }
}
