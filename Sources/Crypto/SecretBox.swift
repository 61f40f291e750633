import CSodium

/// Bytes that open under one key only, for one purpose: XChaCha20-Poly1305.
///
/// Shape of what is sealed: 24 bytes of nonce, then the ciphertext with its 16 bytes of proof.
public struct SecretBox: Sendable {
    private let key: [UInt8]

    /// A box under a key.
    public init(_ key: Digest) { self.key = key.bytes }

    /// Seals bytes for a purpose; the same bytes look different each time.
    public func seal(_ bytes: [UInt8], for purpose: String) -> [UInt8] {
        Sodium.ready()
        let nonce = SystemRandomSource().bytes(crypto_aead_xchacha20poly1305_ietf_npubbytes())
        let context = Array(purpose.utf8)
        var sealed = [UInt8](repeating: 0, count: bytes.count + crypto_aead_xchacha20poly1305_ietf_abytes())
        var count: UInt64 = 0
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, &count, bytes, UInt64(bytes.count), context, UInt64(context.count), nil, nonce, key)
        return nonce + sealed.prefix(Int(count))
    }

    /// Opens what was sealed.
    /// - Throws: `crypto.not_sealed`, `crypto.forged`.
    public func open(_ sealed: [UInt8], for purpose: String) throws(CryptoError) -> [UInt8] {
        Sodium.ready()
        let nonceBytes = crypto_aead_xchacha20poly1305_ietf_npubbytes()
        guard sealed.count >= nonceBytes + crypto_aead_xchacha20poly1305_ietf_abytes() else { throw .notSealed() }
        let (nonce, body, context) = (Array(sealed[..<nonceBytes]), Array(sealed[nonceBytes...]), Array(purpose.utf8))
        var bytes = [UInt8](repeating: 0, count: body.count)
        var count: UInt64 = 0
        let outcome = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &bytes, &count, nil, body, UInt64(body.count), context, UInt64(context.count), nonce, key)
        guard outcome == 0 else { throw .forged() }
        return Array(bytes.prefix(Int(count)))
    }
}
