import Crypto
import Kernel

/// The key of one sender and one receiver of webhooks.
///
/// Shape: `whsec_` and 24 to 64 bytes in Base64. Source: Standard Webhooks, “Signature scheme”.
public struct WebhookSecret: Sendable, Hashable {
    private static let prefix = "whsec_"
    /// Bytes that a key may have.
    public static let sizes = 24...64

    let key: [UInt8]

    /// Reads a key; nil when the text is none.
    public init?(_ text: String) {
        guard text.hasPrefix(WebhookSecret.prefix), let key = Base64.standard.decode(String(text.dropFirst(WebhookSecret.prefix.count))),
            WebhookSecret.sizes.contains(key.count)
        else { return nil }
        self.key = key
    }

    private init(key: [UInt8]) { self.key = key }

    /// A new key of 32 bytes.
    public static func random(_ source: some RandomSource = SystemRandomSource()) -> WebhookSecret { WebhookSecret(key: source.bytes(32)) }

    /// The key as it is handed to the other side, once.
    public var text: String { WebhookSecret.prefix + Base64.standard.encode(key) }
}

extension WebhookSecret: CustomStringConvertible {
    /// Never the key itself, wherever it might be printed.
    public var description: String { "whsec_…" }
}

/// Signing and checking webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature` over the exact bytes of the body.
///
/// Source: Standard Webhooks, https://www.standardwebhooks.com.
public enum StandardWebhook {
    /// Seconds that a receiver lets a message's time be off.
    public static let toleranceSeconds = 300
    /// Signatures of one header that are looked at.
    static let mostSignatures = 10

    /// Why a message is not believed.
    public enum Doubt: String, Error, Sendable {
        /// A header is missing or has not its form.
        case malformed
        /// It is too old, or from the future.
        case untimely
        /// No signature fits.
        case forged
    }

    /// The signature header for a message: one signature for each key, so that a receiver may change its key in between.
    public static func signature(id: String, seconds: Int, body: [UInt8], secrets: [WebhookSecret]) -> String {
        secrets.map { "v1," + Base64.standard.encode(code(id, String(seconds), body, $0)) }.joined(separator: " ")
    }

    /// Checks a message that came in.
    ///
    /// - Parameters:
    ///   - secrets: Keys that are accepted; two while one is being replaced.
    ///   - now: When it came.
    public static func check(
        id: String?, timestamp: String?, signature: String?, body: [UInt8], secrets: [WebhookSecret], now: Instant
    ) throws(Doubt) {
        guard let id, (1...256).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ".") }),
            let timestamp, let seconds = Int(timestamp), String(seconds) == timestamp, seconds >= 0, let signature
        else { throw .malformed }
        guard abs(now.seconds - seconds) <= toleranceSeconds else { throw .untimely }
        let expected = secrets.map { code(id, timestamp, body, $0) }
        var isTrue = false
        for part in signature.split(separator: " ").prefix(mostSignatures) where part.hasPrefix("v1,") {
            guard let given = Base64.standard.decode(String(part.dropFirst(3))) else { continue }
            for code in expected where ConstantTime.equal(given, code) { isTrue = true }
        }
        guard isTrue else { throw .forged }
    }

    private static func code(_ id: String, _ timestamp: String, _ body: [UInt8], _ secret: WebhookSecret) -> [UInt8] {
        HMACSHA256.authenticate(Array("\(id).\(timestamp).".utf8) + body, key: secret.key).bytes
    }
}
