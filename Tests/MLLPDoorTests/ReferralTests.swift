import Base
import Exceptions
import Foundation
import HL7v2
import Kernel
import Referrals
import Testing

extension MLLPDoorTests {
    @Suite struct ReferralTests {
        @Test("a new referral is stored, carried out and answered with our number")
        func newReferral() async throws {
            try await withDoor { fixture, client in
                let answer = try client.ask(Messages.referral(id: "C-1", more: [Messages.document] + Messages.texts))
                #expect(answer["MSA-1"] == "AA" && answer["MSA-2"] == "C-1")
                #expect(answer["MSH-9.1"] == "RRI" && answer.event == "I12" && answer["MSH-9.3"] == "RRI_I12")
                #expect(answer["RF1-6.1"] == "N-77" && answer["RF1-1.1"] == "P" && answer["RF1-2.1"] == "A")
                #expect(answer["PID-5.1"] == "Tester" && answer["PRD-7.1"] == "1234567893")
                let number = answer["RF1-11.1"]
                try fixture.read { env in
                    let all = try env.search(Referral.self)
                    let referral = try #require(all.first)
                    #expect(all.count == 1 && referral.number == number)
                    #expect(referral.externalId == "N-77" && referral.sender == "CLINIC|NORTH" && referral.channel == .hl7v2)
                    #expect(referral.specialty?.code == "CARD" && referral.urgency == .urgent && referral.requested == "ECG with report")
                    #expect(referral.diagnosisCodes == "I47.1" && referral.procedureCodes == "93000")
                    #expect(referral.reasonText.contains("Palpitations at rest") && referral.reasonText.contains("First line\nSecond line"))
                    #expect(referral.reasonText.contains("Heart rate: 118 /min"))
                    #expect(referral.referrer?.displayedName == "Dr Ada Okafor" && referral.authorizations.first?.number == "AUTH-9")
                    #expect(referral.coverage?.memberNumber == "MEM-7" && referral.coverage?.plan == "Gold plan")
                    #expect(referral.payer?.displayedName == "Meridian Health")
                    let patient = try #require(referral.patient)
                    #expect(patient.familyName == "Tester" && patient.givenName == "Anna Q" && patient.birthDate == Day(1984, 2, 29))
                    #expect(patient.sex == .female && patient.mrn == "MRN-5" && patient.zip == "04101" && patient.phone.contains("5550100"))
                    #expect(patient.identifiers.first?.system == "urn:oid:2.16.840.1.113883.3.1")
                    #expect(referral.documents.first?.kind == "ecg" && referral.documents.first?.mediaType == "application/pdf")
                    #expect(referral.intake?.state == .processed && referral.missing == 0)
                }
            }
        }

        @Test("the example with an ECG is complete and goes straight on to eligibility")
        func example() async throws {
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let text = String(decoding: try Data(contentsOf: root.appendingPathComponent("Examples/referral-with-ecg.hl7")), as: UTF8.self)
            try await withDoor { fixture, client in
                #expect(try client.ask(text)["MSA-1"] == "CA")
                let answer = try client.receiveMessage()
                #expect(answer["MSA-1"] == "AA" && answer["RF1-1.4"] == "eligibility")
                let kinds = try fixture.read { env in try env.search(Document.self).map { "\($0.kind) \($0.mediaType)" } }
                #expect(kinds == ["ecg application/pdf"])
            }
        }

        @Test("the original is kept byte for byte")
        func original() async throws {
            let text = Messages.referral(id: "C-2")
            try await withDoor { fixture, client in
                _ = try client.ask(text)
                let kept = try fixture.read { env in try env.search(Intake.self).map(\.content) }
                #expect(kept == [Array(text.utf8)])
            }
        }

        @Test("a changed referral stays the same one")
        func update() async throws {
            try await withDoor { fixture, client in
                let first = try client.ask(Messages.referral(id: "C-1"))
                let second = try client.ask(Messages.referral("I13", id: "C-2", more: ["NTE|1||Now with syncope"]))
                #expect(second["MSA-1"] == "AA" && second.event == "I13" && second["RF1-11.1"] == first["RF1-11.1"])
                let reasons = try fixture.read { env in try env.search(Referral.self).map(\.reasonText) }
                #expect(reasons.count == 1 && reasons[0].contains("Now with syncope"))
            }
        }

        @Test("what a changed referral is silent about stays as it was")
        func silence() async throws {
            try await withDoor { fixture, client in
                _ = try client.ask(Messages.referral(id: "C-1", more: Messages.texts))
                let before = try fixture.facts()
                let short = [Messages.header("REF^I13^REF_I12", id: "C-2"), "RF1||||||N-77", Messages.patient(), "NTE|1||Now with syncope"]
                #expect(try client.ask(Messages.lines(short))["MSA-1"] == "AA")
                var after = try fixture.facts()
                #expect(after.removeValue(forKey: "reason_text") == (before["reason_text"] ?? "") + "\nNow with syncope")
                for (name, value) in after { #expect(value == before[name], "\(name)") }
                #expect(before["urgency"] == "urgent" && before.allSatisfy { $0.key == "practice" || !$0.value.isEmpty })
                // The same number again in a new referral message is news of the same referral, silent or not.
                let again = [Messages.header("REF^I12^REF_I12", id: "C-3"), "RF1||||||N-77", Messages.provider, Messages.patient()]
                #expect(try client.ask(Messages.lines(again))["MSA-1"] == "AA")
                #expect(try fixture.facts()["urgency"] == "urgent")
            }
        }

        @Test("HL7's explicit null takes back what a referral said")
        func explicitNull() async throws {
            try await withDoor { fixture, client in
                _ = try client.ask(Messages.referral(id: "C-1"))
                let null = HL7Message.null
                let changed = [
                    Messages.header("REF^I13^REF_I12", id: "C-2"), "RF1||\(null)|\(null)|||N-77||||\(null)",
                    "PRD|RP^Referring Provider^HL70286|\(null)|||||\(null)|||\(null)", Messages.patient(), "IN1|1||\(null)|\(null)",
                    "DG1|1||\(null)", "PR1|1||\(null)", "OBR|1|N-77||\(null)",
                ]
                #expect(try client.ask(Messages.lines(changed))["MSA-1"] == "AA")
                let facts = try fixture.facts()
                #expect(facts["urgency"] == "routine")
                for (name, value) in facts where name != "urgency" { #expect(value.isEmpty, "\(name) is \(value)") }
                let names = try fixture.read { env in try env.search(Partner.self).map(\.displayedName) }
                #expect(!names.contains { $0.contains(null) })
            }
        }

        @Test("a cancelled referral is closed with the referrer's reason")
        func cancel() async throws {
            try await withDoor { fixture, client in
                _ = try client.ask(Messages.referral(id: "C-1"))
                let answer = try client.ask(Messages.cancel(id: "C-2"))
                #expect(answer["MSA-1"] == "AA" && answer["RF1-1.1"] == "E" && answer["RF1-1.4"] == "closed")
                let states = try fixture.read { env in
                    try env.search(Referral.self).map { "\($0.stage?.rawValue ?? "") \($0.reason?.code ?? "")" }
                }
                #expect(states == ["closed cancel.referrer"])
            }
        }

        @Test("a question about a referral is answered with its stage, also by our number")
        func status() async throws {
            try await withDoor { fixture, client in
                let first = try client.ask(Messages.referral(id: "C-1"))
                let answer = try client.ask(Messages.status(id: "C-2"))
                let stage = try fixture.read { env in try env.search(Referral.self).first?.stage?.rawValue }
                #expect(answer["MSA-1"] == "AA" && answer["MSH-9.1"] == "RRI" && answer.event == "I15")
                #expect(answer["RF1-1.1"] == "P" && answer["RF1-1.4"] == stage)
                let number = first["RF1-11.1"] ?? ""
                let ours = Messages.status(id: "C-3", number: "").replacing("RF1||||||", with: "RF1|||||||||||\(number)")
                #expect(try client.ask(ours)["RF1-6.1"] == "N-77")
            }
        }

        @Test("a sender learns nothing of another sender's referral")
        func otherSender() async throws {
            try await withDoor { _, client in
                _ = try client.ask(Messages.referral(id: "C-1"))
                let answer = try client.ask(Messages.status(id: "C-2", sender: "OTHER|SOUTH"))
                #expect(answer["MSA-1"] == "AE" && answer["ERR-2.1"] == "RF1" && answer["ERR-3.1"] == "204" && answer["RF1-11.1"] == nil)
            }
        }

        @Test("a future birth date is refused at its place, kept, and given an owner")
        func futureBirth() async throws {
            try await withDoor { fixture, client in
                let answer = try client.ask(Messages.referral(id: "C-1", patient: Messages.patient(born: "20991231")))
                #expect(answer["MSA-1"] == "AE" && answer["ERR-2.1"] == "PID" && answer["ERR-2.3"] == "7")
                #expect(answer["ERR-5.1"] == "patient.birth_date" && !(answer["ERR-8.1"] ?? "").isEmpty)
                #expect(try fixture.count(Referral.self) == 0)
                #expect(try fixture.count(Patient.self) == 0)
                try fixture.read { env in
                    let intake = try #require(try env.search(Intake.self).first)
                    #expect(intake.state == .failed && intake.errorCode == "patient.birth_date")
                    let problem = try #require(try env.search(ExceptionCase.self).first)
                    #expect(problem.user != nil && problem.cause == "patient.birth_date")
                }
            }
        }

        @Test("a message that lacks something essential says which field")
        func missing() async throws {
            try await withDoor { _, client in
                let unnamed = try client.ask(Messages.referral(id: "C-1", patient: Messages.patient(name: "")))
                #expect(unnamed["MSA-1"] == "AE" && unnamed["ERR-2.1"] == "PID" && unnamed["ERR-2.3"] == "5" && unnamed["ERR-3.1"] == "101")
                let badDate = try client.ask(Messages.referral(id: "C-2", patient: Messages.patient(born: "19841340")))
                #expect(badDate["MSA-1"] == "AE" && badDate["ERR-2.3"] == "7")
                let without = try client.ask(Messages.lines([Messages.header("REF^I12", id: "C-3"), "RF1||||||N-1"]))
                #expect(without["MSA-1"] == "AE" && without["ERR-2.1"] == "PID" && without["ERR-3.1"] == "100")
                let unknown = try client.ask(Messages.cancel(id: "C-4", number: "N-404"))
                #expect(unknown["MSA-1"] == "AE" && unknown["ERR-5.1"] == "referral.unknown")
            }
        }
    }
}
