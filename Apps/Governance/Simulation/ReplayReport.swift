import JSON
import Kernel

/// What would have happened differently.
struct ReplayReport: Sendable {
    /// The most examples, and the most sorts of conflicts and refusals that are named.
    static let exampleLimit = 20

    /// An event to which both versions answered differently.
    struct Example: Sendable {
        let model: String
        let id: Int
        let moment: Instant
        let before: JSON?
        let after: JSON?
    }

    /// How an event went.
    struct Answers: Sendable {
        var before: ReplayAnswer?
        var after: ReplayAnswer?
        /// Seconds that the version in force and the draft took.
        var seconds = (before: 0.0, after: 0.0)
        /// The longest that nobody else could write meanwhile.
        var held = 0.0
        /// Whether the record is gone by now.
        var isGone = false
        /// The record that the event is about, where it is another one than was changed.
        var subject: Subject?
    }

    /// A record that an event is about.
    struct Subject: Sendable {
        let model: String
        let id: Int
    }

    var events = 0
    var concerned = 0
    var changed = 0
    var gone = 0
    var changedRecords: Set<String> = []
    var conflicts: [String: Int] = [:]
    var failures: [String: Int] = [:]
    var examples: [Example] = []
    var seconds = (before: 0.0, after: 0.0)
    var held = (total: 0.0, longest: 0.0)
    var isComplete = true

    mutating func add(_ event: PastEvent, _ answers: Answers) {
        seconds = (seconds.before + answers.seconds.before, seconds.after + answers.seconds.after)
        held = (held.total + answers.seconds.before + answers.seconds.after, max(held.longest, answers.held))
        if answers.isGone {
            gone += 1
            return
        }
        if answers.before != nil || answers.after != nil { concerned += 1 }
        for conflict in answers.after?.conflicts ?? [] { ReplayReport.count(conflict, in: &conflicts) }
        if let code = answers.after?.outcome["refused"]?.stringValue { ReplayReport.count(code, in: &failures) }
        guard answers.before?.outcome != answers.after?.outcome else { return }
        changed += 1
        let (model, id) = (answers.subject?.model ?? event.model, answers.subject?.id ?? event.id)
        changedRecords.insert("\(model),\(id)")
        guard examples.count < ReplayReport.exampleLimit else { return }
        examples.append(
            Example(
                model: model, id: id, moment: event.moment, before: answers.before?.outcome, after: answers.after?.outcome))
    }

    private static func count(_ what: String, in counts: inout [String: Int]) {
        if counts.count < exampleLimit || counts[what] != nil { counts[what, default: 0] += 1 }
    }

    func json(days: Int, against: String?) -> JSON {
        func counts(_ map: [String: Int]) -> JSON {
            .array(map.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { ["what": .string($0.key), "count": JSON($0.value)] })
        }
        let each = max(concerned, 1)
        return [
            "days": JSON(days), "against": against.map { .string($0) } ?? .null, "events": JSON(events), "concerned": JSON(concerned),
            "changed": JSON(changed), "changed_records": JSON(changedRecords.count), "gone": JSON(gone), "conflicts": counts(conflicts),
            "failures": counts(failures), "complete": .bool(isComplete), "examples": .array(examples.map(\.json)),
            "microseconds": [
                "in_force": JSON(Int(seconds.before * 1_000_000) / each), "draft": JSON(Int(seconds.after * 1_000_000) / each),
            ],
            "writer_milliseconds": ["total": JSON(Int(held.total * 1_000)), "longest": JSON(Int(held.longest * 1_000))],
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
