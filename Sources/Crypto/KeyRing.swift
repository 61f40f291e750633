import CSodium

/// Keys under which texts are kept secret: the first one seals, all of them open.
///
/// Shape of a sealed text: `sealed:<key id>:<nonce and ciphertext in Base64>`, XChaCha20-Poly1305; the purpose is authenticated with it,
/// so that a text that was sealed for one place opens at no other. Shape of the ring's text: a line `<id> <64 hex digits>` for each key.
public struct KeyRing: Sendable {
    /// The most keys of a ring.
    public static let limit = 100
    private static let prefix = "sealed:"
    private static let keyBytes = 32
    private static let idBytes = 4

    private struct Key: Sendable {
        let id: String
        let bytes: [UInt8]
    }
    private let keys: [Key]

    /// A ring with one fresh key.
    public init(_ source: some RandomSource = SystemRandomSource()) { keys = [KeyRing.fresh(source)] }

    /// Reads a ring; nil when the text is none.
    public init?(_ text: String) {
        var keys: [Key] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let id = Hex.decode(String(parts[0])), id.count == KeyRing.idBytes,
                let bytes = Hex.decode(String(parts[1])), bytes.count == KeyRing.keyBytes, !keys.contains(where: { $0.id == parts[0] })
            else { return nil }
            keys.append(Key(id: String(parts[0]), bytes: bytes))
        }
        guard (1...KeyRing.limit).contains(keys.count) else { return nil }
        self.keys = keys
    }

    private init(keys: [Key]) { self.keys = keys }

    private static func fresh(_ source: some RandomSource) -> Key {
        Key(id: Hex.encode(source.bytes(idBytes)), bytes: source.bytes(keyBytes))
    }

    /// The ring as it is kept in a file that nobody else reads.
    public var text: String { keys.map { $0.id + " " + Hex.encode($0.bytes) + "\n" }.joined() }

    /// The ids of the keys, the one that seals first.
    public var ids: [String] { keys.map(\.id) }

    /// A ring that seals under a fresh key and opens what was sealed before.
    public func rotated(_ source: some RandomSource = SystemRandomSource()) -> KeyRing {
        KeyRing(keys: [KeyRing.fresh(source)] + keys.prefix(KeyRing.limit - 1))
    }

    /// A ring with nothing but the key that seals: what was sealed under others stays closed.
    public var newestOnly: KeyRing { KeyRing(keys: Array(keys.prefix(1))) }

    /// A key for another purpose, made from the newest one: whoever has the ring has it, too, and nobody else.
    public func derived(for purpose: String) -> Digest {
        var key = [UInt8](repeating: 0, count: Digest.byteCount)
        let label = Array("baton.derived.".utf8) + Array(purpose.utf8)
        let outcome = crypto_generichash(&key, key.count, label, UInt64(label.count), keys[0].bytes, keys[0].bytes.count)
        precondition(outcome == 0, "BLAKE2b refused lengths that are fixed.")
        return Digest(filling: { place in for (index, byte) in key.enumerated() { place[index] = byte } })
    }

    /// Seals a text for a purpose; the same text looks different each time.
    public func seal(_ text: String, for purpose: String) -> String {
        Sodium.ready()
        let key = keys[0]
        let nonce = SystemRandomSource().bytes(crypto_aead_xchacha20poly1305_ietf_npubbytes())
        let (message, context) = (Array(text.utf8), Array(purpose.utf8))
        var sealed = [UInt8](repeating: 0, count: message.count + crypto_aead_xchacha20poly1305_ietf_abytes())
        var count: UInt64 = 0
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, &count, message, UInt64(message.count), context, UInt64(context.count), nil, nonce, key.bytes)
        return KeyRing.prefix + key.id + ":" + Base64.standard.encode(nonce + sealed.prefix(Int(count)))
    }

    /// Opens a sealed text.
    /// - Throws: `crypto.not_sealed`, `crypto.key_missing`, `crypto.forged`.
    public func open(_ sealed: String, for purpose: String) throws(CryptoError) -> String {
        Sodium.ready()
        let parts = sealed.split(separator: ":", omittingEmptySubsequences: false)
        let nonceBytes = crypto_aead_xchacha20poly1305_ietf_npubbytes()
        guard KeyRing.isSealed(sealed), parts.count == 3, let bytes = Base64.standard.decode(String(parts[2])),
            bytes.count >= nonceBytes + crypto_aead_xchacha20poly1305_ietf_abytes()
        else { throw .notSealed() }
        guard let key = keys.first(where: { $0.id == parts[1] }) else { throw .keyMissing(String(parts[1].prefix(16))) }
        let (nonce, body, context) = (Array(bytes[..<nonceBytes]), Array(bytes[nonceBytes...]), Array(purpose.utf8))
        var text = [UInt8](repeating: 0, count: body.count)
        var count: UInt64 = 0
        let outcome = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &text, &count, nil, body, UInt64(body.count), context, UInt64(context.count), nonce, key.bytes)
        guard outcome == 0 else { throw .forged() }
        return String(decoding: text.prefix(Int(count)), as: UTF8.self)
    }

    /// Whether a text is a sealed one.
    public static func isSealed(_ text: String) -> Bool { text.hasPrefix(prefix) }

    /// Whether a text was sealed under the key that seals now.
    public func isCurrent(_ text: String) -> Bool { text.hasPrefix(KeyRing.prefix + keys[0].id + ":") }
}

extension KeyRing: CustomStringConvertible {
    /// Never the keys, wherever it might be printed.
    public var description: String { "keys " + ids.joined(separator: ", ") }
}
