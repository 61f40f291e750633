import Foundation

/// The address of a receiver of webhooks, checked as far as it can be without looking anything up.
public struct WebhookTarget: Sendable, Hashable {
    /// The most bytes of an address.
    public static let limit = 2_000

    /// Why a text is no address for webhooks.
    public struct Fault: Error, Sendable, Hashable {
        /// One sentence.
        public let reason: String
    }

    /// As it is called.
    public let url: String
    /// The receiver's name.
    public let host: String
    /// Whether it is reached over TLS.
    public let isEncrypted: Bool

    /// Reads an address.
    public init(_ text: String) throws(Fault) {
        guard text.utf8.count <= WebhookTarget.limit, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
        else { throw Fault(reason: "The address of a webhook begins with https:// and names a host.") }
        guard parts.user == nil, parts.password == nil else {
            throw Fault(reason: "The address of a webhook holds no user and no password; the signature shows who sends.")
        }
        guard parts.fragment == nil else { throw Fault(reason: "The address of a webhook holds no fragment (#).") }
        url = text
        self.host = host
        isEncrypted = scheme == "https"
    }
}
