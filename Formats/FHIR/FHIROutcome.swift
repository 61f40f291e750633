import JSON

/// Builds the OperationOutcome that answers a request.
public struct FHIROutcome: Sendable, Hashable {
    /// What it reports, worst first as given.
    public var problems: [FHIRProblem]

    /// An outcome that reports these problems; none at all becomes one piece of information, “All OK”.
    public init(_ problems: [FHIRProblem]) { self.problems = problems }

    /// An outcome of one problem.
    public init(_ code: FHIRIssueType, _ message: String, at location: String = "", severity: FHIRSeverity = .error) {
        self.init([FHIRProblem(code, message, at: location, severity: severity)])
    }

    /// Whether any problem is an error.
    public var hasErrors: Bool { problems.contains(where: \.isError) }

    /// The OperationOutcome.
    public var resource: FHIRResource { FHIRResource(type: "OperationOutcome", ["issue": .array(issues)]) }

    /// The OperationOutcome as JSON.
    public var json: JSON { resource.json }

    private var issues: [JSON] {
        let shown = problems.isEmpty ? [FHIRProblem(.informational, "All OK", severity: .information)] : problems
        return shown.map { problem in
            FHIRData.object([
                ("severity", .string(problem.severity.rawValue)), ("code", .string(problem.code.rawValue)),
                ("details", FHIRData.object([("text", .string(problem.message))])),
                ("diagnostics", .string(problem.message)),
                ("expression", .array(problem.location.isEmpty ? [] : [.string(problem.location)])),
            ])
        }
    }
}
