import HL7v2
import Kernel
import Referrals

/// REF^I12, I13 and I14 as what the referrals app understands.
struct ReferralReader {
    private static let textLimit = 20_000
    private static let codeLimit = 100

    let message: HL7Message
    let sender: String

    /// - Throws: `mllp.segment_missing`, `mllp.value_missing`, `mllp.bad_value`.
    func read() throws(HL7Error) -> ReferralData {
        var data = ReferralData()
        data.intent = message.event == "I14" ? .cancel : message.event == "I13" ? .update : .new
        data.externalId = try Self.externalId(message, isNeeded: data.intent != .new)
        if let segment = message[segment: "PID", 0] {
            data.patient = try PatientReader(segment: segment, sender: sender).read(deletes: false)
        } else if data.intent == .new {
            throw .noSegment("PID", "patient")
        }
        data.urgency = urgency()
        let specialties = SpecialtyReader(message: message).read()
        data.specialty = specialties.first ?? ""
        data.specialtyNames = Array(specialties.dropFirst())
        data.requestedService = requestedService()
        data.diagnosisCodes = codes("DG1-3.1")
        data.procedureCodes = codes("PR1-3.1")
        data.authorizationNumber = message.all("AUT-6.1").first { $0 != HL7Message.null } ?? ""
        data.referrer = ProviderReader(message: message).referrer()
        data.practice = ProviderReader(message: message).practice()
        InsuranceReader(message: message).read(into: &data)
        let observations = try ObservationReader(message: message).read()
        data.files = observations.files
        data.reasonText = String(reasons(observations.texts).joined(separator: "\n").prefix(Self.textLimit))
        // Who gives the reason (RF1-10) tells it whole; a message without it adds notes and findings to what is known.
        data.addsToReason = message.field("RF1-10").isEmpty
        data.removed = Removals(message: message).read()
        return data
    }

    /// The referral's number at the sender: RF1-6, else the placer's order number.
    static func externalId(_ message: HL7Message, isNeeded: Bool) throws(HL7Error) -> String {
        let number = message["RF1-6.1"] ?? message["OBR-2.1"] ?? message["ORC-2.1"] ?? ""
        guard isNeeded, number.isEmpty || number == HL7Message.null else { return number == HL7Message.null ? "" : number }
        throw .missing("RF1", 6, "number of the referral at the sender")
    }

    /// Table 0280, and the words that senders use instead; nothing where the message is silent.
    private func urgency() -> Urgency? {
        switch (message["RF1-2.1"] ?? message["OBR-27(0).6"] ?? message["OBR-5"] ?? "").uppercased() {
        case "S", "STAT", "E", "EMERGENCY", "EM": .stat
        case "A", "ASAP", "U", "UR", "URGENT", "P": .urgent
        case "", HL7Message.null: nil
        default: .routine
        }
    }

    private func requestedService() -> String {
        for path: HL7Path in ["OBR-4", "PR1-3", "RF1-3"] {
            let field = message.field(path).first
            let text = field[2].value.isEmpty ? field[1].value : field[2].value
            if !text.isEmpty, text != HL7Message.null { return String(text.prefix(500)) }
        }
        return ""
    }

    private func codes(_ path: HL7Path) -> [String] {
        var seen: Set<String> = []
        return Array(message.all(path).filter { $0 != HL7Message.null && seen.insert($0).inserted }.prefix(Self.codeLimit))
    }

    private func reasons(_ observed: [String]) -> [String] {
        let reason = message.field("RF1-10").first
        let coded = reason[2].value.isEmpty ? reason[1].value : reason[2].value
        let diagnoses = message.segments("DG1").map { segment in
            let text = segment[4].value.isEmpty ? segment[3].first[2].value : segment[4].value
            return text.isEmpty ? "" : [segment[3].first[1].value, text].filter { !$0.isEmpty }.joined(separator: " ")
        }
        let notes = message.segments("NTE").flatMap { $0[3].repetitions.map(\.value) }
        var seen: Set<String> = []
        return ([coded] + diagnoses + notes + observed).map(FormattedText.plain).filter {
            !$0.isEmpty && $0 != HL7Message.null && seen.insert($0).inserted
        }
    }
}

/// HL7's formatted text: its commands as line breaks.
enum FormattedText {
    static func plain(_ text: String) -> String {
        var plain = text
        for command in [#"\.br\"#, #"\.sp\"#, #"\.nf\"#, #"\.fi\"#, #"\.in\"#, #"\.ce\"#] { plain = plain.replacing(command, with: "\n") }
        while let last = plain.last, last.isWhitespace { plain.removeLast() }
        return plain
    }
}
