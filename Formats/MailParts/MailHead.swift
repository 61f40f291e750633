/// What a mail's header says, read without taking the mail apart: enough to keep it and to know it again.
public struct MailHead: Sendable, Hashable {
    /// `Message-ID` without its angle brackets; empty where there is none.
    public let messageId: String
    /// The address of `From` in small letters; empty where there is none.
    public let from: String

    /// Bytes of a header that are looked at, and of a value that are kept.
    private static let headBytes = 256 << 10, valueBytes = 900

    /// Reads the header of a mail; never fails.
    public init(_ bytes: [UInt8]) {
        var fields: [String: String] = [:]
        for line in MailHead.lines(bytes.prefix(Self.headBytes)) {
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            guard ["message-id", "from"].contains(name), fields[name] == nil else { continue }
            fields[name] = MailHead.clean(line[line.index(after: colon)...])
        }
        messageId = MailHead.within(fields["message-id"] ?? "")
        from = MailHead.within(fields["from"] ?? "").lowercased()
    }

    /// The header's lines, with those that go on put together.
    private static func lines(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            var line = Array(part)
            if line.last == 0x0D { line.removeLast() }
            if line.isEmpty { break }
            if line[0] == 0x20 || line[0] == 0x09, !lines.isEmpty { lines[lines.count - 1] += line } else { lines.append(line) }
        }
        return lines
    }

    private static func clean(_ bytes: ArraySlice<UInt8>) -> String {
        let visible = bytes.prefix(valueBytes).map { (0x20...0x7E).contains($0) ? $0 : 0x20 }
        return String(decoding: visible, as: UTF8.self).split(separator: " ").joined(separator: " ")
    }

    /// What stands in the last angle brackets, else all of it.
    private static func within(_ text: String) -> String {
        guard let open = text.lastIndex(of: "<"), let close = text[open...].firstIndex(of: ">") else { return text }
        return String(text[text.index(after: open)..<close])
    }
}
