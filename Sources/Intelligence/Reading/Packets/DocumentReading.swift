import Kernel
import Pages

/// What was read from a packet: its parts, and what each referral says.
public struct DocumentReading: Codable, Hashable, Sendable {
    /// Pages that belong together.
    public struct Part: Codable, Hashable, Sendable {
        /// What they are.
        public let kind: PageKind
        /// How sure that is, 0 to 1.
        public let kindConfidence: Double
        /// Their numbers.
        public internal(set) var pages: [Int]
        /// Which patient's they are, counted from 1 in this packet; 0 when that is not known.
        public internal(set) var patient: Int
        /// What a referral says; empty for anything else.
        public internal(set) var findings: [Finding]
    }

    /// The version of the rules; it is kept with every suggestion.
    public static let version = "rules-2"

    /// The parts in the order of their pages.
    public let parts: [Part]
    /// How many patients the packet speaks of, as far as can be told.
    public let patientCount: Int
    /// Whether a person must say which pages belong together.
    public let isUnsure: Bool
    /// Pages that the fax says it has and that did not come.
    public let missingPages: Int

    /// Reads a packet.
    /// - Parameters:
    ///   - pages: What stands on its pages, in order.
    ///   - dictionaries: What the organisation knows.
    ///   - today: The day, to tell birth dates from other days.
    ///   - learned: Where the sender's form has its values, as people's corrections say.
    public init(_ pages: [PageText], dictionaries: ReadingDictionaries, today: Day, learned: [LearnedPlace] = []) {
        let check = FormCheck(today: today)
        let labelled = pages.map { LabelledPage($0, check) }
        let sheets = labelled.map { ReadSheet($0, dictionaries, today: today, learned: learned) }
        let packet = Packet(sheets)
        parts = packet.parts
        patientCount = packet.patientCount
        isUnsure = packet.isUnsure
        missingPages = PagesTold.missing(zip(pages, sheets).map { ($0, $1.kind == .cover) })
    }
}

/// One page with what it is and what it says.
struct ReadSheet: Sendable {
    let page: LabelledPage
    let kind: PageKind
    let kindConfidence: Double
    let candidates: [Candidate]
    let person: PersonSeen

    init(_ page: LabelledPage, _ dictionaries: ReadingDictionaries, today: Day, learned: [LearnedPlace] = []) {
        self.page = page
        (kind, kindConfidence) = PageClassifier.kind(of: page)
        let found = kind == .blank ? [] : FieldReader(page, dictionaries, today: today).candidates
        candidates = found + (kind == .referral ? LearnedReader.candidates(page, learned, dictionaries, today: today) : [])
        person = PersonSeen(candidates)
    }
}

/// Whom a page speaks of, as far as it says.
struct PersonSeen: Hashable, Sendable {
    var family = "", given = "", born = ""

    init(_ candidates: [Candidate]) {
        func best(_ field: ReadingField) -> String { candidates.filter { $0.field == field }.max { $0.score < $1.score }?.value ?? "" }
        family = PlainText.of(best(.familyName))
        given = PlainText.of(best(.givenName))
        born = best(.birthDate)
    }

    var isKnown: Bool { !family.isEmpty || !born.isEmpty }

    /// True or false where names and birth dates tell; nil where they do not.
    func isSame(as other: PersonSeen) -> Bool? {
        let isBornAlike = born.isEmpty || other.born.isEmpty ? nil : born == other.born
        let isNamedAlike: Bool? =
            family.isEmpty || other.family.isEmpty ? nil : PersonSeen.alike(family, other.family) && PersonSeen.alike(given, other.given)
        switch (isNamedAlike, isBornAlike) {
        case (true?, true?), (true?, nil), (nil, true?): return true
        case (false?, false?), (nil, false?): return false
        // Names agree and days do not, or reversely: a letter or a digit may be wrong, or they are twins or namesakes.
        case (true?, false?), (false?, true?), (false?, nil): return isNamedAlike == false && isBornAlike == nil ? false : nil
        case (nil, nil): return nil
        }
    }

    private static func alike(_ one: String, _ other: String) -> Bool {
        if one.isEmpty || other.isEmpty { return true }
        return Likeness.distance(one, other, limit: max(1, min(one.count, other.count) / 4)) != nil
    }
}
