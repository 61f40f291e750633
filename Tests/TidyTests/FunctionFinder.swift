/// A function with a body, and how many lines it takes from its first word to its closing brace.
struct FoundFunction: Equatable {
    let name: String
    let line: Int
    let length: Int
}

/// Finds functions, initialisers, deinitialisers and subscripts by their braces.
struct FunctionFinder {
    private static let starters: Set<String> = ["func", "init", "deinit", "subscript"]
    private static let declarations: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "static", "case", "struct", "class", "enum", "protocol", "extension",
        "associatedtype", "typealias", "mutating", "nonisolated",
    ]

    private let scanned: ScannedFile
    private let words: [Word]

    private struct Word {
        let text: String
        let range: Range<Int>
    }

    init(_ file: ScannedFile) {
        scanned = file
        words = Self.words(in: scanned.code)
    }

    func functions() -> [FoundFunction] {
        var found: [FoundFunction] = []
        for (index, word) in words.enumerated() where Self.starters.contains(word.text) && isDeclaration(word) {
            guard let body = body(after: index) else { continue }
            let first = scanned.line(at: word.range.lowerBound)
            let last = scanned.line(at: body.upperBound)
            let next = index + 1 < words.count ? words[index + 1].text : "?"
            found.append(FoundFunction(name: word.text == "func" ? next : word.text, line: first, length: last - first + 1))
        }
        return found
    }

    /// `self.init(…)`, `.init` and a label `init:` call or name; they declare nothing.
    private func isDeclaration(_ word: Word) -> Bool {
        let before = word.range.lowerBound > 0 ? scanned.code[word.range.lowerBound - 1] : 0
        let after = word.range.upperBound < scanned.code.count ? scanned.code[word.range.upperBound] : 0
        if before == UInt8(ascii: ".") || before == UInt8(ascii: "`") || after == UInt8(ascii: ":") { return false }
        return word.text != "init" && word.text != "subscript" || [UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: "?")].contains(after)
    }

    /// The braces of the body, or nothing for a requirement of a protocol.
    private func body(after index: Int) -> Range<Int>? {
        let code = scanned.code
        var depth = 0
        var position = words[index].range.upperBound
        var next = index + 1
        while position < code.count {
            while next < words.count, words[next].range.lowerBound < position { next += 1 }
            if depth == 0, next < words.count, words[next].range.lowerBound == position, next > index + 1,
                Self.declarations.contains(words[next].text), isDeclaration(words[next])
            {
                return nil
            }
            switch code[position] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return position..<Self.matching(position, in: code)
            case UInt8(ascii: "}") where depth == 0: return nil
            default: break
            }
            position += 1
        }
        return nil
    }

    private static func matching(_ open: Int, in code: [UInt8]) -> Int {
        var depth = 0
        for position in open..<code.count {
            if code[position] == UInt8(ascii: "{") { depth += 1 }
            if code[position] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return code.count - 1
    }

    private static func words(in code: [UInt8]) -> [Word] {
        var words: [Word] = []
        var start: Int?
        for position in 0...code.count {
            let byte = position < code.count ? code[position] : 0
            let isWord =
                byte == UInt8(ascii: "_") || byte >= 128 || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
            if isWord, start == nil { start = position }
            if !isWord, let from = start {
                words.append(Word(text: String(decoding: code[from..<position], as: UTF8.self), range: from..<position))
                start = nil
            }
        }
        return words
    }
}
