/// Collects the bytes of a connection into commands, and into mails that end with a lone dot between CR LF.
struct SMTPReader {
    private var bytes: [UInt8] = []
    /// Where what was not given yet begins, and up to where no line's end was found.
    private var start = 0, scanned = 0
    private var mail: [UInt8] = []
    private var isTooLong = false
    private let limit: Int
    /// Bytes of a command line.
    private static let lineLimit = 1_000
    private static let end: [UInt8] = [0x0D, 0x0A]

    init(limit: Int) { self.limit = limit }

    /// What is there.
    enum Piece: Equatable {
        case line(String)
        case badLine
        case mail([UInt8])
        case mailTooLong
    }

    mutating func feed(_ more: UnsafeRawBufferPointer) {
        bytes.removeFirst(start)
        scanned -= start
        start = 0
        bytes += more
    }

    /// Forgets what came in the clear after STARTTLS was asked for.
    mutating func drop() { (bytes, start, scanned) = ([], 0, 0) }

    /// The next command; nil until it is whole.
    mutating func command() -> Piece? {
        guard let line = line() else { return bytes.count - start > Self.lineLimit ? .badLine : nil }
        let isPlain = line.count <= Self.lineLimit && line.allSatisfy { (0x20...0x7E).contains($0) }
        return isPlain ? .line(String(decoding: line, as: UTF8.self)) : .badLine
    }

    /// The mail once it has come whole; nil until then. Only a dot between CR LF ends it: a bare line feed does not, or one mail could
    /// smuggle in another.
    mutating func data() -> Piece? {
        while let line = line() {
            if line == [0x2E] {
                defer { (mail, isTooLong) = ([], false) }
                return isTooLong ? .mailTooLong : .mail(mail)
            }
            if mail.count + line.count > limit { isTooLong = true }
            if isTooLong { mail = [] } else { mail += (line.first == 0x2E ? line.dropFirst() : line[...]) + Self.end }
        }
        // A line without an end is no reason to keep everything.
        if bytes.count - start > limit + Self.lineLimit {
            isTooLong = true
            (start, scanned) = (bytes.count - 2, bytes.count - 2)
        }
        return nil
    }

    private mutating func line() -> [UInt8]? {
        var place = max(start, scanned)
        while place + 1 < bytes.count {
            if bytes[place] == 0x0D, bytes[place + 1] == 0x0A {
                let line = Array(bytes[start..<place])
                (start, scanned) = (place + 2, place + 2)
                return line
            }
            place += 1
        }
        scanned = max(start, bytes.count - 1)
        return nil
    }
}
