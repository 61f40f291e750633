import Kernel

/// What a message says about a referral, whatever notation it came in: doors fill it, the app understands it.
public struct ReferralData: Sendable {
    /// What the message wants.
    public enum Intent: String, Sendable { case new, update, cancel }

    /// A fact that a sender may take back; what a message is silent about stays as it is.
    public enum Fact: String, Sendable, CaseIterable {
        case urgency, specialty, requestedService, reasonText, diagnosisCodes, procedureCodes, referrer, practice, coverage
    }

    /// A person or organisation as a message names it.
    public struct Party: Sendable {
        /// The name that the sender gave.
        public var name = ""
        /// A national number such as an NPI, or the payer's id.
        public var number = ""
        /// A phone number.
        public var phone = ""
        /// An e-mail address.
        public var email = ""
        /// Whether it is an organisation rather than a person.
        public var isOrganization = false

        /// A party without anything known.
        public init() {}

        /// Whether there are none.
        public var isEmpty: Bool { name.isEmpty && number.isEmpty }
    }

    /// A file that came with the message.
    public struct File: Sendable {
        /// The name that the sender gave.
        public var name: String
        /// The kind that completeness rules ask for, such as `ecg`; empty when the message does not say.
        public var kind: String
        /// The media type that the sender gave.
        public var mediaType: String
        /// The content.
        public var bytes: [UInt8]

        /// A file.
        public init(name: String, kind: String, mediaType: String, bytes: [UInt8]) {
            self.name = name
            self.kind = kind
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    /// Records that the sender names by our own ids; they win over what is said of them in words.
    ///
    /// The door has made sure that the sender may see them.
    public struct Known: Sendable {
        /// `care.patient`.
        public var patient: Int?
        /// `care.coverage`.
        public var coverage: Int?
        /// `res.partner`, a person.
        public var referrer: Int?
        /// `res.partner`, an organisation.
        public var practice: Int?
        /// `res.partner`, an organisation.
        public var payer: Int?
        /// The referral that is updated or cancelled; without it, the sender's own number tells.
        public var referral: Int?

        /// Nothing known.
        public init() {}
    }

    /// What the message wants.
    public var intent = Intent.new
    /// Who and what is named by our own ids.
    public var known = Known()
    /// The referral's number at the sender.
    public var externalId = ""
    /// `care.patient` values by field name; `identifiers` is a list of `{system, value}`.
    public var patient = ValueMap()
    /// Who pays.
    public var payer = Party()
    /// `care.coverage` values by field name, without patient and payer.
    public var coverage = ValueMap()
    /// The practitioner who refers.
    public var referrer = Party()
    /// The practice that refers.
    public var practice = Party()
    /// A code of the catalogue, or a name.
    public var specialty = ""
    /// What else the message calls the specialty, tried when the catalogue does not know the first.
    public var specialtyNames: [String] = []
    /// How soon; nil when the message does not say: a new referral is then routine, a known one stays as it is.
    public var urgency: Urgency?
    /// What is asked for, in words.
    public var requestedService = ""
    /// Why, in words.
    public var reasonText = ""
    /// Whether a known referral keeps its reason and gets these words beneath it.
    public var addsToReason = false
    /// What the sender expressly takes back.
    public var removed: Set<Fact> = []
    /// ICD-10 codes.
    public var diagnosisCodes: [String] = []
    /// CPT codes.
    public var procedureCodes: [String] = []
    /// The payer's permission, when there is one already.
    public var authorizationNumber = ""
    /// Documents that came along.
    public var files: [File] = []

    /// Data without anything known.
    public init() {}
}
