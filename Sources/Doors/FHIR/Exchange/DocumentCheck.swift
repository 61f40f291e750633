import FHIR
import Pages
import Referrals

/// Looks at the documents of a request before it is carried out, in the confined reader: nothing that opens for nobody is acknowledged.
struct DocumentCheck: Sendable {
    let door: FHIRDoor

    /// How long a sender should wait before it sends a document again that could not be looked at, in seconds.
    private static let retrySeconds = 60

    /// - Throws: 422 with the document's code and place, when one is encrypted, broken or a bomb; 503 when it could not be looked at in
    ///   time, because FHIR has no answer that says "kept, but not looked at".
    func check(_ resource: FHIRResource) async throws {
        guard let pages = door.pages else { return }
        for (place, file) in files(of: resource).prefix(door.configuration.inspected) where DocumentCheck.isDocument(file) {
            // The first page is drawn too: a bomb may lie in what is drawn. The others are drawn by the sweep.
            do throws(DocumentRefusal) {
                _ = try await pages.examine(file.bytes, pages: [1], dpi: pages.limits.dotsPerInch.lowerBound)
            } catch {
                if error.isTemporary { throw DocumentCheck.notNow(error, place) }
                throw FHIRRefusal.unprocessable(
                    error.code.rawValue, .value, "\(error.sentence) \(error.instruction)", at: place + ".content[0].attachment")
            }
        }
    }

    private static func notNow(_ error: DocumentRefusal, _ place: String) -> FHIRRefusal {
        var refusal = FHIRRefusal(
            503, error.code.rawValue, .transient, "\(error.sentence) \(error.instruction)", at: place + ".content[0].attachment")
        refusal.headers = [FHIRRefusal.HeaderPair(name: "Retry-After", value: String(retrySeconds))]
        return refusal
    }

    /// The files of a DocumentReference, or of those in a Bundle; what has none is told by whoever carries it out.
    private func files(of resource: FHIRResource) -> [(place: String, file: ReferralData.File)] {
        if resource.type == "DocumentReference" {
            return (try? DocumentFile.file(of: resource, binaries: [:])).map { [("DocumentReference", $0)] } ?? []
        }
        var binaries: [String: FHIRResource] = [:]
        for entry in resource.entries where entry.resource?.type == "Binary" { binaries[entry.fullUrl ?? ""] = entry.resource }
        return resource.entries.enumerated().compactMap { index, entry in
            guard let document = entry.resource, document.type == "DocumentReference", entry.method == "POST" else { return nil }
            return (try? DocumentFile.file(of: document, binaries: binaries)).map { ("Bundle.entry[\(index)].resource", $0) }
        }
    }

    /// Whether it is, or says it is, something that is shown as pages.
    private static func isDocument(_ file: ReferralData.File) -> Bool {
        DocumentKind(magicOf: file.bytes) != nil || DocumentKind.allCases.contains { $0.mediaType == file.mediaType }
    }
}
