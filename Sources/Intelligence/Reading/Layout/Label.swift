import Pages

/// A label found on a page.
struct Label: Sendable {
    let kind: LabelKind
    let row: Int
    /// The words of the row that it consists of.
    let words: Range<Int>
    /// 1 when it stands there letter by letter, less when letters were mended.
    let likeness: Double
    let box: PageBox
    /// Whether a colon or a wide gap sets it apart from what follows.
    let isSetApart: Bool
    var section = Section.none
}

/// A page in rows with its labels.
struct LabelledPage: Sendable {
    let number: Int
    let page: PageText
    let rows: [TextRow]
    let labels: [Label]
    let height: Double
    /// The mean confidence of the page's letters: how legible it is.
    let clarity: Double

    init(_ page: PageText, _ check: FormCheck) {
        self.page = page
        number = page.page
        rows = RowBuilder.rows(of: page)
        height = RowBuilder.typicalHeight(page.words)
        let letters = page.words.reduce(0) { $0 + $1.text.count }
        clarity = page.words.reduce(0) { $0 + $1.confidence * Double($1.text.count) } / Double(max(1, letters))
        labels = LabelFinder.labels(rows, check)
    }

    /// The labels of a row, from left to right.
    func labels(in row: Int) -> [Label] { labels.filter { $0.row == row } }
}

/// Finds labels: the longest phrase at each place, with a letter or two mended.
enum LabelFinder {
    /// A phrase has so many words at most.
    private static let wordLimit = 6
    /// Short labels that also are common words: without a colon they count only when a gap follows.
    private static let commonLetters = 7

    static func labels(_ rows: [TextRow], _ check: FormCheck) -> [Label] {
        var labels: [Label] = []
        for (number, row) in rows.enumerated() { labels += found(in: row, number, check) }
        return withSections(labels, rows)
    }

    private static func found(in row: TextRow, _ number: Int, _ check: FormCheck) -> [Label] {
        var labels: [Label] = []
        var at = 0
        while at < row.words.count {
            if let label = label(at: at, in: row, number, check) {
                labels.append(label)
                at = label.words.upperBound
            } else {
                at += 1
            }
        }
        return labels
    }

    private static func label(at start: Int, in row: TextRow, _ number: Int, _ check: FormCheck) -> Label? {
        guard let found = phrase(at: start, in: row) else { return nil }
        let opens = row.words[start].opensCell || start == 0
        let last = row.words[found.end - 1]
        let closes = found.end == row.words.count || row.words[found.end].opensCell
        let isSetApart = last.hasColon || (opens && (closes || last.mayHaveColon))
        // What was mended may be another word; a colon or a cell of its own speaks for a label.
        let sure = last.hasColon ? 0.7 : opens && closes ? 0.75 : 0.86
        guard found.likeness >= sure else { return nil }
        let counts =
            isSetApart || (opens && (found.count > commonLetters || found.end - start > 1))
            || (found.likeness == 1 && (opens || found.count > 2) && check.begins(found.kind, Array(row.words[found.end...])))
        guard counts else { return nil }
        // In the middle of a cell only what ends with a colon, or has a value of its form behind it, is a label.
        if !opens, !last.hasColon, found.likeness < 1 || !check.begins(found.kind, Array(row.words[found.end...])) { return nil }
        let box = row.words[start..<found.end].dropFirst().reduce(row.words[start].box) { $0.union($1.box) }
        return Label(kind: found.kind, row: number, words: start..<found.end, likeness: found.likeness, box: box, isSetApart: isSetApart)
    }

    /// The longest phrase that stands there letter by letter; without one, the one that is most like what stands there.
    private static func phrase(at start: Int, in row: TextRow) -> (kind: LabelKind, end: Int, likeness: Double, count: Int)? {
        var letters = ""
        var best: (kind: LabelKind, end: Int, likeness: Double, count: Int)?
        for end in start..<min(row.words.count, start + wordLimit) {
            if end > start, row.words[end].opensCell { break }
            letters += row.words[end].plain
            let count = letters.utf8.count
            if count > LabelBook.longest + 2 { break }
            // Wrong letters are looked through only where a label may stand: comparing each word with each phrase would take seconds.
            let mayBeWorn = row.words[start].opensCell || start == 0 || row.words[end].hasColon
            if let (kind, likeness) = match(letters, mayBeWorn: mayBeWorn), likeness >= best?.likeness ?? 0 {
                best = (kind, end + 1, likeness, count)
            }
            if row.words[end].hasColon { break }
        }
        return best
    }

    static func match(_ letters: String, mayBeWorn: Bool = true) -> (LabelKind, Double)? {
        if let kind = LabelBook.exact[letters] { return (kind, 1) }
        guard mayBeWorn else { return nil }
        let plain = Array(letters.utf8)
        guard plain.count >= 5 else { return nil }
        let signs = LabelBook.signs(plain)
        let limit = plain.count >= 14 ? 3 : plain.count >= 9 ? 2 : 1
        var best: (kind: LabelKind, distance: Int)?
        for length in max(4, plain.count - limit)...plain.count + limit {
            for candidate in LabelBook.byLength[length] ?? [] where (candidate.signs ^ signs).nonzeroBitCount <= 2 * limit {
                guard let distance = Likeness.distance(plain, candidate.phrase, limit: min(limit, (best?.distance ?? limit + 1) - 1)) else {
                    continue
                }
                best = (candidate.kind, distance)
            }
        }
        return best.map { ($0.kind, 1 - Double($0.distance) / Double(plain.count)) }
    }

    /// Tells each label of whom its part of the form speaks.
    private static func withSections(_ labels: [Label], _ rows: [TextRow]) -> [Label] {
        var section = Section.none
        return labels.map { label in
            var label = label
            let row = rows[label.row]
            let standsAlone = label.words == 0..<row.words.count
            if let begun = label.kind.section, standsAlone, !row.words[label.words.upperBound - 1].hasColon { section = begun }
            label.section = section
            return label
        }
    }
}
