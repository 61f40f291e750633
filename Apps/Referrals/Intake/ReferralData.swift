import Kernel

/// What a message says about a referral, whatever notation it came in: doors fill it, the app understands it.
public struct ReferralData: Sendable {
    /// What the message wants.
    public enum Intent: String, Sendable { case new, update, cancel }

    /// A person or organisation as a message names it.
    public struct Party: Sendable {
        public var name = ""
        /// A national number such as an NPI, or the payer's id.
        public var number = ""
        public var phone = ""
        public var email = ""
        public var isOrganization = false

        /// A party without anything known.
        public init() {}

        public var isEmpty: Bool { name.isEmpty && number.isEmpty }
    }

    /// A file that came with the message.
    public struct File: Sendable {
        public var name: String
        /// The kind that completeness rules ask for, such as `ecg`; empty when the message does not say.
        public var kind: String
        public var mediaType: String
        public var bytes: [UInt8]

        /// A file.
        public init(name: String, kind: String, mediaType: String, bytes: [UInt8]) {
            self.name = name
            self.kind = kind
            self.mediaType = mediaType
            self.bytes = bytes
        }
    }

    public var intent = Intent.new
    /// The referral's number at the sender.
    public var externalId = ""
    /// `care.patient` values by field name; `identifiers` is a list of `{system, value}`.
    public var patient = ValueMap()
    public var payer = Party()
    /// `care.coverage` values by field name, without patient and payer.
    public var coverage = ValueMap()
    public var referrer = Party()
    public var practice = Party()
    /// A code of the catalogue, or a name.
    public var specialty = ""
    public var urgency = Urgency.routine
    public var requestedService = ""
    public var reasonText = ""
    public var diagnosisCodes: [String] = []
    public var procedureCodes: [String] = []
    public var authorizationNumber = ""
    public var files: [File] = []

    /// Data without anything known.
    public init() {}
}
