import JSON

/// What `baton doctor` found in one place.
struct Finding: Sendable {
    enum Grade: String, Sendable {
        case good, note, warning, bad
    }

    let grade: Grade
    /// What was looked at: `disk`, `audit trail`.
    let subject: String
    /// One sentence.
    let sentence: String
    /// What to do; empty when there is nothing.
    let remedy: String

    static func good(_ subject: String, _ sentence: String) -> Finding {
        Finding(grade: .good, subject: subject, sentence: sentence, remedy: "")
    }
    /// Something was left out, or is worth knowing.
    static func note(_ subject: String, _ sentence: String) -> Finding {
        Finding(grade: .note, subject: subject, sentence: sentence, remedy: "")
    }
    static func warning(_ subject: String, _ sentence: String, _ remedy: String) -> Finding {
        Finding(grade: .warning, subject: subject, sentence: sentence, remedy: remedy)
    }
    static func bad(_ subject: String, _ sentence: String, _ remedy: String) -> Finding {
        Finding(grade: .bad, subject: subject, sentence: sentence, remedy: remedy)
    }

    /// For people.
    var line: String {
        let mark = [Grade.good: "ok", .note: "note", .warning: "WARN", .bad: "BAD"][grade] ?? ""
        return "\(mark.padded(to: 4))  \(subject): \(sentence)" + (remedy.isEmpty ? "" : "\n      " + remedy)
    }

    /// For programs.
    var json: JSON {
        ["grade": .string(grade.rawValue), "subject": .string(subject), "sentence": .string(sentence), "remedy": .string(remedy)]
    }
}
