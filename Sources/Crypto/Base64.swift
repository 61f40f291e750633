/// Base64 text of bytes, in the two notations that the world uses; decoding is strict.
///
/// One value has exactly one text: wrong padding, spaces, line ends, the other alphabet and stray bits at the end are
/// all refused, so that two texts can never stand for the same token. Source: RFC 4648, sections 4 and 5.
public enum Base64: Sendable {
    /// `+` and `/`, padded with `=` (MIME, HTTP Basic, Standard Webhooks).
    case standard
    /// `-` and `_`, without padding (tokens, JWT, WebAuthn).
    case urlSafe

    /// The text of some bytes.
    public func encode(_ bytes: [UInt8]) -> String {
        let groups = (bytes.count + 2) / 3
        let alphabet = self == .standard ? Self.standardAlphabet : Self.urlSafeAlphabet
        return String(unsafeUninitializedCapacity: groups * 4) { place in
            bytes.withUnsafeBufferPointer { bytes in
                alphabet.withUnsafeBufferPointer { write(bytes, to: place, alphabet: $0) }
            }
        }
    }

    /// The bytes of a text; nil when the text is not exactly what ``encode(_:)`` writes.
    public func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode($0) }
    }

    /// The bytes of a text given as bytes; nil when they are not exactly what ``encode(_:)`` writes.
    public func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var count = text.count
        if self == .standard {
            guard count.isMultiple(of: 4) else { return nil }
            for _ in 0..<2 where count > 0 && text[count - 1] == Self.padding { count -= 1 }
        }
        guard count % 4 != 1 else { return nil }
        let values = self == .standard ? Self.standardValues : Self.urlSafeValues
        return values.withUnsafeBufferPointer { read(text, count: count, values: $0) }
    }

    private func write(
        _ bytes: UnsafeBufferPointer<UInt8>, to place: UnsafeMutableBufferPointer<UInt8>, alphabet: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var at = 0, from = 0
        while from + 2 < bytes.count {
            let bits = Int(bytes[from]) << 16 | Int(bytes[from + 1]) << 8 | Int(bytes[from + 2])
            place[at] = alphabet[bits >> 18]
            place[at + 1] = alphabet[bits >> 12 & 63]
            place[at + 2] = alphabet[bits >> 6 & 63]
            place[at + 3] = alphabet[bits & 63]
            (at, from) = (at + 4, from + 3)
        }
        guard from < bytes.count else { return at }
        let two = from + 1 < bytes.count
        let bits = Int(bytes[from]) << 16 | (two ? Int(bytes[from + 1]) << 8 : 0)
        place[at] = alphabet[bits >> 18]
        place[at + 1] = alphabet[bits >> 12 & 63]
        at += 2
        if two {
            place[at] = alphabet[bits >> 6 & 63]
            at += 1
        }
        while self == .standard && !at.isMultiple(of: 4) {
            place[at] = Self.padding
            at += 1
        }
        return at
    }

    private func read(_ text: UnsafeBufferPointer<UInt8>, count: Int, values: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var bits: UInt32 = 0
        var wrong: UInt8 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count * 3 / 4) { place, filled in
            for at in 0..<count {
                let value = values[Int(text[at])]
                wrong |= value
                bits = bits << 6 | UInt32(value & 63)
                // The first character of four completes no byte; each of the others does.
                guard at & 3 != 0 else { continue }
                place[filled] = UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * (at & 3)))
                filled += 1
            }
        }
        // A last group of two or three characters carries four or two bits more than its bytes; they must be zero.
        let stray: UInt32 = count % 4 == 2 ? 15 : count % 4 == 3 ? 3 : 0
        return wrong < Self.noValue && bits & stray == 0 ? bytes : nil
    }

    private static let padding: UInt8 = 0x3D
    private static let noValue: UInt8 = 0x80
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let standardAlphabet = letters + Array("+/".utf8)
    private static let urlSafeAlphabet = letters + Array("-_".utf8)
    private static let standardValues = values(of: standardAlphabet)
    private static let urlSafeValues = values(of: urlSafeAlphabet)

    private static func values(of alphabet: [UInt8]) -> [UInt8] {
        var values = [UInt8](repeating: noValue, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }
}
