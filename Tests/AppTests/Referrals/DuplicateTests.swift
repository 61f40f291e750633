import Base
import JSON
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

@Suite struct DuplicateTests {
    private func matches(_ clinic: Clinic, _ id: Int) throws -> [Int] {
        try clinic.world.act { env in env.record(Referral.self, id).matches.ids }
    }

    @Test("a second referral of a patient to the same specialty waits until a person says whether it is the same")
    func doubledReferralsWait() throws {
        let clinic = try Clinic()
        let first = try clinic.atTriage()
        let second = try clinic.arrive(clinic.data())
        #expect(try clinic.stage(second) == .review)
        try clinic.world.act { env in
            let match = try #require(env.record(Referral.self, second).matches.first)
            #expect(match.other?.id == first)
            #expect(match.score >= Matching.certain)
            let said = (match.explanation.arrayValue ?? []).compactMap { $0["what"]?.stringValue }
            #expect(said == ["patient", "specialty", "referrer", "diagnosis codes"])
            let work = try env.search(Activity.self, .where("res_id", .equal, .int(second)) & .where("res_model", .equal, "care.referral"))
            #expect(work.map(\.cause) == ["referral.match"])
        }
        let match = try matches(clinic, second)
        try clinic.world.act(as: "coord") { env in _ = try env.records(Match.self, match).call("action_different") }
        #expect(try clinic.stage(second) == .triage)
        #expect(try clinic.world.act { env in env.record(Match.self, match[0]).decidedBy?.login } == "coord")
    }

    @Test("a referral that is the same is closed as a duplicate and leaves its documents to the first")
    func sameReferral() throws {
        let clinic = try Clinic()
        let first = try clinic.arrive(clinic.data("CARD"))
        var data = clinic.data("CARD")
        data.files = [ReferralData.File(name: "ecg.pdf", kind: "ecg", mediaType: "application/pdf", bytes: [5])]
        let second = try clinic.arrive(data)
        let match = try matches(clinic, second)
        try clinic.world.act(as: "coord") { env in _ = try env.records(Match.self, match).call("action_same") }
        try clinic.world.act { env in
            let doubled = env.record(Referral.self, second)
            #expect(doubled.stage == .closed)
            #expect(doubled.reason?.code == "cancel.duplicate")
            #expect(doubled.duplicateOf?.id == first)
            #expect(doubled.documents.isEmpty)
            #expect(env.record(Referral.self, first).documents.count == 1)
            #expect(env.record(Referral.self, first).missing == 0)
        }
        #expect(try clinic.stage(first) == .eligibility)
    }

    @Test("merging two records of one patient brings coverages, numbers, documents and referrals together, and deletes nothing")
    func samePatient() throws {
        let clinic = try Clinic()
        let first = try clinic.atTriage()
        var data = clinic.data("GAST", family: "Testpersom", mrn: "X7")
        data.patient["phone"] = nil
        data.patient["zip"] = nil
        data.patient["email"] = "ada@people.example"
        data.files = [ReferralData.File(name: "a.pdf", kind: "letter", mediaType: "application/pdf", bytes: [5])]
        let second = try clinic.arrive(data)
        let (old, doubled) = try clinic.world.act { env in
            (env.record(Referral.self, first).patient?.id ?? 0, env.record(Referral.self, second).patient?.id ?? 0)
        }
        #expect(old != doubled)
        let match = try matches(clinic, second)
        #expect(match.count == 1)
        try clinic.world.act(as: "coord") { env in _ = try env.records(Match.self, match).call("action_same") }
        try clinic.world.act { env in
            let patient = env.record(Patient.self, old)
            let referral = env.record(Referral.self, second)
            #expect(referral.patient?.id == old)
            #expect(referral.documents.allSatisfy { $0.patient?.id == old })
            #expect(patient.coverages.count == 1)
            #expect(referral.coverage == env.record(Referral.self, first).coverage)
            #expect(Set(patient.identifiers.map(\.number)) == ["MRN1", "X7"])
            #expect(patient.email == "ada@people.example")
            let gone = env.record(Patient.self, doubled)
            #expect(!gone.active)
            #expect(gone.mergedInto?.id == old)
            #expect(referral.stage == .triage)
        }
        let values = data.patient
        try clinic.world.act { env in
            let again = try Matching.findOrMake(values, in: env)
            #expect(again.record.id == old)
        }
    }

    @Test("patients that are not the same stay two")
    func differentPatients() throws {
        let clinic = try Clinic()
        _ = try clinic.atTriage()
        var data = clinic.data("GAST", given: "Eva", mrn: "X7")
        data.patient["identifiers"] = nil
        let second = try clinic.arrive(data)
        let match = try matches(clinic, second)
        #expect(match.count == 1)
        try clinic.world.act(as: "coord") { env in _ = try env.records(Match.self, match).call("action_different") }
        #expect(try clinic.world.act { env in try env.count(Patient.self) } == 2)
    }

    @Test("a message that fits two certain patients waits for a person")
    func ambiguousPatients() throws {
        let clinic = try Clinic()
        try clinic.world.act { env in
            for _ in 0..<2 {
                try env.create(
                    Patient.self,
                    [
                        "family_name": "Testperson", "given_name": "Ada", "birth_date": "1980-04-09", "sex": "female", "zip": "55701",
                        "phone": "+12185550111",
                    ])
            }
        }
        var data = clinic.data()
        data.patient["identifiers"] = nil
        data.patient["mrn"] = nil
        let id = try clinic.arrive(data)
        #expect(try clinic.stage(id) == .review)
        #expect(try matches(clinic, id).count == 2)
    }
}
