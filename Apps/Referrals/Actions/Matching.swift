import Base
import JSON
import Kernel

/// Telling whether a patient or a referral is known already, with an explained score from 0 to 1.
public enum Matching {
    /// From here on two records are taken for the same.
    public static let certain = 0.9
    /// From here on a person is asked.
    public static let possible = 0.6
    /// The most records that are compared.
    private static let candidateLimit = 50

    /// What was found for a patient's data.
    public struct PatientResult {
        /// The patient.
        public let record: Record<Patient>
        /// Patients that may be the same.
        let candidates: [PatientScore]
        let isNew: Bool
    }

    /// The patient of the given data: a certain match, or a new one with its possible matches.
    public static func findOrMake(_ values: ValueMap, in env: Environment) throws -> PatientResult {
        let data = PatientData(values)
        guard !data.familyName.isEmpty else {
            throw Refusal(
                "patient.no_name", .validation, "The patient has no family name.", instruction: "Ask the sender who the patient is.")
        }
        let superuser = env.asSuperuser("identity is decided over all patients of the site")
        let scores = try candidates(for: data, in: superuser)
        if let best = scores.first, best.score >= certain, scores.count == 1 || scores[1].score < certain {
            try complete(best.patient, from: values)
            return PatientResult(record: env.record(Patient.self, best.patient.id), candidates: [], isNew: false)
        }
        var fresh = values
        fresh["identifiers"] = nil
        let patient = try superuser.create(Patient.self, fresh)
        for identifier in data.identifiers {
            try superuser.create(
                PatientIdentifier.self,
                ["patient_id": .int(patient.id), "system": .text(identifier.system), "value": .text(identifier.number)])
        }
        return PatientResult(record: env.record(Patient.self, patient.id), candidates: scores.filter { $0.score >= possible }, isNew: true)
    }

    /// Patients like the given data, most alike first.
    static func candidates(for data: PatientData, in env: Environment) throws -> [PatientScore] {
        var domain = Domain.none
        for identifier in data.identifiers {
            domain =
                domain
                | .related(
                    "identifier_ids",
                    .where("system", .equal, .text(identifier.system)) & .where("value", .equal, .text(identifier.number)), negated: false)
        }
        if !data.mrn.isEmpty { domain = domain | .where("mrn", .equal, .text(data.mrn)) }
        if let born = data.birthDate { domain = domain | .where("birth_date", .equal, .day(born)) }
        if data.phone.count >= 7 { domain = domain | .where("phone", .equal, .text(data.phone)) }
        domain =
            domain | (.where("family_name", .exactIlike, .text(data.familyName)) & .where("given_name", .exactIlike, .text(data.givenName)))
        let own = Domain.where("company_id", .in, .list([.null, .int(env.companyId)]))
        let found = try env.search(Patient.self, domain & own, limit: candidateLimit)
        return found.map { PatientScore(of: $0, against: data) }.filter { $0.score >= possible / 2 }.sorted { $0.score > $1.score }
    }

    /// Fills in what a known patient's record lacks; what is there is not overwritten by a referral.
    private static func complete(_ patient: Record<Patient>, from values: ValueMap) throws {
        var missing = ValueMap()
        for entry in values.entries {
            guard let field = patient.records.model.field(entry.name), field.hasColumn, !entry.value.isFalsy else { continue }
            if try patient.value(entry.name).isFalsy { missing[entry.name] = entry.value }
        }
        if !missing.isEmpty { try patient.write(missing) }
    }

    /// Keeps the possible matches of a new patient on its referral, for a person to decide.
    public static func note(_ result: PatientResult, on referral: Record<Referral>) throws {
        let env = referral.env.asSuperuser("possible matches are kept by the machine")
        for candidate in result.candidates.prefix(5) {
            try env.create(
                Match.self,
                [
                    "referral_id": .int(referral.id), "kind": "patient", "patient_id": .int(candidate.patient.id),
                    "score": .double(candidate.score),
                    "explanation": .json(candidate.explanation),
                ])
        }
    }

    /// Looks for an open referral of the same patient to the same specialty within ninety days.
    static func findDuplicates(of referral: Record<Referral>) throws {
        guard let patient = referral.patient else { return }
        let env = referral.env
        let since = env.now - 90 * 86_400
        let domain =
            Domain.where("patient_id", .equal, .int(patient.id)) & .where("id", .notEqual, .int(referral.id))
            & .where("stage", .notEqual, "closed") & .where("received_on", .greaterOrEqual, .instant(since))
        for other in try env.search(Referral.self, domain, order: "id desc", limit: candidateLimit) where other != referral.previous {
            let score = ReferralScore(of: other, against: referral)
            guard score.score >= possible else { continue }
            try env.create(
                Match.self,
                [
                    "referral_id": .int(referral.id), "kind": "referral", "other_id": .int(other.id), "score": .double(score.score),
                    "explanation": .json(score.explanation),
                ])
        }
    }
}

/// What a person decides about possible matches.
enum MatchActions {
    static func decide(_ matches: Recordset<Match>, same: Bool) throws {
        let env = matches.env.asSuperuser("the decision is kept by the machine")
        for match in env.records(Match.self, matches.ids) {
            try match.write(["state": same ? "same" : "different", "decided_by_id": .int(matches.env.user.id)])
            guard let referral = match.referral else { continue }
            if same { try apply(match, to: referral) }
            try Pathway.advance(referral)
        }
    }

    private static func apply(_ match: Record<Match>, to referral: Record<Referral>) throws {
        if match.kind == .referral, let other = match.other {
            referral.duplicateOf = other
            try ReferralActions.note(referral, "Duplicate of \(other.number).")
            return
        }
        guard let known = match.patient, let doubled = referral.patient, known != doubled else { return }
        let own = Domain.where("patient_id", .equal, .int(doubled.id))
        try referral.env.search(Coverage.self, own).write(["patient_id": .int(known.id)])
        for mine in try referral.env.search(Referral.self, own) { mine.patient = known }
        for document in try referral.env.search(Document.self, own) { document.patient = known }
        try doubled.write(["merged_into_id": .int(known.id), "active": false])
    }
}
