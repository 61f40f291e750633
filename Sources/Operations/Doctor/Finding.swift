import JSON

/// What `baton doctor` found in one place.
package struct Finding: Sendable {
    package enum Grade: String, Sendable {
        case good, note, warning, bad
    }

    package let grade: Grade
    /// What was looked at: `disk`, `audit trail`.
    package let subject: String
    /// One sentence.
    package let sentence: String
    /// What to do; empty when there is nothing.
    package let remedy: String

    package static func good(_ subject: String, _ sentence: String) -> Finding {
        Finding(grade: .good, subject: subject, sentence: sentence, remedy: "")
    }
    /// Something was left out, or is worth knowing.
    package static func note(_ subject: String, _ sentence: String) -> Finding {
        Finding(grade: .note, subject: subject, sentence: sentence, remedy: "")
    }
    package static func warning(_ subject: String, _ sentence: String, _ remedy: String) -> Finding {
        Finding(grade: .warning, subject: subject, sentence: sentence, remedy: remedy)
    }
    package static func bad(_ subject: String, _ sentence: String, _ remedy: String) -> Finding {
        Finding(grade: .bad, subject: subject, sentence: sentence, remedy: remedy)
    }

    /// For people.
    package var line: String {
        let mark = [Grade.good: "ok", .note: "note", .warning: "WARN", .bad: "BAD"][grade] ?? ""
        return "\(mark.padded(to: 4))  \(subject): \(sentence)" + (remedy.isEmpty ? "" : "\n      " + remedy)
    }

    /// For programs.
    package var json: JSON {
        ["grade": .string(grade.rawValue), "subject": .string(subject), "sentence": .string(sentence), "remedy": .string(remedy)]
    }
}
