import FHIR
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
}
