/// Removes from formatted text everything that could run or load in a browser.
///
/// Works by a list of what is allowed: tags, attributes and link schemes; all else is dropped, and text is kept. The result is always
/// well-formed enough that no quotation mark or bracket of the input can open something new.
public enum HTMLSanitiser {
    private static let tags: Set<String> = [
        "p", "br", "b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "code", "pre", "blockquote", "hr",
        "span", "div",
        "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "a", "table", "thead", "tbody", "tfoot", "tr", "th", "td",
        "caption",
    ]
    private static let void: Set<String> = ["br", "hr"]
    /// Elements whose content goes with them.
    private static let silenced: Set<String> = [
        "script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "textarea", "title", "xmp", "plaintext",
        "noembed",
    ]
    private static let attributes: Set<String> = ["href", "title", "colspan", "rowspan", "lang", "dir", "class"]
    private static let schemes = ["http:", "https:", "mailto:", "tel:"]
    /// The deepest nesting that is kept; deeper tags are dropped.
    private static let depthLimit = 100

    /// The text with only harmless formatting left.
    public static func clean(_ html: String) -> String {
        guard html.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }) else { return html }
        var reader = TagReader(html)
        var output: [UInt8] = []
        var open: [String] = []
        var silent: String?
        while let piece = reader.next() {
            switch piece {
            case .text(let text): if silent == nil { append(text: text, to: &output) }
            case .close(let name):
                if silent == name { silent = nil } else if silent == nil { close(name, &open, &output) }
            case .open(let name, let pairs):
                if silent != nil { continue }
                if silenced.contains(name) { silent = name } else if tags.contains(name) { begin(name, pairs, &open, &output) }
            }
        }
        while let name = open.popLast() { output += Array("</\(name)>".utf8) }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "<"): output += Array("&lt;".utf8)
            case UInt8(ascii: ">"): output += Array("&gt;".utf8)
            case 0: continue
            default: output.append(byte)
            }
        }
    }

    private static func begin(_ name: String, _ pairs: [(String, String)], _ open: inout [String], _ output: inout [UInt8]) {
        if !void.contains(name) {
            guard open.count < depthLimit else { return }
            open.append(name)
        }
        output += Array("<\(name)".utf8)
        for (key, value) in pairs where attributes.contains(key) {
            if key == "href", !isHarmless(link: value) { continue }
            output += Array(" \(key)=\"\(escape(value))\"".utf8)
        }
        if name == "a" { output += Array(" rel=\"noopener noreferrer nofollow\"".utf8) }
        output.append(UInt8(ascii: ">"))
    }

    private static func close(_ name: String, _ open: inout [String], _ output: inout [UInt8]) {
        guard let place = open.lastIndex(of: name) else { return }
        while open.count > place { output += Array("</\(open.removeLast())>".utf8) }
    }

    /// By bytes, not characters: a mark that joins a colon or a bracket must not hide it.
    private static func isHarmless(link: String) -> Bool {
        let bare = link.utf8.filter { $0 > 0x20 && $0 != 0x7F }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let isWeb = bare.starts(with: "http:".utf8) || bare.starts(with: "https:".utf8)
        if !isWeb, bare.contains(where: "&<>\"".utf8.contains) { return false }
        let head = bare.prefix { !"/?#".utf8.contains($0) }
        return !head.contains(UInt8(ascii: ":")) || schemes.contains { bare.starts(with: $0.utf8) }
    }

    private static func escape(_ value: String) -> String {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
            case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
            case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
            case 0..<0x20: continue
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Cuts formatted text into text and tags, leniently, as browsers do.
private struct TagReader {
    enum Piece {
        case text(ArraySlice<UInt8>)
        case open(String, [(String, String)])
        case close(String)
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ html: String) { bytes = Array(html.utf8) }

    mutating func next() -> Piece? {
        while place < bytes.count {
            let start = place
            if bytes[place] != UInt8(ascii: "<") || !isTagStart(place + 1) {
                place += 1
                while place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
                return .text(bytes[start..<place])
            }
            if let piece = tag() { return piece }
        }
        return nil
    }

    private func isTagStart(_ index: Int) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        return isLetter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private mutating func tag() -> Piece? {
        place += 1
        if bytes[place] == UInt8(ascii: "!") || bytes[place] == UInt8(ascii: "?") {
            skipDeclaration()
            return nil
        }
        let closing = bytes[place] == UInt8(ascii: "/")
        if closing { place += 1 }
        let name = word()
        var pairs: [(String, String)] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") {
            let before = place
            if let pair = attribute() { pairs.append(pair) }
            if place == before { place += 1 }
        }
        if place < bytes.count { place += 1 }
        return closing ? .close(name) : .open(name, pairs)
    }

    private mutating func skipDeclaration() {
        let isComment = bytes[place...].starts(with: "!--".utf8)
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: ">"), !isComment || bytes[..<place].suffix(2).elementsEqual("--".utf8) { break }
            place += 1
        }
        if place < bytes.count { place += 1 }
    }

    private mutating func word() -> String {
        let start = place
        while place < bytes.count, isWord(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self).lowercased()
    }

    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            false
        default: true
        }
    }

    private mutating func skipSpace() {
        while place < bytes.count, bytes[place] <= 0x20 || bytes[place] == UInt8(ascii: "/") { place += 1 }
    }

    private mutating func attribute() -> (String, String)? {
        skipSpace()
        let name = word()
        skipSpace()
        guard place < bytes.count, bytes[place] == UInt8(ascii: "=") else { return name.isEmpty ? nil : (name, "") }
        place += 1
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
        guard place < bytes.count else { return (name, "") }
        let quote = bytes[place]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = place
            while place < bytes.count, bytes[place] > 0x20, bytes[place] != UInt8(ascii: ">") { place += 1 }
            return (name, String(decoding: bytes[start..<place], as: UTF8.self))
        }
        place += 1
        let start = place
        while place < bytes.count, bytes[place] != quote { place += 1 }
        let value = String(decoding: bytes[start..<min(place, bytes.count)], as: UTF8.self)
        if place < bytes.count { place += 1 }
        return (name, value)
    }
}
