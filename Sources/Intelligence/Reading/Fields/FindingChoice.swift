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
            let evidence = evidence(first, among: own, clarity: sheet.page.clarity)
            return Finding(
                field: field, value: first.value, confidence: Calibration.confidence(evidence, rule: first.rule), page: first.page,
                box: PageBoxShare(left: place.left, top: place.top, right: place.right, bottom: place.bottom), rule: first.rule,
                evidence: evidence)
        }
    }

    private static func evidence(_ candidate: Candidate, among all: [Candidate], clarity: Double) -> Evidence {
        let others = all.filter { $0.value != candidate.value }.map(\.score).max() ?? 0
        func short(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
        return Evidence(
            trust: short(candidate.trust), fit: short(candidate.fit), letters: short(candidate.letters), clarity: short(clarity),
            isRepeated: all.contains { $0.value == candidate.value && $0.box != candidate.box },
            rival: short(others / max(0.001, candidate.score)))
    }
}
