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
        /// Whether no certain match was found.
        public let isNew: Bool
    }

    /// The patient of the given data: a certain match, or a new one with its possible matches.
    ///
    /// - Parameters:
    ///   - refused: Patients of whom a person has said that they are somebody else.
    ///   - certain: From which score on two records are taken for the same.
    public static func findOrMake(
        _ values: ValueMap, refused: Set<Int> = [], certain: Double = Matching.certain, in env: Environment
    ) throws -> PatientResult {
        let data = PatientData(values)
        guard !data.familyName.isEmpty else {
            throw Refusal(
                "patient.no_name", .validation, "The patient has no family name.", instruction: "Ask the sender who the patient is.")
        }
        let superuser = env.asSuperuser("identity is decided over all patients of the site")
        let scores = try candidates(for: data, in: superuser).filter { !refused.contains($0.patient.id) }
        if let best = scores.first, best.score >= certain, scores.count == 1 || scores[1].score < certain {
            try complete(best.patient, from: values, data)
            return PatientResult(record: env.record(Patient.self, best.patient.id), candidates: [], isNew: false)
        }
        var fresh = values
        fresh["identifiers"] = nil
        fresh["member_number"] = nil
        let patient = try superuser.create(Patient.self, fresh)
        try add(data.identifiers, to: patient)
        return PatientResult(record: env.record(Patient.self, patient.id), candidates: scores.filter { $0.score >= possible }, isNew: true)
    }

    /// Whether a message speaks of the patient that it names, as far as one can tell.
    static func mayBe(_ patient: Record<Patient>, _ values: ValueMap) -> Bool {
        let data = PatientData(values)
        return data.familyName.isEmpty || PatientScore(of: patient, against: data).score >= possible / 2
    }

    /// Patients like the given data, most alike first.
    ///
    /// Those with the same number or name are looked for first, so that many people born on one day cannot crowd them out.
    static func candidates(for data: PatientData, in env: Environment) throws -> [PatientScore] {
        var strong = Domain.none
        for identifier in data.identifiers {
            strong =
                strong
                | .related(
                    "identifier_ids",
                    .where("system", .equal, .text(identifier.system)) & .where("value", .equal, .text(identifier.number)), negated: false)
        }
        if !data.mrn.isEmpty { strong = strong | .where("mrn", .equal, .text(data.mrn)) }
        strong = strong | (.named("family_name", data.familyName) & .named("given_name", data.givenName))
        var weak = Domain.none
        if let born = data.birthDate {
            let (year, month, day) = born.parts
            let days = [born, Day(checking: year, day, month)].compactMap { $0 }
            weak = weak | .where("birth_date", .in, .list(days.map { .day($0) }))
        }
        if data.phone.count >= 7 { weak = weak | .where("phone", .equal, .text(data.phone)) }
        if data.memberNumber.count >= 5 {
            weak = weak | .related("coverage_ids", .where("member_number", .equal, .text(data.memberNumber)), negated: false)
        }
        let own = Domain.where("company_id", .equal, false) | .where("company_id", .equal, .int(env.companyId))
        var found: [Record<Patient>] = []
        for domain in [strong, weak] where domain != .none {
            for patient in try env.search(Patient.self, domain & own, limit: candidateLimit) where !found.contains(patient) {
                found.append(patient)
            }
        }
        return found.map { PatientScore(of: $0, against: data) }.filter { $0.score >= possible / 2 }
            .sorted { ($0.score, -$0.patient.id) > ($1.score, -$1.patient.id) }
    }

    private static func add(_ identifiers: [PatientData.Identifier], to patient: Record<Patient>) throws {
        let known = Set(patient.identifiers.map { PatientData.Identifier(system: $0.system, number: $0.number) })
        for identifier in identifiers where !known.contains(identifier) {
            try patient.env.create(
                PatientIdentifier.self,
                ["patient_id": .int(patient.id), "system": .text(identifier.system), "value": .text(identifier.number)])
        }
    }

    /// Fills in what a known patient's record lacks; what is there is not overwritten by a referral.
    static func complete(_ patient: Record<Patient>, from values: ValueMap) throws {
        var values = values
        values["member_number"] = nil
        try complete(patient, from: values, PatientData(values))
    }

    private static func complete(_ patient: Record<Patient>, from values: ValueMap, _ data: PatientData) throws {
        try add(data.identifiers, to: patient)
        var missing = ValueMap()
        for entry in values.entries {
            guard let field = patient.records.model.field(entry.name), field.hasColumn, !entry.value.isFalsy else { continue }
            if try patient.value(entry.name).isFalsy { missing[entry.name] = entry.value }
        }
        if !missing.isEmpty { try patient.write(missing) }
    }

    /// The possible matches of a new patient as lines of a referral about to be made, so that it waits where it must.
    static func lines(_ result: PatientResult) -> Value {
        .list(
            result.candidates.prefix(5).map { candidate in
                [
                    0, 0,
                    [
                        "kind": "patient", "patient_id": .int(candidate.patient.id), "score": .double(candidate.score),
                        "explanation": .json(candidate.explanation),
                    ],
                ]
            })
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
            & .where("stage", .notIn, ["completed", "closed"]) & .where("received_on", .greaterOrEqual, .instant(since))
        for other in try env.search(Referral.self, domain, order: "id desc", limit: candidateLimit)
        where other != referral.previous && other.previous != referral {
            if referral.matches.contains(where: { $0.other == other }) { continue }
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

extension Domain {
    /// Records whose field is a text, whatever its case; the text is no pattern.
    static func named(_ field: String, _ text: String) -> Domain {
        var pattern = ""
        for character in text {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        return .where(field, .exactIlike, .text(pattern))
    }
}
