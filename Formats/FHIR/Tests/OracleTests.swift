import FHIR
import Foundation
import JSON
import Testing

@Suite struct OracleTests {
    /// Official examples that break the definitions they come with, each with the reason; every other must be faultless.
    static let faulty = [
        // A performer must be a person or an organisation; this example names the encounter.
        "r4-examples/Observation-clinical-gender.json": "Observation.performer[0].reference"
    ]

    @Test("every example reads and writes back with its members, their order and its digits", arguments: ["r4-examples", "ig-examples"])
    func roundTrip(folder: String) throws {
        for file in Oracles.filesOrSkip(folder) {
            let resource = try FHIRResource.parse(file.bytes)
            #expect(try Token.tokens(resource.serialized()) == Token.tokens(file.bytes), "\(file.path)")
        }
    }

    @Test("every example keeps to the definitions, but for those known to break them", arguments: ["r4-examples", "ig-examples"])
    func validates(folder: String) throws {
        for file in Oracles.filesOrSkip(folder) {
            let errors = try FHIRResource.parse(file.bytes).problems().filter(\.isError)
            #expect(errors.map(\.location) == OracleTests.faulty[file.path].map { [$0] } ?? [], "\(file.path) \(errors)")
        }
    }

    @Test("the tables are what the generator writes from HL7's package")
    func generated() throws {
        let package = Oracles.root.appendingPathComponent("oracles/fhir/hl7.fhir.core-4.0.1.tgz")
        guard FileManager.default.fileExists(atPath: package.path) else { return print("skipped: no hl7.fhir.core-4.0.1.tgz") }
        let written = FileManager.default.temporaryDirectory.appendingPathComponent("fhir-definitions-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: written) }
        let generator = Process()
        generator.executableURL = Oracles.package.appendingPathComponent("scripts/fhir-definitions")
        generator.arguments = [package.path, written.path]
        generator.standardError = FileHandle.nullDevice
        try generator.run()
        generator.waitUntilExit()
        #expect(generator.terminationStatus == 0)
        for name in ["types.txt", "codes.txt", "search.txt"] {
            let kept = Oracles.package.appendingPathComponent("Formats/FHIR/Definitions/" + name)
            #expect(try Data(contentsOf: kept) == Data(contentsOf: written.appendingPathComponent(name)), "\(name)")
        }
    }
}
