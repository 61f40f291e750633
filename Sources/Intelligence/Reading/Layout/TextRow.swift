import Pages

/// A word as the rules see it.
struct ReadWord: Hashable, Sendable {
    var text: String
    let box: PageBox
    let confidence: Double
    /// Whether a wide gap or a ruled line stands before it.
    var opensCell: Bool
    /// Letters and digits only, in lower case.
    let plain: String
    /// Whether a sign stood at its end that may be what is left of a colon.
    var endsWithSign = false

    init(_ text: String, _ box: PageBox, confidence: Double, opensCell: Bool) {
        self.text = text
        self.box = box
        self.confidence = confidence
        self.opensCell = opensCell
        plain = PlainText.of(text)
    }

    var hasColon: Bool { text.hasSuffix(":") || text.hasSuffix(";") && text.count > 3 }
    /// Whether it may have had a colon.
    var mayHaveColon: Bool { hasColon || endsWithSign || text.hasSuffix(".") || text.hasSuffix(",") }
}

/// Words that stand beside each other, from left to right.
struct TextRow: Sendable {
    var words: [ReadWord]
    let box: PageBox

    var text: String { words.map(\.text).joined(separator: " ") }
}

/// Letters without case and signs, by which phrases are compared.
enum PlainText {
    static func of(_ text: String) -> String {
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A: plain.unicodeScalars.append(scalar)
            case 0x41...0x5A: plain.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
            case 0x80...: if scalar.properties.isAlphabetic { plain += scalar.properties.lowercaseMapping }
            default: break
            }
        }
        return plain
    }
}

/// Puts the words of a page into rows and cells.
enum RowBuilder {
    /// Words of these signs only are ruled lines or dirt.
    private static let lineSigns = Set("|_—–-=~.·•«»\"'`‘’“”,:;!¦\\/<>°^*+[](){}")
    /// Signs that dirt makes at the edges of words.
    private static let edgeSigns = Set("|_—–[]{}'‘’“”\"`´«»~*°^=<>¢")
    /// Words less sure than this and shorter than three letters are dirt.
    private static let dirtConfidence = 0.25

    static func rows(of page: PageText) -> [TextRow] {
        let height = typicalHeight(page.words)
        let words = page.words.filter { $0.box.height < height * 4 }.sorted { $0.box.middle < $1.box.middle }
        var rows: [(box: PageBox, words: [PageWord])] = []
        for word in words {
            // The row whose middle lies in the word and reversely; neighbours are looked at only.
            let near = rows.indices.suffix(4).last { belongs(word, to: rows[$0].words, rows[$0].box) }
            if let near {
                rows[near].words.append(word)
                rows[near].box = rows[near].box.union(word.box)
            } else {
                rows.append((word.box, [word]))
            }
        }
        let gap = max(page.width * 0.0145, height * 1.25)
        return rows.map { row($0.words.sorted { $0.box.left < $1.box.left }, gap: gap) }.filter { !$0.words.isEmpty }
            .sorted { $0.box.middle < $1.box.middle }
    }

    /// The middle height of the words that have letters.
    static func typicalHeight(_ words: [PageWord]) -> Double {
        let heights = words.filter { $0.text.count > 2 }.map(\.box.height).sorted()
        return heights.isEmpty ? 24 : heights[heights.count / 2]
    }

    private static func belongs(_ word: PageWord, to words: [PageWord], _ box: PageBox) -> Bool {
        // Against the nearest word of the row, so that a row may run a little uphill.
        guard let near = words.min(by: { distance($0.box, word.box) < distance($1.box, word.box) }) else { return false }
        let shared = min(near.box.bottom, word.box.bottom) - max(near.box.top, word.box.top)
        return shared > 0.45 * min(near.box.height, word.box.height)
    }

    private static func distance(_ one: PageBox, _ other: PageBox) -> Double {
        max(0, max(one.left, other.left) - min(one.right, other.right))
    }

    private static func row(_ words: [PageWord], gap: Double) -> TextRow {
        var row: [ReadWord] = []
        var isAfterLine = true
        var end = -Double.infinity
        var last = 0.0
        var box = words.first?.box ?? PageBox(0, 0, 0, 0)
        for word in words {
            let isLine = word.text.allSatisfy { lineSigns.contains($0) }
            if isLine || (word.text.count < 3 && word.confidence < dirtConfidence) {
                // A colon that was read apart belongs to the word before it.
                if word.text.hasPrefix(":"), let last = row.indices.last, !row[last].hasColon { row[last].text += ":" }
                if word.text.contains("|") { isAfterLine = true }
                continue
            }
            var text = word.text
            while let first = text.first, edgeSigns.contains(first) || ".,:;~-".contains(first) {
                if first == "|" { isAfterLine = true }
                text.removeFirst()
            }
            var endsWithSign = false
            while let last = text.last, edgeSigns.contains(last) {
                text.removeLast()
                endsWithSign = true
            }
            if text.isEmpty { continue }
            var kept = ReadWord(
                text, word.box, confidence: word.confidence,
                opensCell: isAfterLine || word.box.left - end > max(gap, 1.3 * min(last, word.box.height)))
            kept.endsWithSign = endsWithSign
            row.append(kept)
            isAfterLine = word.text.hasSuffix("|")
            end = word.box.right
            last = word.box.height
            box = box.union(word.box)
        }
        return TextRow(words: row, box: box)
    }
}
