import CSodium

/// Seals a long text piece by piece: pieces cannot be changed, left out, repeated or moved, and a missing end is noticed.
///
/// Source: libsodium, `crypto_secretstream_xchacha20poly1305`.
public struct SealingStream {
    /// Bytes that each piece grows by.
    public static let overhead = Int(crypto_secretstream_xchacha20poly1305_abytes())
    /// Bytes of a key.
    public static let keyBytes = Int(crypto_secretstream_xchacha20poly1305_keybytes())

    private var state = crypto_secretstream_xchacha20poly1305_state()
    /// What the opener needs besides the key; no secret.
    public let header: [UInt8]

    /// Begins a stream under a key of 32 bytes.
    /// - Throws: `crypto.bad_key`.
    public init(key: [UInt8]) throws(CryptoError) {
        Sodium.ready()
        guard key.count == Self.keyBytes else { throw .badKey("key of a stream", expected: "\(Self.keyBytes)", found: key.count) }
        var header = [UInt8](repeating: 0, count: Int(crypto_secretstream_xchacha20poly1305_headerbytes()))
        crypto_secretstream_xchacha20poly1305_init_push(&state, &header, key)
        self.header = header
    }

    /// Seals the next piece; `context` is authenticated with it and must be the same when it is opened.
    public mutating func seal(_ piece: [UInt8], isLast: Bool, context: [UInt8] = []) -> [UInt8] {
        let tag = isLast ? crypto_secretstream_xchacha20poly1305_tag_final() : crypto_secretstream_xchacha20poly1305_tag_message()
        var sealed = [UInt8](repeating: 0, count: piece.count + Self.overhead)
        crypto_secretstream_xchacha20poly1305_push(
            &state, &sealed, nil, piece, UInt64(piece.count), context, UInt64(context.count), UInt8(tag))
        return sealed
    }
}

/// Opens what a `SealingStream` sealed, in the same order.
public struct OpeningStream {
    /// Bytes of a stream's header.
    public static let headerBytes = Int(crypto_secretstream_xchacha20poly1305_headerbytes())

    private var state = crypto_secretstream_xchacha20poly1305_state()

    /// Begins to open under a key; a wrong key shows at the first piece.
    /// - Throws: `crypto.bad_key`.
    public init(key: [UInt8], header: [UInt8]) throws(CryptoError) {
        Sodium.ready()
        guard key.count == SealingStream.keyBytes else {
            throw .badKey("key of a stream", expected: "\(SealingStream.keyBytes)", found: key.count)
        }
        guard header.count == Self.headerBytes, crypto_secretstream_xchacha20poly1305_init_pull(&state, header, key) == 0 else {
            throw .badKey("header of a stream", expected: "\(Self.headerBytes)", found: header.count)
        }
    }

    /// Opens the next piece.
    /// - Throws: `crypto.forged` when it is not the piece that was sealed at this place under this key.
    public mutating func open(_ sealed: [UInt8], context: [UInt8] = []) throws(CryptoError) -> (piece: [UInt8], isLast: Bool) {
        guard sealed.count >= SealingStream.overhead else { throw .forged() }
        var piece = [UInt8](repeating: 0, count: sealed.count - SealingStream.overhead)
        var tag: UInt8 = 0
        let outcome = crypto_secretstream_xchacha20poly1305_pull(
            &state, &piece, nil, &tag, sealed, UInt64(sealed.count), context, UInt64(context.count))
        guard outcome == 0 else { throw .forged() }
        return (piece, tag == UInt8(crypto_secretstream_xchacha20poly1305_tag_final()))
    }
}

extension PasswordHash {
    /// Bytes of a salt.
    public static let saltBytes = Int(crypto_pwhash_SALTBYTES)

    /// A key of 32 bytes from a passphrase, by Argon2id.
    /// - Throws: `crypto.password_too_long`, `crypto.out_of_memory`, `crypto.bad_key` when the salt has the wrong length.
    public static func key(from passphrase: String, salt: [UInt8], cost: Cost) throws(CryptoError) -> [UInt8] {
        Sodium.ready()
        let secret = passphrase.utf8.map { CChar(bitPattern: $0) }
        guard secret.count <= longestPassword else { throw .passwordTooLong(limit: longestPassword) }
        guard salt.count == saltBytes else { throw .badKey("salt", expected: "\(saltBytes)", found: salt.count) }
        var key = [UInt8](repeating: 0, count: SealingStream.keyBytes)
        let outcome = crypto_pwhash(
            &key, UInt64(key.count), secret, UInt64(secret.count), salt, UInt64(cost.passes), cost.memoryBytes, crypto_pwhash_ALG_ARGON2ID13
        )
        guard outcome == 0 else { throw .outOfMemory() }
        return key
    }
}
