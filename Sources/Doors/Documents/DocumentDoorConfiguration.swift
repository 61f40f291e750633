/// How the door for documents behaves.
public struct DocumentDoorConfiguration: Sendable {
    /// The largest document, in bytes.
    public var documentBytes = 32 << 20
    /// The most pages of a document that are shown as pictures; further ones are in the original only.
    public var picturedPages = 50
    /// Dots per inch of the pictures.
    public var dotsPerInch = 110
    /// The folder to watch; nil for none.
    public var watchFolder: String?
    /// The login that acts for the watched folder; nil lets the machine act itself.
    public var folderLogin: String?
    /// Seconds between two looks at the folder and at documents that wait.
    public var pollSeconds = 1.0
    /// The key that marks forms, 16 to 64 bytes; nil makes one that lasts as long as the process.
    public var formKey: [UInt8]?
    /// Whether cookies are only sent over TLS, also when a proxy ends it.
    public var secureCookies = false
    /// The name at the top of the pages.
    public var place = "Baton"

    /// The usual configuration.
    public init() {}
}
