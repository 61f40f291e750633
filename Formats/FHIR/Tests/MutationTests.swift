import JSON
import Testing

@testable import FHIR

/// Breaks correct resources in one place each and expects the validator to point at that place.
@Suite struct MutationTests {
    private static let seed: UInt64 = 20_261_120
    private static let mutationsPerFile = 4

    private static let maxSampleBytes = 40_000

    /// Fixtures always, and the faultless examples when they are there.
    private static let samples: [JSON] = {
        let files = (Oracles.filesOrSkip("r4-examples") + Oracles.filesOrSkip("ig-examples")).map(\.bytes)
        let texts = Fixtures.all.map { Array($0.utf8) } + files.filter { $0.count <= maxSampleBytes }
        return texts.compactMap { try? FHIRResource.parse($0).json }.filter { Fixtures.faults($0).isEmpty }
    }()

    @Test("the samples are there")
    func enough() { #expect(MutationTests.samples.count >= Fixtures.all.count) }

    @Test("without any one of its required elements a resource has a problem there")
    func deleting() throws {
        for sample in MutationTests.samples {
            guard case .object(let object) = sample, let type = sample["resourceType"]?.stringValue else { continue }
            let shape = try #require(FHIRDefinitions.shared.shape(type))
            for element in shape.elements where element.isRequired {
                var broken = object
                for use in element.uses {
                    broken[element.member(for: use)] = .none
                    broken["_" + element.member(for: use)] = .none
                }
                #expect(Fixtures.faults(.object(broken)).contains("required \(type).\(element.name)"), "\(type).\(element.name)")
            }
        }
    }

    @Test("an unknown member, wherever it stands, has a problem there")
    func adding() {
        var random = SplitMix(state: MutationTests.seed)
        for sample in MutationTests.samples {
            let places = sample.places { $0.objectValue != nil }
            for place in places.shuffled(using: &random).prefix(MutationTests.mutationsPerFile) {
                let broken = sample.replacing(place) { value in
                    guard case .object(var object) = value else { return value }
                    object["wombat"] = "x"
                    return .object(object)
                }
                let found = FHIRValidator.shared.check(broken).filter { $0.code == .structure }
                #expect(found.contains { place.appending("wombat").isAt($0.location) }, "\(place) \(found)")
            }
        }
    }

    @Test("a value of another kind, wherever it stands, has a problem there")
    func swapping() {
        var random = SplitMix(state: MutationTests.seed)
        for sample in MutationTests.samples {
            let places = sample.places { $0.arrayValue == nil && !$0.isNull }.filter { !$0.steps.isEmpty }
            for place in places.shuffled(using: &random).prefix(MutationTests.mutationsPerFile) {
                let broken = sample.replacing(place) { $0.stringValue == nil ? "wombat" : true }
                let found = FHIRValidator.shared.check(broken).filter(\.isError)
                #expect(found.contains { place.isAt($0.location) }, "\(place) \(found)")
            }
        }
    }
}
