import Crypto
import HL7v2
import Kernel
import Referrals

/// OBX: texts for the reason, and documents that came inside the message.
struct ObservationReader {
    private static let fileLimit = 50
    private static let textLimit = 200

    let message: HL7Message

    /// - Throws: `mllp.bad_value` when an embedded document cannot be decoded, `mllp.too_many_documents`.
    func read() throws(HL7Error) -> (texts: [String], files: [ReferralData.File]) {
        var texts: [String] = []
        var files: [ReferralData.File] = []
        for (place, segment) in message.segments("OBX").enumerated() {
            if segment[2].value.uppercased() == "ED" {
                guard files.count < Self.fileLimit else { throw .tooManyDocuments(Self.fileLimit) }
                if let file = try file(segment, place) { files.append(file) }
            } else if texts.count < Self.textLimit {
                texts.append(text(segment))
            }
        }
        return (texts, files)
    }

    /// `HbA1c: 8.1 %`; a text observation is its text.
    private func text(_ segment: HL7Segment) -> String {
        let type = segment[2].value.uppercased()
        let values = segment[5].repetitions.map { repetition in
            ["CE", "CWE", "CNE"].contains(type) && !repetition[2].value.isEmpty ? repetition[2].value : repetition.value
        }
        let value = values.filter { !$0.isEmpty && $0 != HL7Message.null }.joined(separator: "\n")
        if value.isEmpty || ["RP", "RI"].contains(type) { return "" }
        let label = segment[3].first[2].value.isEmpty ? segment[3].value : segment[3].first[2].value
        let unit = segment[6].value.isEmpty ? "" : " " + segment[6].value
        return label.isEmpty ? value + unit : "\(label): \(value)\(unit)"
    }

    /// ED: source application, type of data, subtype, encoding, data.
    private func file(_ segment: HL7Segment, _ place: Int) throws(HL7Error) -> ReferralData.File? {
        let value = segment[5].first
        let data = value[5].value
        if data.isEmpty { return nil }
        let bytes: [UInt8]?
        switch value[4].value.uppercased() {
        case "BASE64": bytes = Base64.standard.decode(String(String.UnicodeScalarView(data.unicodeScalars.filter { $0.value > 0x20 })))
        case "HEX": bytes = Hex.decode(data)
        default: bytes = Array(data.utf8)
        }
        guard let bytes, !bytes.isEmpty else {
            throw .badValue("OBX", occurrence: place, 5, "the document in the encoding that component 4 names")
        }
        let media = MediaName(type: value[2].value, subtype: value[3].value)
        let identifier = segment[3].first
        let title = identifier[2].value.isEmpty ? identifier[1].value : identifier[2].value
        return ReferralData.File(
            name: (title.isEmpty ? "Document \(place + 1)" : title) + media.ending,
            kind: DocumentKinds.kind(code: identifier[1].value, title: title), mediaType: media.type, bytes: bytes)
    }
}

/// The media type of an embedded document, from table 0191 and 0291 or from MIME's own words.
struct MediaName {
    let type: String
    let ending: String

    init(type: String, subtype: String) {
        switch subtype.lowercased() {
        case "pdf", "application/pdf", "x-hl7-cda-level-one+pdf": (self.type, ending) = ("application/pdf", ".pdf")
        case "jpeg", "jpg", "image/jpeg": (self.type, ending) = ("image/jpeg", ".jpg")
        case "png", "image/png": (self.type, ending) = ("image/png", ".png")
        case "tiff", "tif", "image/tiff": (self.type, ending) = ("image/tiff", ".tiff")
        case "plain", "text", "text/plain": (self.type, ending) = ("text/plain", ".txt")
        case "rtf": (self.type, ending) = ("application/rtf", ".rtf")
        case "xml", "cda", "x-hl7-cda-level-one": (self.type, ending) = ("application/xml", ".xml")
        case "html": (self.type, ending) = ("text/html", ".html")
        default: (self.type, ending) = type.uppercased() == "TEXT" ? ("text/plain", ".txt") : ("application/octet-stream", "")
        }
    }
}

/// Which kind of document a code names, in the words of the completeness rules; empty when it is another one.
enum DocumentKinds {
    private static let codes = [
        "11524-6": "ecg", "34534-8": "ecg", "18748-4": "imaging", "18782-3": "imaging", "68604-8": "imaging", "11526-1": "pathology",
        "60567-5": "pathology",
    ]
    private static let words = [
        ("ecg", "ecg"), ("ekg", "ecg"), ("electrocardiogram", "ecg"), ("patholog", "pathology"), ("histolog", "pathology"),
        ("biopsy", "pathology"), ("imaging", "imaging"), ("radiolog", "imaging"), ("x-ray", "imaging"), ("mri", "imaging"),
        ("ultrasound", "imaging"),
    ]

    static func kind(code: String, title: String) -> String {
        if let known = codes[code] { return known }
        for text in [code.lowercased(), title.lowercased()] {
            let parts = text.split { !$0.isLetter && $0 != "-" }
            for (word, kind) in words where parts.contains(where: { $0 == word || (word.count > 5 && $0.hasPrefix(word)) }) { return kind }
        }
        return ""
    }
}

extension HL7Error {
    static func tooManyDocuments(_ limit: Int) -> HL7Error {
        .application(
            "mllp.too_many_documents", .internalError, "The message has more than \(limit) embedded documents.",
            "Send the rest with REF^I13.")
    }
}

extension HL7Time {
    /// The day, when it is known that precisely.
    func day(atLeast precision: Precision) -> Day? { self.precision >= precision ? Day(checking: year, month, day) : nil }

    /// A moment in UTC.
    init(_ instant: Instant) {
        let (year, month, day) = instant.day.parts
        let second = instant.secondOfDay
        self.init(year, month, day, second / 3_600, second / 60 % 60, second % 60, offsetMinutes: 0)
    }
}
