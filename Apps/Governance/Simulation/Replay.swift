import JSON
import Kernel

/// Something that really happened: one record that was made or written, as the audit trail keeps it.
public struct PastEvent: Sendable {
    /// What happened to the record.
    public enum Kind: String, Sendable { case create, write }

    /// Its number in the trail.
    public let sequence: Int
    /// When it happened.
    public let moment: Instant
    /// What happened to the record.
    public let kind: Kind
    /// The record's model.
    public let model: String
    /// The record's id.
    public let id: Int
    /// Who did it.
    public let userId: Int
    /// The values that were given, by field.
    public let new: ValueMap
    /// What stood there before a write, by field; empty when it was made.
    public let old: ValueMap
}

/// What a definition would have answered to an event.
public struct ReplayAnswer: Sendable, Hashable {
    /// What it comes to, in a form that can be compared: the outputs of a table, whether a rule fires.
    public let outcome: JSON
    /// Contradictions that it met: rules that both apply, actions that undo each other.
    public let conflicts: [String]

    /// An answer.
    public init(_ outcome: JSON, conflicts: [String] = []) {
        self.outcome = outcome
        self.conflicts = conflicts
    }
}

/// A kind of definition whose drafts can be held against what really happened.
public protocol ReplayableKind: DefinitionKind {
    /// The models whose events matter to this content.
    func models(of content: JSON, in env: Environment) throws -> Set<String>
    /// What a content would have answered to an event; nil when the event does not concern it. What it does to records is undone.
    func answer(_ content: JSON, to event: PastEvent, in env: Environment) throws -> ReplayAnswer?
}

/// What would have happened differently.
struct ReplayReport: Sendable {
    /// The most examples of one sort.
    static let exampleLimit = 20

    /// An event to which both contents answered differently.
    struct Example: Sendable {
        let model: String
        let id: Int
        let moment: Instant
        let before: JSON?
        let after: JSON?
    }

    var events = 0
    var concerned = 0
    var changed = 0
    var conflicts: [String: Int] = [:]
    var failures: [String: Int] = [:]
    var examples: [Example] = []
    /// Seconds that the draft took for the events that concerned it, and those of the version in force.
    var seconds = (before: 0.0, after: 0.0)
    var isComplete = true

    mutating func add(_ event: PastEvent, before: ReplayAnswer?, after: ReplayAnswer?) {
        events += 1
        if before != nil || after != nil { concerned += 1 }
        for conflict in after?.conflicts ?? [] where conflicts.count < ReplayReport.exampleLimit || conflicts[conflict] != nil {
            conflicts[conflict, default: 0] += 1
        }
        guard before?.outcome != after?.outcome else { return }
        changed += 1
        guard examples.count < ReplayReport.exampleLimit else { return }
        examples.append(
            Example(model: event.model, id: event.id, moment: event.moment, before: before?.outcome, after: after?.outcome))
    }

    mutating func add(_ other: ReplayReport) {
        events += other.events
        concerned += other.concerned
        changed += other.changed
        conflicts.merge(other.conflicts, uniquingKeysWith: +)
        failures.merge(other.failures, uniquingKeysWith: +)
        examples = Array((examples + other.examples).prefix(ReplayReport.exampleLimit))
        seconds = (seconds.before + other.seconds.before, seconds.after + other.seconds.after)
    }

    func json(days: Int, against: String?) -> JSON {
        func counts(_ map: [String: Int]) -> JSON {
            .array(map.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { ["what": .string($0.key), "count": JSON($0.value)] })
        }
        let each = max(concerned, 1)
        return [
            "days": JSON(days), "against": against.map { .string($0) } ?? .null, "events": JSON(events), "concerned": JSON(concerned),
            "changed": JSON(changed), "conflicts": counts(conflicts), "failures": counts(failures), "complete": .bool(isComplete),
            "examples": .array(examples.map(\.json)),
            "microseconds": [
                "in_force": JSON(Int(seconds.before * 1_000_000) / each), "draft": JSON(Int(seconds.after * 1_000_000) / each),
            ],
        ]
    }
}

extension ReplayReport.Example {
    var json: JSON {
        [
            "model": .string(model), "id": JSON(id), "moment": .string(moment.description), "before": before ?? .null,
            "after": after ?? .null,
        ]
    }
}
