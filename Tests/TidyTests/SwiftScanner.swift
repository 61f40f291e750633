/// Swift source with everything that is not code blanked out, so that a search for code finds code only.
///
/// Shape: `code` and `comments` have as many bytes and line breaks as the source. In `code` the characters of comments and
/// strings are spaces (a string keeps its quotes; an interpolation stays code); in `comments` everything else is.
/// Limits: regex literals between bare slashes are not known; between `#/` and `/#` they are.
struct SwiftScanner {
    private let source: [UInt8]
    private var at = 0
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]

    init(_ text: String) {
        source = Array(text.utf8)
        code = source.map { $0 == Byte.newline ? $0 : Byte.space }
        comments = code
        scanCode(untilParenthesis: false)
    }

    private enum Byte {
        static let newline = UInt8(ascii: "\n"), space = UInt8(ascii: " "), quote = UInt8(ascii: "\"")
        static let hash = UInt8(ascii: "#"), slash = UInt8(ascii: "/"), star = UInt8(ascii: "*"), backslash = UInt8(ascii: "\\")
        static let open = UInt8(ascii: "("), close = UInt8(ascii: ")")
    }

    private func peek(_ offset: Int = 0) -> UInt8 { at + offset < source.count ? source[at + offset] : 0 }
    private func starts(with bytes: [UInt8]) -> Bool {
        at + bytes.count <= source.count && source[at..<at + bytes.count].elementsEqual(bytes)
    }

    /// Reads code; inside an interpolation until its closing parenthesis.
    private mutating func scanCode(untilParenthesis: Bool) {
        var depth = 0
        while at < source.count {
            let byte = source[at]
            if byte == Byte.slash, peek(1) == Byte.slash {
                scanLineComment()
            } else if byte == Byte.slash, peek(1) == Byte.star {
                scanBlockComment()
            } else if byte == Byte.quote || byte == Byte.hash, let hashes = stringHashes() {
                scanString(hashes: hashes)
            } else if byte == Byte.hash, peek(1) == Byte.slash {
                scanRegex()
            } else {
                if byte == Byte.open { depth += 1 }
                if byte == Byte.close { depth -= 1 }
                keepCode()
                if untilParenthesis, depth == 0 { return }
            }
        }
    }

    private mutating func keepCode() {
        code[at] = source[at]
        at += 1
    }

    private mutating func scanLineComment() {
        while at < source.count, source[at] != Byte.newline {
            comments[at] = source[at]
            at += 1
        }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if peek() == Byte.slash, peek(1) == Byte.star { depth += 1 }
            if peek() == Byte.star, peek(1) == Byte.slash { depth -= 1 }
            comments[at] = source[at]
            at += 1
        } while at < source.count && depth > 0
        if at < source.count { at += 1 }
    }

    private mutating func scanRegex() {
        at += 2
        while at < source.count, !(peek() == Byte.slash && peek(1) == Byte.hash) { at += 1 }
        at = min(source.count, at + 2)
    }

    /// The number of `#` before the quote that follows, or nothing when no string starts here.
    private func stringHashes() -> Int? {
        var count = 0
        while peek(count) == Byte.hash { count += 1 }
        return peek(count) == Byte.quote ? count : nil
    }

    private mutating func scanString(hashes: Int) {
        at += hashes
        let isLong = starts(with: [Byte.quote, Byte.quote, Byte.quote])
        let quotes = isLong ? 3 : 1
        let end = Array(repeating: Byte.quote, count: quotes) + Array(repeating: Byte.hash, count: hashes)
        let escape = [Byte.backslash] + Array(repeating: Byte.hash, count: hashes)
        for _ in 0..<quotes { keepCode() }
        while at < source.count {
            if starts(with: end) {
                for _ in 0..<quotes { keepCode() }
                at += hashes
                return
            }
            if !isLong, peek() == Byte.newline { return }
            guard starts(with: escape) else {
                at += 1
                continue
            }
            at += escape.count
            if peek() == Byte.open { scanCode(untilParenthesis: true) } else { at += 1 }
        }
    }
}
