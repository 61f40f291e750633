import FHIR
import Operations

/// Judges or rewrites the FHIR resource of a file, or those of a .ndjson file, one a line.
struct FHIRInspection {
    /// The release that resources are judged by.
    static let version = "4.0.1"

    private let inspection: Inspection
    private let isLines: Bool

    init(_ inspection: Inspection) {
        self.inspection = inspection
        isLines = inspection.file.hasSuffix(".ndjson")
    }

    func run(_ first: [UInt8], _ pieces: inout FilePieces) throws(FilePieces.Failure) {
        var held = first
        var index = 0
        while !pieces.isAtEnd {
            let more = try pieces.next()
            if more.isEmpty { break }
            if isLines {
                let cut = (held.lastIndex(of: 0x0A) ?? held.count - 1) + 1
                judgeLines(Array(held[..<cut]), &index)
                held = Array(held[cut...]) + more
            } else {
                // A resource that does not fit is refused by its limit; reading on would only cost memory.
                held += more.prefix(1)
                break
            }
        }
        if isLines { judgeLines(held, &index) } else { judge(held, 1) }
    }

    private func judgeLines(_ bytes: [UInt8], _ index: inout Int) {
        for line in bytes.split(separator: 0x0A) where line.contains(where: { $0 > 0x20 }) {
            index += 1
            judge(Array(line), index)
        }
    }

    private func judge(_ bytes: [UInt8], _ index: Int) {
        let resource: FHIRResource
        do throws(FHIRProblem) {
            resource = try FHIRResource.parse(bytes)
        } catch {
            if inspection.emits { return inspection.complain(index, error.message) }
            return inspection.report(line(index, nil, [error]))
        }
        if inspection.emits {
            Output.write(resource.serialized() + [0x0A])
        } else {
            inspection.report(line(index, resource.type, resource.problems()))
        }
    }

    private func line(_ index: Int, _ type: String?, _ problems: [FHIRProblem]) -> Inspection.Line {
        let worst = problems.first(where: \.isError) ?? problems.first
        let verdict = problems.isEmpty ? "strict" : problems.contains(where: \.isError) ? "rejected" : "lax"
        return Inspection.Line(
            index: index, format: .fhir, structure: type, version: type == nil ? nil : FHIRInspection.version, verdict: verdict,
            error: worst.map { "\($0.code.rawValue): \($0.message)" }, position: worst.map(\.location))
    }
}
