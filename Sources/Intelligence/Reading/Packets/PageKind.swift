/// What a page is.
public enum PageKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// A form or letter that asks for something.
    case referral
    /// What a clinician wrote about a visit.
    case note
    /// An insurance card.
    case card
    /// A payer's permission.
    case authorization
    /// A laboratory's or another test's result.
    case result
    /// A passport or driver's licence.
    case identification
    /// A sheet that only says from whom to whom.
    case cover
    /// Nothing stands on it.
    case blank
    /// None of these, or not surely one.
    case other
}

/// Tells what a page is by the phrases on it.
enum PageClassifier {
    /// Words by which pages of a kind are known, with what each is worth.
    private static let phrases: [(PageKind, [(String, Double)])] = [
        (
            .cover,
            [
                ("confidentiality notice", 3), ("facsimile", 2), ("including cover", 3), ("cover sheet", 4), ("fax cover", 4),
                ("number of pages", 2), ("fax", 0.7),
                ("if you have received this", 2), ("destroy all copies", 1.5), ("intended only", 1.5), ("pages", 0.3),
            ]
        ),
        (
            .note,
            [
                ("progress note", 4), ("history of present illness", 3), ("physical exam", 2.5), ("assessment and plan", 2.5),
                ("office visit", 2), ("medications", 1),
                ("review of systems", 2.5), ("chief complaint", 1.5), ("date of service", 1), ("blood pressure", 1), ("follow up", 0.7),
                ("soap note", 3),
                ("discharge summary", 4), ("electronically signed", 1), ("vital signs", 1.5), ("past medical history", 2),
            ]
        ),
        (
            .card,
            [
                ("copay", 3), ("rx bin", 3), ("rxbin", 3), ("present this card", 3), ("pcn", 1.5), ("rxgrp", 2), ("customer service", 1),
                ("member services", 2),
                ("issuer", 1), ("deductible", 1), ("member id", 0.7), ("group", 0.5),
            ]
        ),
        (
            .authorization,
            [
                ("authorization number", 3), ("prior authorization", 2.5), ("approved", 1.5), ("authorization approved", 3),
                ("units approved", 3), ("authorized", 1.5),
                ("utilization management", 3), ("determination", 1.5), ("certification", 1),
            ]
        ),
        (
            .result,
            [
                ("laboratory report", 4), ("reference range", 3), ("specimen", 2), ("collected", 1.5), ("hemoglobin", 1.5),
                ("creatinine", 1), ("impression", 1.5),
                ("findings", 1.5), ("radiology report", 4), ("technique", 1), ("final report", 2), ("glucose", 0.7), ("results", 1),
                ("units", 0.7), ("platelets", 1),
            ]
        ),
        (
            .identification,
            [
                ("driver license", 4), ("drivers license", 4), ("identification card", 4), ("passport", 3), ("class", 0.5), ("expires", 1),
                ("endorsements", 2),
                ("date of issue", 1.5), ("eyes", 0.7), ("hgt", 1),
            ]
        ),
        (
            .referral,
            [
                ("referral", 1.5), ("referral request", 3), ("referral form", 3), ("reason for referral", 3), ("refer to", 2),
                ("referring", 1.5), ("requested service", 2),
                ("referral order", 3), ("consult", 1), ("reason for consult", 3), ("thank you for seeing", 3), ("referral summary", 3),
                ("specialist referral", 3),
                ("services requested", 2), ("icd10", 1), ("cpt", 1), ("urgency", 1), ("priority", 1), ("clinical indication", 2),
                ("specialty", 1.5), ("dear colleague", 1.5),
            ]
        ),
    ]
    private static let plain: [(PageKind, [([UInt8], Double)])] = phrases.map {
        ($0.0, $0.1.map { (Array(PlainText.of($0.0).utf8), $0.1) })
    }
    /// Kinds of labels that only a request has.
    private static let asking: Set<LabelKind> = [.specialty, .urgency, .service, .reason, .diagnosis, .procedure, .referrer, .npi]
    /// Less than this is not enough to say anything.
    private static let least = 2.0
    /// A page with fewer words than this and nothing found on it is blank.
    private static let fewWords = 3

    static func kind(of page: LabelledPage) -> (kind: PageKind, confidence: Double) {
        if page.page.words.filter({ $0.confidence > 0.5 && $0.text.count > 2 }).count < fewWords { return (.blank, 0.9) }
        var scores: [PageKind: Double] = [:]
        let lines = page.rows.map { Array($0.words.map(\.plain).joined().utf8) }
        for (kind, list) in plain {
            for (phrase, worth) in list {
                let found = lines.map { contains($0, phrase) }.max() ?? 0
                if found > 0 { scores[kind, default: 0] += worth * found }
            }
        }
        let asked = Set(page.labels.map(\.kind)).intersection(asking).count
        scores[.referral, default: 0] += Double(asked) * 1.2
        let ranked = scores.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
        guard let first = ranked.first, first.value >= least else { return (.other, 0.4) }
        let second = ranked.dropFirst().first?.value ?? 0
        return (first.key, min(0.99, 0.5 + 0.5 * (first.value - second) / (first.value + second + 1)))
    }

    /// 1 when a line holds the phrase, less when a letter of a long one is wrong, 0 when it does not.
    private static func contains(_ line: [UInt8], _ phrase: [UInt8]) -> Double {
        guard line.count >= phrase.count, !phrase.isEmpty else { return 0 }
        let limit = phrase.count >= 12 ? 2 : phrase.count >= 8 ? 1 : 0
        var best = 0.0
        for start in 0...(line.count - phrase.count) {
            var misses = 0
            for place in phrase.indices where line[start + place] != phrase[place] {
                misses += 1
                if misses > limit { break }
            }
            if misses == 0 { return 1 }
            if misses <= limit { best = 0.8 }
        }
        return best
    }
}
