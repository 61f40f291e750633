/// How the portal for referring practices behaves.
public struct PortalConfiguration: Sendable {
    /// The login of the user that the portal acts as; it needs the group `referrals.group_integration`.
    public var login = "portal"
    /// The name at the top of the pages.
    public var place = "Referrals"
    /// Sites that may be chosen, by id; empty for all of the user's. One site is not asked for.
    public var sites: [Int] = []
    /// The most documents of one referral.
    public var fileCount = 5
    /// The largest document, in bytes.
    public var fileBytes = 10 << 20
    /// The most bytes of all documents of one referral.
    public var filesBytes = 20 << 20
    /// How long answers that were not sent are kept in memory, in seconds.
    public var draftSeconds = 2 * 3_600
    /// The most referrals that are being filled in at one time, and the bytes of their documents.
    public var draftCount = 1_000
    /// Bytes of all drafts together.
    public var draftBytes = 256 << 20
    /// Forms that one address may send at once, and the seconds for one more.
    public var formBurst = 60
    /// Seconds after which one more form is allowed.
    public var formSecondsEach = 10.0
    /// Looks at the status page that one address may take at once, and the seconds for one more.
    public var statusBurst = 60
    /// Seconds after which one more status page is allowed.
    public var statusSecondsEach = 2.0
    /// The key that marks forms, 16 to 64 bytes; nil makes one that lasts as long as the process.
    public var formKey: [UInt8]?
    /// Whether cookies are only sent over TLS, also when a proxy ends it.
    public var secureCookies = false

    /// The usual configuration.
    public init() {}
}
