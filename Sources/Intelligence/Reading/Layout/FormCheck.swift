import Kernel

/// Whether words begin with a value that has a form of its own: what tells a label without its colon from a word in a sentence.
struct FormCheck: Sendable {
    let dates: DateParser

    init(today: Day) { dates = DateParser(today: today) }

    /// The value at the beginning of words, for kinds of labels whose values have a form.
    func value(_ kind: LabelKind, _ words: [ReadWord]) -> ParsedValue? {
        switch kind {
        case .birthDate: dates.birth(words)
        case .date: dates.recent(words)
        case .phone, .officePhone: NumberParser.phone(words)
        case .npi: NumberParser.npi(words)
        case .zip: NumberParser.zip(words)
        case .member: NumberParser.member(words)
        case .diagnosis: CodeParser.diagnoses(words)
        case .procedure: CodeParser.procedures(words)
        case .sex: WordParser.sex(words)
        case .urgency: WordParser.urgency(words)
        default: nil
        }
    }

    /// Whether a value of the kind stands right at the beginning.
    func begins(_ kind: LabelKind, _ words: [ReadWord]) -> Bool {
        switch kind {
        case .address, .street: words.count >= 3 && words[0].text.first?.isNumber == true
        case .patient: words.count >= 2 && words.prefix(2).allSatisfy { $0.text.first?.isUppercase == true && $0.plain.count >= 2 }
        case .diagnosis, .procedure: value(kind, Array(words.prefix(2))) != nil
        default: value(kind, words)?.words?.lowerBound == 0
        }
    }
}
