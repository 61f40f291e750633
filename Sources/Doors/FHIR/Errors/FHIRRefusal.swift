import FHIR
import JSON
import Kernel

/// Why a request was not carried out: an HTTP status and an OperationOutcome.
struct FHIRRefusal: Error, Sendable {
    let status: Int
    /// A stable dotted code.
    let code: String
    var problems: [FHIRProblem]
    var headers: [HeaderPair] = []

    struct HeaderPair: Sendable {
        let name: String
        let value: String
    }

    init(_ status: Int, _ code: String, _ issue: FHIRIssueType, _ message: String, at location: String = "") {
        self.init(status, code, [FHIRProblem(issue, message, at: location)])
    }

    init(_ status: Int, _ code: String, _ problems: [FHIRProblem]) {
        self.status = status
        self.code = code
        self.problems = problems
    }

    /// The OperationOutcome; each issue carries our stable code beside FHIR's.
    var outcome: FHIRResource {
        var resource = FHIROutcome(problems).resource
        let issues = (resource["issue"]?.arrayValue ?? []).map { issue -> JSON in
            guard case .object(var members) = issue, case .object(var details)? = members["details"] else { return issue }
            details.members.insert(
                JSONObject.Member(key: "coding", value: [FHIRData.coding(Systems.error, code)]), at: 0)
            members["details"] = .object(details)
            return .object(members)
        }
        resource["issue"] = .array(issues)
        return resource
    }

    /// The same with every place put below another, such as an entry of a Bundle.
    func below(_ place: String) -> FHIRRefusal {
        var moved = self
        moved.problems = problems.map { problem in
            var problem = problem
            problem.location = problem.location.isEmpty ? place : place + "." + problem.location.afterType
            return problem
        }
        return moved
    }

    /// What the kernel and the intake desk understand.
    var refusal: Refusal {
        let places = problems.map(\.location).filter { !$0.isEmpty }.prefix(5).joined(separator: ", ")
        let message = problems.first?.message ?? "The message could not be carried out."
        return Refusal(code, .validation, message, instruction: places.isEmpty ? "" : "Look at: \(places).")
    }
}

extension String {
    /// `Patient.name` without `Patient.`.
    fileprivate var afterType: String {
        guard let dot = firstIndex(of: "."), first?.isUppercase ?? false else { return self }
        return String(self[index(after: dot)...])
    }
}

extension FHIRRefusal {
    /// A refusal of the kernel in FHIR's words.
    init(_ refusal: Refusal) {
        let kind = FHIRRefusal.kind(of: refusal)
        self.init(kind.status, refusal.code, kind.issue, refusal.sentence + FHIRRefusal.actions(refusal))
        if let seconds = refusal.details["retry_after"]?.intValue {
            headers.append(HeaderPair(name: "Retry-After", value: String(seconds)))
        }
        if kind.status == 401 { headers += FHIRRefusal.challenges }
    }

    /// The actions that are possible instead, for programs that read diagnostics.
    private static func actions(_ refusal: Refusal) -> String {
        guard let names = refusal.details["actions"]?.listValue?.compactMap(\.textValue), !names.isEmpty else { return "" }
        return refusal.sentence.contains(names[0]) ? "" : " Possible now: \(names.joined(separator: ", "))."
    }

    private static func kind(of refusal: Refusal) -> (status: Int, issue: FHIRIssueType) {
        switch refusal.code {
        case "record.stale": return (412, .conflict)
        case "record.duplicate": return (409, .duplicate)
        case "login.throttled": return (429, .throttled)
        default: break
        }
        switch refusal.kind {
        case .invalid: return (400, .invalid)
        case .validation: return (422, .businessRule)
        case .userError: return (422, .processing)
        case .accessDenied: return (403, .forbidden)
        case .missing: return (404, .notFound)
        case .conflict: return (409, .conflict)
        case .limit: return (413, .tooCostly)
        case .unavailable: return (503, .transient)
        case .unauthenticated: return (401, .login)
        case .internalFault: return (500, .exception)
        }
    }

    static let challenges = [
        HeaderPair(name: "WWW-Authenticate", value: "Basic realm=\"Baton\", charset=\"UTF-8\""),
        HeaderPair(name: "WWW-Authenticate", value: "Bearer realm=\"Baton\""),
    ]

    static var unauthenticated: FHIRRefusal {
        var refusal = FHIRRefusal(
            401, "access.unauthenticated", .login, "Nobody is signed in. Send an API key as Bearer, or login and password as Basic.")
        refusal.headers = challenges
        return refusal
    }

    static func unknownType(_ type: String) -> FHIRRefusal {
        FHIRRefusal(
            404, "fhir.unknown_type", .notSupported, "This server has no resource type '\(type.shown)'. See /metadata for those it has.")
    }

    static func notFound(_ type: String, _ id: String) -> FHIRRefusal {
        FHIRRefusal(404, "fhir.not_found", .notFound, "There is no \(type)/\(id.shown), or it is out of your reach.")
    }

    static func notAllowed(_ what: String, allowed: [String]) -> FHIRRefusal {
        var refusal = FHIRRefusal(405, "fhir.not_allowed", .notSupported, what)
        refusal.headers = [HeaderPair(name: "Allow", value: allowed.joined(separator: ", "))]
        return refusal
    }

    static func invalid(_ message: String, at location: String = "") -> FHIRRefusal {
        FHIRRefusal(400, "fhir.invalid", .invalid, message, at: location)
    }

    /// The resource is correct FHIR, but cannot be taken as it is.
    static func unprocessable(_ code: String, _ issue: FHIRIssueType, _ message: String, at location: String) -> FHIRRefusal {
        FHIRRefusal(422, code, issue, message, at: location)
    }

    static func unknownReference(_ text: String, at location: String) -> FHIRRefusal {
        unprocessable(
            "fhir.unknown_reference", .notFound,
            "The reference '\(text.shown)' leads to nothing that you can reach. Send its target first.",
            at: location)
    }
}

extension String {
    /// A caller's text as an answer may repeat it: short, and without control characters.
    var shown: String { String(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(80).map(Character.init)) }
}

/// Names of our own code systems.
enum Systems {
    static let error = "urn:baton:error"
    static let recordNumber = "urn:baton:mrn"
    static let partner = "urn:baton:contact"
    static let referral = "urn:baton:referral"
    static let specialty = "urn:baton:specialty"
    static let stage = "urn:baton:referral-status"
    static let reason = "urn:baton:reason"
    static let documentKind = "urn:baton:document-kind"
    static let npi = "http://hl7.org/fhir/sid/us-npi"
    static let icd10 = "http://hl7.org/fhir/sid/icd-10-cm"
    static let cpt = "http://www.ama-assn.org/go/cpt"
    static let snomed = "http://snomed.info/sct"
    static let taxonomy = "http://nucc.org/provider-taxonomy"
    static let identifierType = "http://terminology.hl7.org/CodeSystem/v2-0203"
    static let subscriberRelationship = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"
    static let coverageClass = "http://terminology.hl7.org/CodeSystem/coverage-class"
    static let taskCode = "http://hl7.org/fhir/CodeSystem/task-code"
}
