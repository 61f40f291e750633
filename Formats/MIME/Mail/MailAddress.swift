/// A mailbox that a mail comes from or goes to: `Dr Lena Bauer <bauer@north.example>`.
///
/// Source: RFC 5322 §3.4, the part of it that people use; addresses are ASCII.
public struct MailAddress: Sendable, Hashable {
    /// The longest address, in bytes; RFC 5321 §4.5.3.1.3.
    static let addressLimit = 254
    /// The most addresses of one list.
    public static let listLimit = 100

    /// The name that people see; empty when there is none.
    public let name: String
    /// `local@domain`, in ASCII.
    public let address: String

    /// A mailbox; nil when the address is none. Control characters in the name become spaces, so that no header can be smuggled in.
    public init?(name: String = "", address: String) {
        guard MailAddress.isAddress(address) else { return nil }
        self.name = HeaderText.clean(name)
        self.address = address
    }

    /// Reads `address` or `name <address>`, the name in quotes or not.
    public init?(_ text: some StringProtocol) {
        let text = String(text).trimmedOfSpace
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            self.init(address: text)
            return
        }
        var name = String(text[..<open]).trimmedOfSpace
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
            name = MailAddress.unquoted(name.dropFirst().dropLast())
        }
        self.init(name: name, address: String(text[text.index(after: open)...].dropLast()))
    }

    /// Reads a list separated by commas or semicolons; nil when one of them is no mailbox, or when there are none or too many.
    public static func list(_ text: String) -> [MailAddress]? {
        var parts: [String] = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted, character == "," || character == ";" || character == "\n" {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        let filled = parts.map(\.trimmedOfSpace).filter { !$0.isEmpty }
        let read = filled.compactMap { MailAddress($0) }
        return read.count == filled.count && (1...listLimit).contains(read.count) ? read : nil
    }

    /// The mailbox as a header shows it.
    var header: String {
        if name.isEmpty { return address }
        let isPlain = name.utf8.allSatisfy { HeaderText.isAtom($0) || $0 == 0x20 } && name.utf8.count <= 60
        return (isPlain ? name : HeaderText.encodedWords(name).joined(separator: "\r\n ")) + " <\(address)>"
    }

    private static func unquoted(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }

    private static func isAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= addressLimit, let at = bytes.firstIndex(of: UInt8(ascii: "@")), at > 0 else { return false }
        let domain = bytes[(at + 1)...]
        let isDomain = domain.allSatisfy { HeaderText.isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        guard let first = domain.first, let last = domain.last, isDomain, HeaderText.isAlphanumeric(first), HeaderText.isAlphanumeric(last)
        else { return false }
        return bytes[..<at].allSatisfy { HeaderText.isAtom($0) || $0 == UInt8(ascii: ".") }
    }
}

extension String {
    /// Without spaces, tabs and line ends around it.
    fileprivate var trimmedOfSpace: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(rest)
    }
}
