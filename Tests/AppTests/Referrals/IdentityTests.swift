import Base
import JSON
import Kernel
import Referrals
import TestKit
import Testing

@Suite struct IdentityTests {
    private static let known: ValueMap = [
        "family_name": "Okonkwo", "given_name": "Adaeze", "birth_date": "1980-04-09", "sex": "female", "phone": "+12185550111",
        "zip": "55701",
        "mrn": "A1", "identifiers": [["system": "urn:mrn", "value": "A1"]],
    ]

    private func find(_ change: ValueMap, dropping names: [String] = []) throws -> (isNew: Bool, best: Double) {
        let world = try World()
        let first = try world.act { env in try Matching.findOrMake(Self.known, in: env).record.id }
        return try world.act { env in
            var values = Self.known.merging(change)
            for name in names { values[name] = nil }
            let referral = try env.create(Referral.self, [:])
            let result = try Matching.findOrMake(values, in: env)
            try Matching.note(result, on: referral)
            if !result.isNew { #expect(result.record.id == first) }
            let match = referral.matches.first
            if let match { #expect(!(match.explanation.arrayValue ?? []).isEmpty) }
            return (result.isNew, match?.score ?? 0)
        }
    }

    @Test("the same number and name are the same patient, typos and a married name notwithstanding")
    func certainMatches() throws {
        #expect(try find([:]) == (false, 0))
        #expect(try find(["family_name": "Okonkow", "given_name": "Adaze"]) == (false, 0))
        #expect(try find(["family_name": "Lindqvist"]) == (false, 0))
        #expect(try find([:], dropping: ["mrn", "identifiers"]) == (false, 0))
        #expect(try find(["birth_date": "1980-09-04"]) == (false, 0))
    }

    @Test(
        "below certainty nobody is linked silently: a person is asked", arguments: ["twin", "swapped", "born otherwise", "typo", "number"])
    func possibleMatches(which: String) throws {
        let (isNew, best) =
            switch which {
            case "twin": try find(["given_name": "Chiamaka"], dropping: ["mrn", "identifiers"])
            case "swapped": try find(["birth_date": "1980-09-04"], dropping: ["mrn", "identifiers"])
            case "born otherwise": try find(["birth_date": "1951-01-30"])
            case "typo": try find(["family_name": "Okonkwe"], dropping: ["mrn", "identifiers", "zip", "phone"])
            default: try find(["given_name": "Bartholomew", "sex": "male"])
            }
        #expect(isNew)
        #expect(best >= Matching.possible, "\(which)")
        #expect(best < Matching.certain, "\(which)")
    }

    @Test("the same name with another birth date is another patient, whatever else agrees")
    func anotherBirthDate() throws {
        #expect(try find(["birth_date": "1981-04-09"]).isNew)
        #expect(try find(["birth_date": "1955-12-24"], dropping: ["mrn", "identifiers"]).isNew)
        #expect(try find(["birth_date": "1955-12-24"], dropping: ["mrn", "identifiers", "phone", "zip"]) == (true, 0))
    }

    @Test("a birth date in the future is refused, and so is a patient without a name")
    func impossiblePatients() throws {
        let clinic = try Clinic()
        var data = clinic.data()
        data.patient["birth_date"] = "2031-01-01"
        #expect(clinic.refusal { _ = try clinic.arrive(data) } == "patient.birth_date")
        data.patient = ["given_name": "Ada"]
        #expect(clinic.refusal { _ = try clinic.arrive(data) } == "patient.no_name")
        #expect(try clinic.world.act { env in try env.count(Patient.self) + env.count(Referral.self) } == 0)
    }

    @Test("names are texts and not patterns")
    func namesAreNoPatterns() throws {
        let clinic = try Clinic()
        var data = clinic.data()
        data.payer.number = ""
        data.payer.name = "%"
        data.specialty = "%"
        let id = try clinic.arrive(data)
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.payer?.displayedName == "%")
            #expect(referral.specialty == nil)
        }
    }

    @Test("two practitioners with one name and two numbers are two")
    func practitionersByNumber() throws {
        let clinic = try Clinic()
        var data = clinic.data()
        data.referrer.name = "Dr Sender"
        data.referrer.number = "1245319599"
        let id = try clinic.arrive(data)
        #expect(try clinic.world.act { env in env.record(Referral.self, id).referrer?.id } != clinic.referrer)
        data.referrer.number = ""
        data.patient["mrn"] = "MRN5"
        let unnamed = try clinic.arrive(data)
        #expect(try clinic.world.act { env in env.record(Referral.self, unnamed).referrer != nil })
    }
}
