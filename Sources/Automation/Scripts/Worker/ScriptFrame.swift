/// One message between the server and a script worker.
///
/// Shape: a letter, the length of the content as four bytes with the highest first, the content.
enum ScriptFrame {
    /// What a message is; the raw value is its letter.
    enum Kind: UInt8 {
        /// Server: a script's number (eight bytes) and text, before its first run.
        case source = 0x53  // S
        /// Server: a script's number and its input as JSON.
        case run = 0x52  // R
        /// Server: a script's number, to be compiled only.
        case check = 0x43  // C
        /// Server: the answer to a call, as JSON.
        case answer = 0x41  // A
        /// Worker: it is confined and ready.
        case ready = 0x57  // W
        /// Worker: a call to the host, as JSON `[name, arguments]`.
        case call = 0x48  // H
        /// Worker: a line of the log, as JSON `[level, message]`.
        case log = 0x4C  // L
        /// Worker: the script ended with this result, as JSON.
        case done = 0x44  // D
        /// Worker: the script failed; JSON with `kind`, `message`, `line`, `column`.
        case failed = 0x46  // F
    }

    /// Bytes before the content.
    static let headBytes = 5

    /// The frame's bytes: a letter, the length, the parts one after the other.
    static func encode(_ kind: Kind, _ parts: [UInt8]...) -> [UInt8] {
        let length = parts.reduce(0) { $0 + $1.count }
        var bytes: [UInt8] = [kind.rawValue]
        bytes.reserveCapacity(headBytes + length)
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        for part in parts { bytes += part }
        return bytes
    }

    /// The kind and the content's length; nil when the bytes are no head.
    static func head(_ bytes: some Collection<UInt8>) -> (kind: Kind, length: Int)? {
        guard bytes.count == headBytes, let first = bytes.first, let kind = Kind(rawValue: first) else { return nil }
        return (kind, bytes.dropFirst().reduce(0) { $0 << 8 | Int($1) })
    }

    /// A script's number as its eight bytes.
    static func number(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) } }

    /// The number in the first eight bytes of a content.
    static func number(in content: ArraySlice<UInt8>) -> UInt64? {
        content.count < 8 ? nil : content.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
