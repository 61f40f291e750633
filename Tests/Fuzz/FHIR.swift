import FHIR
import JSON

/// Reads any bytes as a resource; what is accepted must read back as the same resource, and be checked and searched without
/// a crash, the same way twice, and its problems must make a correct OperationOutcome.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let limits = FHIRLimits(maxProblems: 20)
    guard let resource = try? FHIRResource.parse(bytes, limits: limits) else { return 0 }
    guard let again = try? FHIRResource.parse(resource.serialized(), limits: limits), again == resource else {
        fatalError("a resource reads back otherwise")
    }
    let validator = FHIRValidator(limits: limits)
    let problems = validator.check(resource.json)
    guard problems.count <= limits.maxProblems, validator.check(resource.json) == problems else {
        fatalError("the validator is not steady")
    }
    guard validator.check(FHIROutcome(problems).json).isEmpty else { fatalError("an outcome breaks the definitions") }
    for parameter in FHIRDefinitions.shared.searchParameters(of: resource.type) { _ = parameter.values(in: resource.json) }
    for entry in resource.entries { _ = entry.resource?.problems() }
    if let text = resource.string("id") { _ = (FHIRDateTime(text), FHIRReference(text: text)) }
    return 0
}
