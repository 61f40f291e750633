import JSON

/// Checks resources against the structure that FHIR R4 gives its types.
///
/// Checked are names, cardinality, types, choices, formats of primitives, extensions beside primitives, codes of
/// required bindings, the types that literal references name, contained resources, Bundle entries, and what FHIR's JSON
/// form forbids: nulls, empty objects, arrays and strings. Not checked: profiles, extensible bindings, and FHIRPath rules
/// except some (see `FHIRConstraint`). Safe to use from any thread.
public struct FHIRValidator: Sendable {
    /// A validator for R4 with the default limits.
    public static let shared = FHIRValidator()

    private let definitions: FHIRDefinitions
    private let limits: FHIRLimits

    /// A validator with definitions and limits of your own.
    public init(definitions: FHIRDefinitions = .shared, limits: FHIRLimits = .default) {
        self.definitions = definitions
        self.limits = limits
    }

    /// Checks a resource.
    ///
    /// - Parameters:
    ///   - json: The resource; numbers parsed as literals or not.
    ///   - type: The resource type that must stand here, or nil for any.
    /// - Returns: The problems in the order found, at most `limits.maxProblems`; empty when all is well.
    public func check(_ json: JSON, expecting type: String? = nil) -> [FHIRProblem] {
        var check = FHIRCheck(definitions: definitions, limits: limits)
        check.resource(json, expecting: type)
        return check.problems
    }

    /// Checks a value of a data type, for example the `Money` of a form.
    ///
    /// - Parameter type: A complex type such as `Identifier`; an unknown one is a problem of its own.
    public func check(_ json: JSON, dataType type: String) -> [FHIRProblem] {
        var check = FHIRCheck(definitions: definitions, limits: limits)
        check.dataType(json, type)
        return check.problems
    }
}
