import Kernel
import Pages
import Reading

/// A document read with what was learned of its sender's form.
struct SenderReading: Sendable {
    let reading: DocumentReading
    /// Who sent it, by which forms and corrections are told apart: a caller's number or a mail address where the channel knows one, else the
    /// practice of the letterhead; empty where nobody can tell.
    let sender: String
    /// The title of the form of its first referral.
    let form: String

    /// The longest name of a sender, in characters.
    private static let senderLength = 120

    init(
        _ texts: [PageText], arrival: String, layouts: [LayoutDesk.Known], dictionaries: ReadingDictionaries, today: Day
    ) {
        let plain = DocumentReading(texts, dictionaries: dictionaries, today: today)
        let part = plain.parts.first { $0.kind == .referral }
        let sender = Self.sender(arrival, part)
        let title = texts.first { part?.pages.contains($0.page) ?? false }.map { FormTitle.of($0) } ?? ""
        let own = sender.isEmpty ? [] : layouts.filter { $0.sender == sender && FormTitle.areSame($0.form, title) }
        self.sender = sender
        form = own.first?.form ?? title
        let places = own.filter { $0.form == own.first?.form }.map(\.place)
        reading = places.isEmpty ? plain : DocumentReading(texts, dictionaries: dictionaries, today: today, learned: places)
    }

    private static func sender(_ arrival: String, _ part: DocumentReading.Part?) -> String {
        if arrival.contains("@") || arrival.hasPrefix("+") { return String(arrival.lowercased().prefix(senderLength)) }
        let practice = part?.findings.first { $0.field == .practice }
        return String((practice?.value ?? "").lowercased().prefix(senderLength))
    }
}
