import CSodium

/// HMAC with SHA-256: shows that bytes come from somebody who knows the key.
///
/// Used for webhook signatures and the like, where the notation prescribes it; prefer ``KeyedHash`` between our own
/// parts. Source: RFC 2104, FIPS 198-1.
public enum HMACSHA256 {
    /// The authentication code of `message`.
    /// - Parameter key: Any length; 32 random bytes are right.
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> Digest {
        Sodium.ready()
        var state = crypto_auth_hmacsha256_state()
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        return Digest { place in crypto_auth_hmacsha256_final(&state, place) }
    }

    /// Whether `code` is the authentication code of `message`; takes the same time whatever differs.
    public static func verify(_ code: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
        ConstantTime.equal(code, authenticate(message, key: key).bytes)
    }
}
