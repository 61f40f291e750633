import Decisions
import FEEL
import Governance
import Kernel

/// A decision with what made it.
public struct Decision: Sendable, Hashable {
    /// What the table answered, and why.
    public let outcome: DecisionOutcome
    /// What the audit trail calls the version: `decision:referrals.routing@3`; `shipped` at the end where no version is in force.
    public let cause: String

    /// The value of an output: of the one answer, or of the first one of a list; null when there is none.
    public subscript(_ output: String) -> Value { outcome[output].fieldValue }

    /// All answers by the outputs' names.
    public var answers: [[String: Value]] { outcome.answers.map { $0.mapValues(\.fieldValue) } }
}

/// Asking the decision tables in force; what other apps call.
public enum DecisionTables {
    /// How many compiled tables are kept at hand for one database.
    static let keptLimit = 500

    /// Asks the table of a key.
    ///
    /// - Parameters:
    ///   - key: The definition's key: `referrals.routing`.
    ///   - inputs: The inputs by name, as fields hold them.
    ///   - company: For which company; its own version goes before everybody's. The environment's when nil.
    ///   - moment: At which moment; now when nil.
    ///   - shipped: The table that the program brings along, asked where no version is in force.
    /// - Throws: `decision.not_in_force`, and what `CompiledTable.evaluate` throws.
    public static func evaluate(
        _ key: String, _ inputs: ValueMap, in env: Environment, company: Int? = nil, at moment: Instant? = nil,
        shipped: CompiledTable? = nil
    ) throws -> Decision {
        let (compiled, cause) = try table(key, in: env, company: company, at: moment, shipped: shipped)
        return Decision(outcome: try compiled.evaluate(told: inputs), cause: cause)
    }

    /// The table in force, compiled once for each version, and what the audit trail calls it.
    ///
    /// - Throws: `decision.not_in_force`.
    public static func table(
        _ key: String, in env: Environment, company: Int? = nil, at moment: Instant? = nil, shipped: CompiledTable? = nil
    ) throws -> (CompiledTable, cause: String) {
        let company = company ?? env.companyId
        guard let version = try Definitions.inForce(DecisionKind.kind, key, company: company, at: moment, in: env) else {
            guard let shipped else { throw Refusal.noTable(key) }
            return (shipped, "\(DecisionKind.kind):\(key)@shipped")
        }
        let kept = try env.remembered("decisions.compiled", from: Definitions.models) { _ in KeptTables() }
        return (try kept.table(version), version.cause)
    }
}

extension CompiledTable {
    /// Answers an app, which may tell more than a version asks for that was written before it did.
    public func evaluate(told inputs: ValueMap) throws -> DecisionOutcome {
        var known = inputs
        known.entries.removeAll { entry in !table.inputs.contains { $0.name == entry.name } }
        return try evaluate(fields: known)
    }
}

/// Compiled versions of one database; a version never changes once it is released.
final class KeptTables: Sendable {
    private let tables = Locked<[Int: CompiledTable]>([:])

    func table(_ version: ReleasedVersion) throws -> CompiledTable {
        if let known = tables.withLock({ $0[version.id] }) { return known }
        do throws(DecisionProblems) {
            let compiled = try CompiledTable(try DecisionTable(key: version.key, content: version.content))
            tables.withLock { tables in
                if tables.count >= DecisionTables.keptLimit { tables.removeAll() }
                tables[version.id] = compiled
            }
            return compiled
        } catch { throw error.refusal }
    }
}

extension Refusal {
    static func noTable(_ key: String) -> Refusal {
        Refusal(
            "decision.not_in_force", .missing, "No decision table '\(key.prefix(100))' is in force here.",
            instruction: "Release a version of it, or ask for another one.")
    }

    static func dmn(_ code: String, _ what: String, line: Int) -> Refusal {
        Refusal(code, .validation, "\(what) (line \(line))", instruction: "Correct the text and send it again.")
    }
}
