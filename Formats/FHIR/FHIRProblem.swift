/// One thing that is wrong, or noteworthy, about a resource or a request.
///
/// It becomes one `issue` of an OperationOutcome.
public struct FHIRProblem: Error, Sendable, Hashable {
    /// How bad the problem is, in FHIR's words.
    public var severity: FHIRSeverity
    /// Which kind of problem it is, in FHIR's words.
    public var code: FHIRIssueType
    /// A sentence that says what is wrong and what to do; it may name codes and types but quotes no other content.
    public var message: String
    /// Where it lies, as simple FHIRPath: `ServiceRequest.subject`, `Patient.name[0].given[1]`; empty for the whole request.
    public var location: String

    /// A problem from its parts.
    public init(_ code: FHIRIssueType, _ message: String, at location: String = "", severity: FHIRSeverity = .error) {
        self.severity = severity
        self.code = code
        self.message = message
        self.location = location
    }

    /// Whether the resource must be refused.
    public var isError: Bool { severity == .error || severity == .fatal }
}

/// The value set `issue-severity` of FHIR R4.
public enum FHIRSeverity: String, Sendable, Hashable, CaseIterable {
    case fatal, error, warning, information
}

/// The value set `issue-type` of FHIR R4.
public enum FHIRIssueType: String, Sendable, Hashable, CaseIterable {
    case invalid, structure, required, value, invariant
    case security, login, unknown, expired, forbidden, suppressed
    case processing
    case notSupported = "not-supported"
    case duplicate
    case multipleMatches = "multiple-matches"
    case notFound = "not-found"
    case deleted
    case tooLong = "too-long"
    case codeInvalid = "code-invalid"
    case `extension`
    case tooCostly = "too-costly"
    case businessRule = "business-rule"
    case conflict
    case transient
    case lockError = "lock-error"
    case noStore = "no-store"
    case exception, timeout, incomplete, throttled
    case informational
}

extension FHIRProblem: CustomStringConvertible {
    /// The parts in one line, for a test or a log.
    public var description: String {
        location.isEmpty
            ? "\(severity.rawValue) \(code.rawValue): \(message)" : "\(severity.rawValue) \(code.rawValue) \(location): \(message)"
    }
}
