import JSON
import Kernel
import Reading

/// What may be believed of what was read, and what may go on by itself: one released version of a policy.
///
/// Shape: `docs/reference/reading.md`, "Policy". Shares and thresholds are numbers from 0 to 1.
public struct ReadingPolicy: Sendable, Hashable {
    /// How sure the machine must be of one field.
    struct Threshold: Sendable, Hashable {
        /// From here on a value counts as sure.
        var sure = 0.95
        /// From here on a value is filled in; below it is only told.
        var shown = 0.5
    }

    /// What holds for pages of one kind.
    struct Part: Sendable, Hashable {
        var goesOn = false
        /// How sure it must be that the pages are of this kind.
        var sure = 0.9
        /// Fields without which nothing goes on.
        var needed: [String] = []
        var usual = Threshold()
        var fields: [String: Threshold] = [:]
    }

    /// From which score on a record is the one that a document means.
    struct MatchLimits: Sendable, Hashable {
        var certain = 0.9
        var possible = 0.6
        /// Whether somebody whom no record is like may become a new record without a person.
        var mayBeNew = false
    }

    /// What is made of people's corrections.
    struct Layouts: Sendable, Hashable {
        var isUsed = true
        /// How many corrections must agree.
        var after = 3
        /// Layouts that are not used, by the names that the learned layouts have.
        var without: [String] = []
    }

    /// What the trail calls it: `reading:documents@3`.
    let cause: String
    let parts: [String: Part]
    let matches: [MatchSubject: MatchLimits]
    let layouts: Layouts

    /// How sure a value of a field is under this policy.
    func standing(of field: String, confidence: Double, kind: String) -> Suggestion.Standing {
        let limits = threshold(of: field, kind: kind)
        if confidence >= limits.sure { return .sure }
        return confidence >= limits.shown ? .shown : .doubtful
    }

    func threshold(of field: String, kind: String) -> Threshold {
        let part = parts[kind] ?? Part()
        return part.fields[field] ?? part.usual
    }

    func limits(of subject: MatchSubject) -> MatchLimits { matches[subject] ?? MatchLimits() }
}

/// What was read of a packet, as a policy judges it.
struct ReadingCase: Sendable, Hashable {
    var kind = "referral"
    var kindConfidence = 0.0
    /// Parts that ask for something, and patients of whom the packet speaks.
    var requests = 1
    var patients = 1
    var isUnsure = false
    /// The confidence of each field that was found.
    var confidences: [String: Double] = [:]
    var matches: [MatchSubject: MatchLevel] = [:]
}

extension ReadingPolicy {
    /// What keeps a case from going on by itself, in words without anybody's data; empty when nothing does.
    func obstacles(to given: ReadingCase) -> [String] {
        guard let part = parts[given.kind], part.goesOn else { return ["The policy lets nothing of this kind go on by itself."] }
        var list: [String] = []
        if given.isUnsure || given.patients != 1 { list.append("It is not sure whom the pages are about.") }
        if given.requests != 1 { list.append("The packet does not ask for exactly one thing.") }
        if given.kindConfidence < part.sure { list.append("It is not sure what the pages are.") }
        for field in part.needed where given.confidences[field] == nil { list.append("Missing: \(field).") }
        for (field, confidence) in given.confidences.sorted(by: { $0.key < $1.key })
        where confidence < threshold(of: field, kind: given.kind).sure {
            list.append("Not sure enough: \(field).")
        }
        for subject in MatchSubject.allCases {
            switch given.matches[subject] ?? .absent {
            case .certain, .absent: break
            case .possible: list.append("The \(subject.rawValue) may be one on record; a person decides.")
            case .none where limits(of: subject).mayBeNew: break
            case .none: list.append("The \(subject.rawValue) is not on record.")
            }
        }
        return list
    }
}

/// Whom or what records are looked for; the raw values are stored.
public enum MatchSubject: String, SelectionValue {
    case patient, practice, payer
}

/// How surely a record is the one that a document means; the raw values are stored.
public enum MatchLevel: String, SelectionValue {
    case certain, possible
    /// Records were looked at and none is like it.
    case none
    /// The document names nobody.
    case absent
}
