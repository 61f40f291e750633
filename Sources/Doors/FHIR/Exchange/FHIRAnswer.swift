import FHIR
import HTTPServer
import Kernel

/// What becomes of a call, before it is written as a response or as an entry of a Bundle.
struct FHIRAnswer: Sendable {
    var status: Int
    var resource: FHIRResource?
    /// `Type/id` of what was made.
    var location: String?
    /// Bytes instead of a resource, with their media type.
    var content: Content?
    var isNotModified = false

    struct Content: Sendable {
        let bytes: [UInt8]
        let mediaType: String
    }

    init(_ status: Int, _ resource: FHIRResource?, location: String? = nil) {
        self.status = status
        self.resource = resource
        self.location = location
    }

    /// The version of a single resource; a Bundle has none.
    var version: String? { resource?.versionId }

    /// The HTTP response.
    func response(base: String, minimal: Bool) -> HTTPResponse {
        var response = HTTPResponse(status: status)
        if let content {
            response.body = .bytes(content.bytes)
            response.headers["Content-Type"] = content.mediaType
            // What senders upload must not run as a page of ours.
            response.headers["Content-Disposition"] = "attachment"
            response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
            return response
        }
        if let version { response.headers["ETag"] = "W/\"\(version)\"" }
        if let date = resource?.date("meta.lastUpdated") {
            response.headers["Last-Modified"] = HTTPDay.text(Int(date.start.timeIntervalSince1970))
        }
        if let location { response.headers["Location"] = base + "/" + location }
        guard let resource, !isNotModified, !(minimal && (status == 200 || status == 201) && resource.type != "Bundle") else {
            return response
        }
        response.headers["Content-Type"] = ContentRules.mediaType
        response.body = .bytes(resource.serialized())
        return response
    }
}

extension FHIRRefusal {
    /// The HTTP response.
    var response: HTTPResponse {
        var response = HTTPResponse(status: status, headers: ["Content-Type": ContentRules.mediaType], body: outcome.serialized())
        for header in headers { response.headers.add(header.name, header.value) }
        return response
    }
}

/// The date of HTTP headers: `Fri, 20 Nov 2026 10:30:00 GMT`.
enum HTTPDay {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func text(_ seconds: Int) -> String {
        let moment = Instant(seconds: seconds)
        let (year, month, day) = moment.day.parts
        let clock = moment.description.suffix(8)
        return "\(days[moment.day.isoWeekday - 1]), \(day < 10 ? "0" : "")\(day) \(months[month - 1]) \(year) \(clock) GMT"
    }
}
