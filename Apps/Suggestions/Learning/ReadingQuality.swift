import Kernel
import Reading

/// How good the reading is, by what people made of it: counts and shares for fields, senders and forms.
enum ReadingQuality {
    /// The most suggestions that are counted, the newest first.
    static let limit = 20_000
    private static let daysLimit = 3_660
    private static let keys = ["field", "sender", "form"]

    /// What people made of the values of one group.
    private struct Counts {
        var exact = 0, corrected = 0, rejected = 0, absent = 0, missed = 0, waiting = 0, unseen = 0, sure = 0, sureExact = 0

        mutating func add(_ suggestion: Record<Suggestion>) {
            // What a policy accepted was looked at by nobody: it says nothing of how good the reading is.
            if !suggestion.acceptedUnder.isEmpty {
                unseen += 1
                return
            }
            switch suggestion.state ?? .proposed {
            case .proposed: waiting += 1
            case .accepted: exact += 1
            case .corrected: corrected += 1
            case .rejected: rejected += 1
            case .absent: absent += 1
            case .missed: missed += 1
            }
            guard suggestion.standing == .sure, let state = suggestion.state, state != .proposed else { return }
            sure += 1
            if state == .accepted { sureExact += 1 }
        }

        var values: ValueMap {
            [
                "exact": .int(exact), "corrected": .int(corrected), "rejected": .int(rejected), "absent": .int(absent),
                "missed": .int(missed), "waiting": .int(waiting), "unseen": .int(unseen), "sure": .int(sure), "sure_exact": .int(sureExact),
                "precision": share(exact, of: exact + corrected + rejected + absent),
                "recall": share(exact, of: exact + corrected + missed),
            ]
        }

        private func share(_ part: Int, of all: Int) -> Value {
            all == 0 ? .null : .double((Double(part) / Double(all) * 1_000).rounded() / 1_000)
        }
    }

    /// `quality(by, days)`: a row for each group that the caller may see.
    static func rows(_ env: Environment, _ arguments: ValueMap) throws -> Value {
        let asked = (arguments["by"]?.listValue ?? [.text("field")]).compactMap(\.textValue)
        guard !asked.isEmpty, asked.allSatisfy(keys.contains) else {
            throw Refusal.badValue("by", in: Suggestion.name, expected: "a list of: \(keys.joined(separator: ", "))")
        }
        let days = arguments["days"]?.intValue ?? 90
        guard (1...daysLimit).contains(days) else {
            throw Refusal.badValue("days", in: Suggestion.name, expected: "a number from 1 to \(daysLimit)")
        }
        let recent = Domain.where("create_date", .greaterOrEqual, .instant(env.now - days * 86_400))
        let found = try env.search(Suggestion.self, recent, order: "id desc", limit: limit)
        var groups: [[String]: Counts] = [:]
        for suggestion in found {
            groups[try asked.map { try suggestion.value($0).textValue ?? "" }, default: Counts()].add(suggestion)
        }
        let rows = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { names, counts in
            var row = counts.values
            for (key, name) in zip(asked, names) { row[key] = .text(name) }
            return Value.map(row)
        }
        return ["rows": .list(rows), "complete": .bool(found.count < limit)]
    }
}
