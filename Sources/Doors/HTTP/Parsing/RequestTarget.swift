/// The target of a request: origin form, absolute form, or `*` for `OPTIONS`.
///
/// Source: RFC 9112, section 3.2.
struct RequestTarget: Sendable {
    /// Decoded.
    let path: String
    let rawPath: String
    let rawQuery: String?
    /// The authority of an absolute form; it must agree with the Host field.
    let authority: String?

    init(_ text: String, method: HTTPMethod) throws(Refusal) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .malformed("The target holds a character that must be percent-encoded.")
        }
        if text == "*" {
            guard method == .options else { throw .malformed("The target * belongs to OPTIONS.") }
            (path, rawPath, rawQuery, authority) = ("*", "*", nil, nil)
            return
        }
        let (authority, origin) = try Self.divide(text)
        self.authority = authority
        if let mark = origin.utf8.firstIndex(of: UInt8(ascii: "?")) {
            rawPath = String(origin[..<mark])
            rawQuery = String(origin[origin.utf8.index(after: mark)...])
        } else {
            rawPath = String(origin)
            rawQuery = nil
        }
        path = try Self.decodedPath(rawPath)
    }

    /// Parts `http://host/path` into host and path.
    private static func divide(_ text: String) throws(Refusal) -> (String?, Substring) {
        if text.utf8.first == UInt8(ascii: "/") { return (nil, text[...]) }
        for scheme in ["http://", "https://"] where text.prefix(scheme.count).equalsIgnoringCase(scheme) {
            let rest = text.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            let origin = rest[end...]
            guard end > rest.startIndex else { break }
            return (String(rest[..<end]), origin.first == "/" ? origin : "/" + origin)
        }
        throw .malformed("The target is neither a path nor an http address.")
    }

    private static func decodedPath(_ rawPath: String) throws(Refusal) -> String {
        guard let path = PercentCoding.decode(rawPath[...].utf8) else {
            throw .malformed("The path holds a malformed escape or no UTF-8.")
        }
        var previous: UInt8 = 0
        var isPlain = true
        for byte in path.utf8 {
            if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") {
                throw .malformed("The path holds a control character or a backslash.")
            }
            if byte == UInt8(ascii: "."), previous == UInt8(ascii: "/") { isPlain = false }
            previous = byte
        }
        if !isPlain, path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) {
            throw .malformed("The path holds a . or .. segment.")
        }
        return path
    }
}
