import Kernel
import Pages

/// Reads the fields of a page at the places that were learned of its form.
enum LearnedReader {
    /// What each further correction that agrees adds to the trust in a place.
    private static let perCorrection = 0.05, firstTrust = 0.95, mostTrust = 1.15
    /// Words that an anchor has at most.
    private static let anchorWords = 5

    static func candidates(
        _ page: LabelledPage, _ places: [LearnedPlace], _ dictionaries: ReadingDictionaries, today: Day
    ) -> [Candidate] {
        let parser = LearnedParser(dictionaries: dictionaries, today: today)
        return places.compactMap { candidate(page, $0, parser) }
    }

    private static func candidate(_ page: LabelledPage, _ place: LearnedPlace, _ parser: LearnedParser) -> Candidate? {
        guard let anchor = anchor(of: place, page) else { return nil }
        let area = place.side == .right ? page.right(of: anchor) : page.below(anchor)
        // A cell of its own first; all that stands there where the cell says nothing.
        let cell = Array(area.words.prefix(1) + area.words.dropFirst().prefix { !$0.opensCell })
        guard let parsed = parser.value(place.field, cell) ?? parser.value(place.field, area.words) else { return nil }
        let words = parsed.words.map { Array(area.words[$0.clamped(to: area.words.indices)]) } ?? area.words
        let part = ValueArea(words: words.isEmpty ? area.words : words, side: area.side)
        let trust = min(mostTrust, firstTrust + perCorrection * Double(place.agreeing))
        let rule = "learned.\(place.side.rawValue)"
        return Candidate(
            field: place.field, value: parsed.value, trust: trust, fit: parsed.fit, letters: part.confidence, box: part.box,
            page: page.number, rule: parsed.check.isEmpty ? rule : "\(rule)+\(parsed.check)")
    }

    /// The words that are the anchor, nearest to where it stood; nil where they are too far off.
    private static func anchor(of place: LearnedPlace, _ page: LabelledPage) -> Label? {
        var best: (label: Label, distance: Double)?
        for (number, row) in page.rows.enumerated() {
            for start in row.words.indices {
                var letters = ""
                for end in start..<min(row.words.count, start + anchorWords) {
                    letters += row.words[end].plain
                    guard letters.utf8.count <= place.anchor.utf8.count + 3 else { break }
                    guard LearnedPlace.areAlike(letters, place.anchor) else { continue }
                    let box = row.words[start...end].dropFirst().reduce(row.words[start].box) { $0.union($1.box) }
                    let (across, down) = (box.left / page.page.width - place.left, box.middle / page.page.height - place.top)
                    guard abs(across) < LearnedPlace.reach, abs(down) < LearnedPlace.reach else { continue }
                    let distance = abs(across) + abs(down) + (letters == place.anchor ? 0 : 0.02)
                    guard distance < best?.distance ?? .infinity else { continue }
                    best = (
                        Label(kind: .other, row: number, words: start..<end + 1, likeness: 1, box: box, isSetApart: true), distance
                    )
                }
            }
        }
        return best?.label
    }
}
