import HTMLPages
import Kernel
import Suggestions

/// What the machine read, in the answers and beside the questions of the entry form.
struct EntryProposals: Sendable {
    let list: [SuggestionDesk.Proposal]
    var matches: [MatchDesk.Choice] = []

    /// The answers that the form begins with.
    var answers: [String: String] {
        var answers = EntryForm.blank
        for proposal in list where proposal.isShown { answers[proposal.field] = proposal.value }
        // A practice or payer that is certain is marked already; whose the document is, a person says.
        for match in matches where match.state == .chosen || (match.state == .open && match.isCertain && match.subject != .patient) {
            answers[Self.name(match.subject)] = String(match.id)
        }
        return answers
    }

    /// The question with a word about what was read for it; the person decides.
    func marked(_ field: FormField) -> FormField {
        guard let proposal = list.first(where: { $0.field == field.name }) else { return field }
        if proposal.isDecided { return field }
        let sure = "page \(proposal.page), \(Int((proposal.confidence * 100).rounded(.down))) % sure"
        var field = field
        let note =
            proposal.isShown
            ? "Read by the machine: \(sure)" : "Perhaps “\(proposal.value)”: read by the machine, \(sure)"
        field.hint = field.hint.isEmpty ? note : "\(field.hint). \(note)"
        return field
    }

    // MARK: - Records that may be meant

    /// The answer that none of the records is meant.
    static let noneOfThem = "none"

    private static func title(_ subject: MatchSubject) -> String {
        subject.rawValue.prefix(1).uppercased() + subject.rawValue.dropFirst() + " on record"
    }

    static func name(_ subject: MatchSubject) -> String { "\(subject.rawValue)_match" }

    /// Questions about the records that may be meant; a patient is chosen by a person only.
    var questions: [FormField] {
        MatchSubject.allCases.compactMap { subject in
            let own = matches.filter { $0.subject == subject }
            guard !own.isEmpty else { return nil }
            let choices = own.map { match in
                let sure = "\(match.isCertain ? "surely" : "perhaps"), \(Int((match.score * 100).rounded(.down))) %"
                return FormField.Choice(String(match.id), "\(match.name) (\(sure): \(match.reasons))")
            }
            return FormField(
                Self.name(subject), Self.title(subject), hint: "Compare with the pages, and choose which record is meant",
                kind: .radios(choices + [.init(Self.noneOfThem, "None of them")]), isRequired: true)
        }
    }

    /// What people have said of the records that may be meant, as the form's answers: the chosen one, none of them, or nothing yet.
    var said: [String: String] {
        var answers: [String: String] = [:]
        for (subject, own) in Dictionary(grouping: matches, by: \.subject) {
            let chosen = own.first { $0.state == .chosen }.map { String($0.id) }
            answers[Self.name(subject)] = chosen ?? (own.allSatisfy { $0.state == .refused } ? Self.noneOfThem : "")
        }
        return answers
    }

    /// Keeps what the form says of the records that may be meant.
    func settle(_ values: [String: String], of document: Int, in env: Environment) throws {
        for subject in MatchSubject.allCases where matches.contains(where: { $0.subject == subject }) {
            try MatchDesk.settle(document, subject, chosen: Int(values[Self.name(subject)] ?? ""), in: env)
        }
    }

    /// What was entered, in the form in which values are read, to be held against them.
    static func entered(_ values: [String: String]) -> [String: String] {
        var entered = values
        for subject in MatchSubject.allCases { entered[name(subject)] = nil }
        if let text = values["birth_date"], let day = TypedDate.read(text) { entered["birth_date"] = day.description }
        for name in ["phone", "referrer_npi"] { if let text = values[name] { entered[name] = number(text) } }
        return entered
    }

    /// Ten digits where there are ten, with or without a country's 1; anything else stays as it was typed.
    private static func number(_ text: String) -> String {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        if digits.count == 11, digits.hasPrefix("1") { return String(digits.dropFirst()) }
        return digits.count == 10 ? digits : text
    }
}
