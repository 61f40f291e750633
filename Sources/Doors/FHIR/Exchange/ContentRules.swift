import HTTPServer

/// Which media types are understood and given.
enum ContentRules {
    static let mediaType = "application/fhir+json; fhirVersion=4.0"
    private static let known: Set<String> = ["application/fhir+json", "application/json", "application/json+fhir", "text/json"]
    private static let wildcards: Set<String> = ["*/*", "application/*"]

    /// Refuses a body that is no FHIR JSON, or no form where a search is posted.
    static func checkBody(_ request: HTTPRequest, isSearch: Bool) throws {
        guard request.method == .post || request.method == .put else { return }
        let type = request.headers["Content-Type"] ?? ""
        let (name, version) = parts(type)
        if isSearch {
            guard request.body.isEmpty || name == "application/x-www-form-urlencoded" else {
                throw refusedType(type, "application/x-www-form-urlencoded")
            }
            return
        }
        guard known.contains(name), version.isEmpty || version == "4.0" else { throw refusedType(type, "application/fhir+json") }
    }

    /// Refuses a client that takes no JSON; gives whether it names FHIR's own type.
    static func checkAccept(_ request: HTTPRequest, format: String?) throws -> Bool {
        let asked =
            format.map { [$0 == "json" ? "application/fhir+json" : $0.spaceAsPlus] }
            ?? request.headers.values("Accept").flatMap { $0.split(separator: ",").map(String.init) }
        if asked.isEmpty { return false }
        let choices = asked.map(parts).filter { $0.version.isEmpty || $0.version == "4.0" }
        if choices.contains(where: { known.contains($0.name) }) { return true }
        if choices.contains(where: { wildcards.contains($0.name) }) || isBinary(request) { return false }
        throw FHIRRefusal(406, "fhir.not_acceptable", .notSupported, "Answers are JSON of FHIR R4. Accept application/fhir+json.")
    }

    /// A Binary may be asked for by its own type.
    private static func isBinary(_ request: HTTPRequest) -> Bool { request.rawPath.contains("/Binary/") }

    private static func refusedType(_ type: String, _ wanted: String) -> FHIRRefusal {
        FHIRRefusal(415, "fhir.media_type", .notSupported, "The media type '\(type.shown)' is not understood here. Send \(wanted).")
    }

    /// The bare name and the `fhirVersion` of a media type; one that is wanted with a weight of 0 has no name.
    private static func parts(_ text: String) -> (name: String, version: String) {
        let pieces = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\"" }.lowercased() }
        guard let name = pieces.first else { return ("", "") }
        if pieces.contains("q=0") { return ("", "") }
        let version = pieces.first { $0.hasPrefix("fhirversion=") }.map { String($0.dropFirst("fhirversion=".count)) } ?? ""
        return (name, version)
    }
}

extension String {
    /// A `+` that a form turned into a space.
    fileprivate var spaceAsPlus: String { String(map { $0 == " " ? "+" : $0 }) }
}
