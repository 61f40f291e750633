import Pages

/// Words that may be the value of a label.
struct ValueArea: Sendable {
    /// On which side of its label it stands.
    enum Side: String, Sendable { case right, below, above }

    let words: [ReadWord]
    let side: Side

    var box: PageBox { words.dropFirst().reduce(words.first?.box ?? PageBox(0, 0, 0, 0)) { $0.union($1.box) } }
    var text: String { words.map(\.text).joined(separator: " ") }
    /// The least and the mean confidence of its words.
    var confidence: Double {
        guard !words.isEmpty else { return 0 }
        let letters = words.reduce(0) { $0 + $1.text.count }
        return words.reduce(0) { $0 + $1.confidence * Double($1.text.count) } / Double(max(1, letters))
    }
}

extension LabelledPage {
    /// How far below or above its label a value may stand, in heights of a line.
    private static let reach = 3.4

    /// What stands to the right of a label, up to the next one.
    func right(of label: Label) -> ValueArea {
        let next = labels(in: label.row).first { $0.words.lowerBound >= label.words.upperBound }
        let words = rows[label.row].words[label.words.upperBound..<(next?.words.lowerBound ?? rows[label.row].words.count)]
        return ValueArea(words: Array(words), side: .right)
    }

    /// What stands below a label, as far as no other label of its row reaches.
    func below(_ label: Label) -> ValueArea {
        let range = span(of: label)
        for row in rows.indices.dropFirst(label.row + 1) {
            guard rows[row].box.top - label.box.bottom < height * Self.reach else { break }
            let words = free(in: row, range)
            if !words.isEmpty { return ValueArea(words: words, side: .below) }
        }
        return ValueArea(words: [], side: .below)
    }

    /// What stands above a label.
    func above(_ label: Label) -> ValueArea {
        let range = span(of: label)
        for row in rows.indices.prefix(label.row).reversed() {
            guard label.box.top - rows[row].box.bottom < height * Self.reach else { break }
            let words = free(in: row, range)
            if !words.isEmpty { return ValueArea(words: words, side: .above) }
        }
        return ValueArea(words: [], side: .above)
    }

    /// Further lines of a text that began to the right of or below a label: they start near it and hold no label.
    func continued(_ area: ValueArea, lines limit: Int) -> ValueArea {
        guard area.side != .above, let first = area.words.first else { return area }
        var words = area.words
        guard var row = rows.firstIndex(where: { $0.words.contains(first) }) else { return area }
        for _ in 0..<limit {
            let next = row + 1
            guard next < rows.count, labels(in: next).isEmpty, rows[next].box.top - rows[row].box.bottom < height * 0.9,
                let start = rows[next].words.first, abs(start.box.left - first.box.left) < height * 1.5
            else { break }
            words += rows[next].words
            row = next
        }
        return ValueArea(words: words, side: area.side)
    }

    /// From the label's beginning to that of the next label in its row.
    private func span(of label: Label) -> ClosedRange<Double> {
        let next = labels(in: label.row).first { $0.words.lowerBound >= label.words.upperBound }
        let left = label.box.left - height
        return left...max(left, next.map { $0.box.left - height * 0.4 } ?? page.width)
    }

    /// The words of a row within a range that belong to no label.
    private func free(in row: Int, _ range: ClosedRange<Double>) -> [ReadWord] {
        let taken = labels(in: row).map(\.words)
        return rows[row].words.enumerated()
            .filter { place, word in
                range.contains(word.box.left + min(word.box.width / 2, height)) && !taken.contains { $0.contains(place) }
            }
            .map(\.element)
    }
}
