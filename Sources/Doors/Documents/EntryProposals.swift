import HTMLPages
import Kernel
import Suggestions

/// What the machine read, in the answers and beside the questions of the entry form.
struct EntryProposals: Sendable {
    /// From here on a value is filled in; below it is only told.
    private static let filledFrom = 0.5

    let list: [SuggestionDesk.Proposal]

    /// The answers that the form begins with.
    var answers: [String: String] {
        var answers = EntryForm.blank
        for proposal in list where proposal.confidence >= Self.filledFrom { answers[proposal.field] = proposal.value }
        return answers
    }

    /// The question with a word about what was read for it; the person decides.
    func marked(_ field: FormField) -> FormField {
        guard let proposal = list.first(where: { $0.field == field.name }) else { return field }
        let sure = "page \(proposal.page), \(Int((proposal.confidence * 100).rounded(.down))) % sure"
        var field = field
        let note =
            proposal.confidence >= Self.filledFrom
            ? "Read by the machine: \(sure)" : "Perhaps “\(proposal.value)”: read by the machine, \(sure)"
        field.hint = field.hint.isEmpty ? note : "\(field.hint). \(note)"
        return field
    }

    /// What was entered, in the form in which values are read, to be held against them.
    static func entered(_ values: [String: String]) -> [String: String] {
        var entered = values
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
