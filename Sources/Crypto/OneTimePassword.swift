/// Passwords that hold for half a minute: what an app on a phone shows beside a name.
///
/// Six digits, a step of 30 seconds, HMAC with SHA-1, as every such app takes for granted. Source: RFC 6238, RFC 4226.
public struct OneTimePassword: Sendable {
    /// Bytes of a new key; RFC 4226 recommends 160 bits.
    public static let keyLength = 20
    /// How long one code holds.
    public static let stepSeconds = 30
    /// Digits of a code.
    public static let digits = 6

    private let key: [UInt8]

    /// The codes of a key.
    public init(key: [UInt8]) { self.key = key }

    /// The number of the step that a time falls into.
    ///
    /// - Parameter seconds: Since 1970, not negative.
    public static func step(at seconds: Int) -> Int { max(0, seconds) / stepSeconds }

    /// The code of a step: six digits, zeros in front included.
    public func code(step: Int) -> String {
        let counter = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: step >> $0) }
        let hash = HMACSHA1.authenticate(counter, key: key)
        let offset = Int(hash[hash.count - 1] & 0x0f)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: OneTimePassword.digits - text.count) + text
    }

    /// The step that a code belongs to, at most one away from now and later than the last one used; nil when it is wrong or was used.
    ///
    /// Takes the same time for every wrong code.
    public func step(of code: String, at seconds: Int, after last: Int) -> Int? {
        let now = OneTimePassword.step(at: seconds)
        var found: Int?
        for step in [now - 1, now, now + 1] where step >= 0 {
            let isEqual = ConstantTime.equal(code, self.code(step: step))
            if isEqual, step > last { found = step }
        }
        return found
    }

    /// What a phone reads from a picture: `otpauth://totp/…`.
    public func address(account: String, issuer: String) -> String {
        let (account, issuer) = (OneTimePassword.escaped(account), OneTimePassword.escaped(issuer))
        return "otpauth://totp/\(issuer):\(account)?secret=\(Base32.encode(key))&issuer=\(issuer)&algorithm=SHA1&digits=6&period=30"
    }

    private static func escaped(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return text.utf8.map { byte in
            plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte]).uppercased()
        }.joined()
    }
}

/// Base 32: bytes as letters and digits that nobody confuses when typing. Source: RFC 4648, without the signs at the end.
public enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The text of bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var (bits, count) = (0, 0)
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xffff
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[bits >> count & 31])
            }
        }
        if count > 0 { text.append(alphabet[bits << (5 - count) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, whose case and spaces do not matter; nil when it holds something else.
    public static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for letter in text.uppercased().utf8 where letter != 0x20 && letter != 0x3d {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            bits = (bits << 5 | value) & 0xffff
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> count & 0xff))
            }
        }
        return bytes
    }
}
