/// Checks that a narrative is one balanced `div` of XHTML without active content.
///
/// It is a bracket counter, not an XML reader: it balances element names, steps over attributes, comments and
/// character references, and refuses scripts, forms, frames, event handlers and document type declarations.
/// Source: FHIR R4, “Narrative”, rules `txt-1` and `txt-2`.
struct XHTMLChecker {
    private let bytes: [UInt8]
    private var next = 0
    private var open: [[UInt8]] = []

    private static let maxDepth = 256
    private static let forbidden: Set<String> = [
        "head", "body", "script", "form", "input", "button", "select", "textarea", "base", "link", "frame", "frameset", "iframe",
        "object", "embed", "applet", "xlink", "meta", "svg", "audio", "video",
    ]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Whether the whole text is one acceptable `div`.
    mutating func isDivision() -> Bool {
        skipSpace()
        guard element() == "div" else { return false }
        while !open.isEmpty {
            guard let mark = bytes[next...].firstIndex(of: UInt8(ascii: "<")) else { return false }
            next = mark
            guard markup() else { return false }
        }
        skipSpace()
        return next == bytes.count
    }

    private mutating func markup() -> Bool {
        if follows("<!--") { return skip(past: "-->") }
        if follows("<![CDATA[") { return skip(past: "]]>") }
        if follows("<!") || follows("<?") { return false }
        guard follows("</") else { return element() != nil }
        next += 2
        let name = name()
        skipSpace()
        guard follows(">"), open.popLast() == Array(name.utf8) else { return false }
        next += 1
        return true
    }

    /// Reads a start tag; nil when it is malformed or forbidden.
    private mutating func element() -> String? {
        guard follows("<") else { return nil }
        next += 1
        let name = name()
        guard !name.isEmpty, !XHTMLChecker.forbidden.contains(name), open.count < XHTMLChecker.maxDepth else { return nil }
        open.append(Array(name.utf8))
        while next < bytes.count {
            skipSpace()
            if follows("/>") {
                next += 2
                open.removeLast()
                return name
            }
            if follows(">") {
                next += 1
                return name
            }
            guard attribute() else { return nil }
        }
        return nil
    }

    private mutating func attribute() -> Bool {
        let name = name()
        skipSpace()
        guard !name.isEmpty, !name.lowercased().hasPrefix("on"), follows("=") else { return false }
        next += 1
        skipSpace()
        guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") || bytes[next] == UInt8(ascii: "'") else { return false }
        guard let end = bytes[(next + 1)...].firstIndex(of: bytes[next]) else { return false }
        let value = String(decoding: bytes[(next + 1)..<end], as: UTF8.self)
        next = end + 1
        return !value.contains("<") && !value.lowercased().hasPrefix("javascript:")
    }

    private mutating func name() -> String {
        let start = next
        while next < bytes.count, isNameByte(bytes[next]) { next += 1 }
        return String(decoding: bytes[start..<next], as: UTF8.self)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        FHIRText.isLetter(byte) || FHIRText.isDigit(byte) || byte > 0x7F || [0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
    }

    private func follows(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard next + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[next + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(past text: StaticString) -> Bool {
        while next < bytes.count {
            if follows(text) {
                next += text.utf8CodeUnitCount
                return true
            }
            next += 1
        }
        return false
    }

    private mutating func skipSpace() {
        while next < bytes.count, FHIRText.isWhite(bytes[next]) { next += 1 }
    }
}
