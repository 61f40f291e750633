/// Checks that a narrative is one balanced `div` of XHTML without active content.
///
/// It is a bracket counter, not an XML reader: it balances element names, steps over attributes, comments and
/// character references, and allows the formatting elements that R4 lists, without event handlers, script addresses and
/// document type declarations.
/// Source: FHIR R4, “Narrative”, rules `txt-1` and `txt-2`.
struct XHTMLChecker {
    private let bytes: [UInt8]
    private var next = 0
    private var open: [[UInt8]] = []
    /// Whether there is any text or picture.
    private var hasContent = false

    private static let maxDepth = 256
    private static let allowed: Set<String> = [
        "a", "abbr", "acronym", "b", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "dfn", "div", "dl",
        "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "q", "samp", "small", "span",
        "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "ul", "var",
    ]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Whether the whole text is one acceptable `div`.
    static func isDivision(_ text: String) -> Bool {
        var checker = XHTMLChecker(text)
        return checker.isDivision()
    }

    /// Whether the text is an acceptable `div` that shows nothing, neither visible text nor a picture (`txt-2`).
    static func isBlankDivision(_ text: String) -> Bool {
        var checker = XHTMLChecker(text)
        return checker.isDivision() && !checker.hasContent
    }

    /// Reads the whole text.
    private mutating func isDivision() -> Bool {
        skipSpace()
        guard element() == "div" else { return false }
        while !open.isEmpty {
            guard let mark = bytes[next...].firstIndex(of: UInt8(ascii: "<")) else { return false }
            if bytes[next..<mark].contains(where: { !FHIRText.isWhite($0) }) { hasContent = true }
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
        guard !name.isEmpty, XHTMLChecker.allowed.contains(name), open.count < XHTMLChecker.maxDepth else { return nil }
        open.append(Array(name.utf8))
        if name == "img" { hasContent = true }
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
        let value = bytes[(next + 1)..<end]
        next = end + 1
        return !value.contains(UInt8(ascii: "<")) && !XHTMLChecker.isScript(value)
    }

    /// Whether an attribute's value is a script once the signs that browsers pass over are gone.
    private static func isScript(_ value: ArraySlice<UInt8>) -> Bool {
        let start = value.lazy.filter { $0 > 0x20 }.prefix(11).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return scripts.contains { start.starts(with: $0) }
    }

    private static let scripts = ["javascript:", "vbscript:", "&#"].map { Array($0.utf8) }

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
