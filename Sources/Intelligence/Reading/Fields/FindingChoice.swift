import Pages

/// Chooses among candidates, and says how sure the choice is.
enum FindingChoice {
    static func best(_ sheets: [ReadSheet]) -> [Finding] {
        let candidates = sheets.flatMap(\.candidates)
        return ReadingField.allCases.compactMap { field in
            let own = candidates.filter { $0.field == field }
            guard let first = own.max(by: { $0.score < $1.score }) else { return nil }
            guard let sheet = sheets.first(where: { $0.page.number == first.page }) else { return nil }
            let place = sheet.page.page.place(of: first.box)
            return Finding(
                field: field, value: first.value, confidence: Calibration.confidence(first, among: own), page: first.page,
                box: PageBoxShare(left: place.left, top: place.top, right: place.right, bottom: place.bottom), rule: first.rule)
        }
    }
}

/// Turns what speaks for a candidate into the probability that it is right.
enum Calibration {
    static func confidence(_ candidate: Candidate, among all: [Candidate]) -> Double {
        var confidence = candidate.score
        let others = all.filter { $0.value != candidate.value }.map(\.score).max() ?? 0
        if others > candidate.score * 0.9 { confidence *= 0.75 }
        if all.contains(where: { $0.value == candidate.value && $0.box != candidate.box }) { confidence = 1 - (1 - confidence) * 0.5 }
        return min(0.995, max(0.01, confidence))
    }
}
