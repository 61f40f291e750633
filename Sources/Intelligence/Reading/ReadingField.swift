/// What is looked for in a referral; the names are those of the entry form and are stored.
public enum ReadingField: String, Codable, Hashable, Sendable, CaseIterable {
    /// The patient's family name.
    case familyName = "family_name"
    /// The patient's given names.
    case givenName = "given_name"
    /// The patient's birth date, as `yyyy-mm-dd`.
    case birthDate = "birth_date"
    /// The patient's sex, as FHIR codes it.
    case sex
    /// The patient's phone number: ten digits.
    case phone
    /// Street and number of the patient's address.
    case street
    /// The patient's town.
    case city
    /// The patient's ZIP code.
    case zip
    /// Who pays.
    case payer
    /// The patient's number at the payer.
    case memberNumber = "member_number"
    /// Who refers.
    case referrerName = "referrer_name"
    /// Where they practise.
    case practice
    /// Their national number, ten digits of which the last is a check digit.
    case referrerNPI = "referrer_npi"
    /// The code of the specialty that is asked.
    case specialty
    /// What is asked for.
    case requestedService = "requested_service"
    /// How soon: `routine`, `urgent` or `stat`.
    case urgency
    /// Why.
    case reason
    /// ICD-10 codes, separated by comma and space.
    case diagnosisCodes = "diagnosis_codes"
    /// CPT codes, separated by comma and space.
    case procedureCodes = "procedure_codes"
    /// The day on which the referral was written, as `yyyy-mm-dd`.
    case referralDate = "referral_date"
}

/// What was read for one field, and why it is believed.
public struct Finding: Codable, Hashable, Sendable {
    /// The field.
    public let field: ReadingField
    /// The value in the form of the field.
    public let value: String
    /// The estimated probability that it is right, 0 to 1.
    public var confidence: Double
    /// The page on which it stands, counted from 1.
    public let page: Int
    /// Where it stands, in shares of the page's width and height as it is shown.
    public let box: PageBoxShare
    /// What found it: a way and a check, such as `label.right+luhn`.
    public let rule: String
    /// What the confidence was computed from.
    public let evidence: Evidence
}

/// What speaks for a value; kept with it, so that its confidence can be explained and computed anew.
public struct Evidence: Codable, Hashable, Sendable {
    /// How much the way by which it was found is trusted, 0 to 1.
    public let trust: Double
    /// How well it fits the form of its field, 0 to 1; less when signs were mended.
    public let fit: Double
    /// How sure the recogniser was of its letters, 0 to 1.
    public let letters: Double
    /// How sure the recogniser was of the whole page, 0 to 1.
    public let clarity: Double
    /// Whether it stands elsewhere in the same part too.
    public let isRepeated: Bool
    /// How much speaks for the best other value, as a share of what speaks for this one; 0 when there is none.
    public let rival: Double
}

/// A rectangle in shares of a page, 0 to 1.
public struct PageBoxShare: Codable, Hashable, Sendable {
    /// Its left side.
    public let left: Double
    /// Its upper side.
    public let top: Double
    /// Its right side.
    public let right: Double
    /// Its lower side.
    public let bottom: Double

    /// A rectangle by its sides.
    public init(left: Double, top: Double, right: Double, bottom: Double) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }
}

/// What an organisation knows already, to recognise it on a page: names from its own records.
public struct ReadingDictionaries: Sendable {
    /// One name with the value that stands for it.
    public struct Entry: Sendable {
        /// The name as people write it.
        public let name: String
        /// What is kept: a code, or the name itself.
        public let value: String

        /// A name with its value.
        public init(_ name: String, value: String? = nil) {
            self.name = name
            self.value = value ?? name
        }
    }

    /// Specialties by name and synonym; the value is the code.
    public var specialties: [Entry] = []
    /// Payers.
    public var payers: [Entry] = []
    /// Practices that refer.
    public var practices: [Entry] = []

    /// The most entries of a list that are compared.
    public static let entryLimit = 5_000

    /// Nothing known.
    public init() {}
}
