import Base
import JSON
import Kernel

/// Records that may be whom a document means, with explained scores; nothing is linked or changed by it.
public enum RecordMatching {
    /// One record with its score from 0 to 1 and what speaks for it: a list of `{what, points, note}`.
    public struct Candidate: Sendable {
        /// The record's id.
        public let id: Int
        /// How alike it is.
        public let score: Double
        /// Why.
        public let explanation: JSON
    }

    /// The most organisations that are compared.
    private static let organisationLimit = 2_000

    /// Patients of the environment's company like some values of `care.patient`, and `member_number`; the most alike first.
    public static func patients(like values: ValueMap, atLeast score: Double, in env: Environment) throws -> [Candidate] {
        let data = PatientData(values)
        guard !data.familyName.isEmpty else { return [] }
        let machine = env.asSuperuser("identity is decided over all patients of the site")
        return try Matching.candidates(for: data, in: machine).filter { $0.score >= score }.map {
            Candidate(id: $0.patient.id, score: $0.score, explanation: $0.explanation)
        }
    }

    /// Organisations whose name is like a name that was read; the most alike first.
    ///
    /// - Parameters:
    ///   - payers: Whether payers are meant; practices otherwise.
    ///   - legibility: How well the name's letters could be read, 0 to 1; a name that was guessed is no certain one.
    public static func organisations(
        named name: String, payers: Bool, legibility: Double = 1, atLeast score: Double, in env: Environment
    ) throws -> [Candidate] {
        guard PlaceNames.letters(name).count >= 3 else { return [] }
        let machine = env.asSuperuser("identity is decided over all contacts of the site")
        let own = Domain.where("company_id", .equal, false) | .where("company_id", .equal, .int(env.companyId))
        let all = try machine.search(
            Partner.self, .where("is_company", .equal, true) & own, order: "id", limit: organisationLimit)
        let known = payers ? try payerIds(machine) : []
        let wanted = OrganisationName(name)
        var found: [(id: Int, likeness: Double)] = []
        for partner in all where !payers || known.contains(partner.id) || partner.function == "Payer" {
            let likeness = wanted.likeness(to: OrganisationName(partner.displayedName))
            if likeness >= 0.5 { found.append((partner.id, likeness)) }
        }
        let best = found.map(\.likeness).max() ?? 0
        let isShared = found.count { $0.likeness == best } > 1
        return found.sorted { ($0.likeness, -$0.id) > ($1.likeness, -$1.id) }.map { item in
            candidate(item.id, item.likeness, legibility, isShared: isShared && item.likeness == best)
        }.filter { $0.score >= score }
    }

    private static func candidate(_ id: Int, _ likeness: Double, _ legibility: Double, isShared: Bool) -> Candidate {
        func percent(_ share: Double) -> Int { Int((share * 100).rounded(.down)) }
        let isSame = likeness >= 1
        var points = [("name", likeness, isSame ? "same" : "\(percent(likeness)) % alike")]
        var score = likeness
        if legibility < 1 {
            points.append(("letters", score * legibility - score, "\(percent(legibility)) % of them could be read"))
            score *= legibility
        }
        if isShared {
            points.append(("namesakes", -0.2, "several records have this name; a person decides"))
            score -= 0.2
        }
        return Candidate(id: id, score: max(0, min(1, score)), explanation: Explanation.json(points))
    }

    private static func payerIds(_ env: Environment) throws -> Set<Int> {
        Set(try env.search(Coverage.self, order: "id desc", limit: organisationLimit).compactMap { $0.payer?.id })
    }
}

/// An organisation's name without what names share.
private struct OrganisationName {
    /// Words that say nothing of who it is.
    private static let common: Set<String> = [
        "INC", "LLC", "LLP", "PC", "PA", "PLLC", "LTD", "CO", "CORP", "THE", "OF", "AND", "GROUP", "PLAN", "PLANS", "COMPANY",
    ]

    let words: Set<String>
    let letters: String

    init(_ name: String) {
        let all = name.uppercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let own = all.filter { !OrganisationName.common.contains($0) }
        words = Set(own.isEmpty ? all : own)
        letters = (own.isEmpty ? all : own).joined()
    }

    /// 1 for the same name, less for each wrong letter; words in another order are nearly the same.
    func likeness(to other: OrganisationName) -> Double {
        if letters == other.letters { return 1 }
        if words == other.words { return 0.95 }
        return min(0.95, NameSimilarity.score(letters, other.letters))
    }
}
