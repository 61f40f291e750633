import Base
import Exceptions
import Kernel
import Referrals
import TestKit
import Testing

@Suite struct IntakeTests {
    private func store(_ clinic: Clinic, _ control: String, _ content: String, sender: String = "EHR") throws -> IntakeDesk.Receipt {
        try clinic.world.act(as: "hl7") { env in
            try IntakeDesk.store(
                IntakeDesk.Arrival(
                    channel: .hl7v2, sender: sender, controlId: control, name: "REF^I12", mediaType: "x-application/hl7-v2+er7",
                    content: Array(content.utf8)), in: env)
        }
    }

    private func accept(_ clinic: Clinic, _ data: ReferralData, _ intake: Int) throws -> Int {
        try clinic.world.act(as: "hl7") { env in try IntakeDesk.accept(data, intake: intake, in: env).id }
    }

    @Test("the original is stored before anybody understands it, and stays when nobody does")
    func storedFirst() throws {
        let clinic = try Clinic()
        let receipt = try store(clinic, "C1", "garbage")
        #expect(!receipt.isDuplicate)
        var data = clinic.data()
        data.patient["birth_date"] = "2031-01-01"
        let error = clinic.refusal { _ = try accept(clinic, data, receipt.intakeId) }
        #expect(error == "patient.birth_date")
        try clinic.world.act(as: "hl7") { env in
            try IntakeDesk.fail(
                Refusal("patient.birth_date", .validation, "Bad date.", instruction: "Check it."), intake: receipt.intakeId, in: env)
        }
        try clinic.world.act { env in
            let intake = env.record(Intake.self, receipt.intakeId)
            #expect(intake.state == .failed)
            #expect(intake.content == Array("garbage".utf8))
            #expect(intake.errorCode == "patient.birth_date")
            let raised = try #require(try env.search(ExceptionCase.self).first)
            #expect(raised.cause == "patient.birth_date")
            #expect(raised.user?.id == 2)
            #expect(raised.deadline == env.now + 8 * 3_600)
            #expect(raised.remedy == "Check it.")
            #expect(raised.recordModel == "care.intake")
            #expect(raised.record == intake.id)
            #expect(raised.state == .open)
        }
    }

    @Test("a repeated control id is answered again and carried out once; what came with it is kept")
    func repeatedControlIds() throws {
        let clinic = try Clinic()
        let first = try store(clinic, "C1", "one")
        let id = try accept(clinic, clinic.data(), first.intakeId)
        try clinic.world.act(as: "hl7") { env in try IntakeDesk.keep(answer: [65, 65], intake: first.intakeId, in: env) }
        let again = try store(clinic, "C1", "one")
        #expect(again.isDuplicate)
        #expect(again.isFinished)
        #expect(again.answer == [65, 65])
        #expect(again.referralId == id)
        #expect(try accept(clinic, clinic.data(), again.intakeId) == id)
        let changed = try store(clinic, "C1", "one, sent again with another time")
        #expect(changed.isDuplicate)
        #expect(changed.answer == [65, 65])
        _ = try store(clinic, "C1", "one, sent again with another time")
        try clinic.world.act { (env: Environment) throws -> Void in
            #expect(try env.count(Referral.self) == 1)
            #expect(try env.search(Intake.self, order: "id").map(\.state) == [.processed, .duplicate])
        }
        #expect(!(try store(clinic, "C1", "one", sender: "OTHER").isDuplicate))
        #expect(!(try store(clinic, "", "no number").isDuplicate))
        #expect(try store(clinic, "", "no number").isDuplicate)
    }

    @Test("a message that was stored but not carried out is carried out when it comes again; a failed one may be tried anew")
    func unfinishedMessages() throws {
        let clinic = try Clinic()
        let first = try store(clinic, "C1", "one")
        let again = try store(clinic, "C1", "one")
        #expect(again.isDuplicate)
        #expect(!again.isFinished)
        #expect(again.intakeId == first.intakeId)
        try clinic.world.act(as: "hl7") { env in try IntakeDesk.fail(Refusal("x.y", .invalid, "No."), intake: first.intakeId, in: env) }
        let retried = try store(clinic, "C1", "one")
        #expect(retried.intakeId == first.intakeId)
        #expect(!retried.isFinished)
        #expect(!(try store(clinic, "C1", "corrected").isDuplicate))
    }

    @Test("the same number from the same sender updates the referral")
    func sameNumberUpdates() throws {
        let clinic = try Clinic()
        var data = clinic.data("CARD")
        data.externalId = "E1"
        let id = try clinic.arrive(data)
        #expect(try clinic.stage(id) == .review)
        data.files = [ReferralData.File(name: "ecg.pdf", kind: "ecg", mediaType: "application/pdf", bytes: [5])]
        data.reasonText = "Now with the ECG"
        #expect(try clinic.arrive(data) == id)
        try clinic.world.act { (env: Environment) throws -> Void in
            #expect(env.record(Referral.self, id).reasonText == "Now with the ECG")
            #expect(env.record(Referral.self, id).documents.count == 1)
            #expect(try env.count(Referral.self) == 1)
        }
        #expect(try clinic.stage(id) == .eligibility)
        data.patient = clinic.data(mrn: "OTHER").patient
        #expect(clinic.refusal { _ = try clinic.arrive(data) } == "referral.other_patient")
    }

    @Test("a sender takes its referral back, and cannot change what is closed or was never there")
    func cancelling() throws {
        let clinic = try Clinic()
        var data = clinic.data()
        data.externalId = "E1"
        let id = try clinic.arrive(data)
        data.intent = .cancel
        #expect(try clinic.arrive(data) == id)
        try clinic.world.act { env in
            #expect(env.record(Referral.self, id).stage == .closed)
            #expect(env.record(Referral.self, id).reason?.code == "cancel.referrer")
        }
        #expect(try clinic.arrive(data) == id)
        data.intent = .update
        #expect(clinic.refusal { _ = try clinic.arrive(data) } == "referral.final")
        data.externalId = "E2"
        #expect(clinic.refusal { _ = try clinic.arrive(data) } == "referral.unknown")
    }

    @Test("a message is kept whole or refused: too large, and nothing half done")
    func wholeOrNothing() throws {
        let clinic = try Clinic()
        let code = clinic.refusal {
            _ = try clinic.world.act(as: "hl7") { env in
                try IntakeDesk.store(
                    IntakeDesk.Arrival(
                        channel: .fhir, sender: "s", name: "n", mediaType: "t",
                        content: Array(repeating: 0, count: IntakeDesk.sizeLimit + 1)), in: env)
            }
        }
        #expect(code == "intake.too_large")
        var data = clinic.data()
        data.coverage = ["no_such_field": 1]
        #expect(clinic.refusal { _ = try clinic.arrive(data) } == "field.unknown")
        #expect(try clinic.world.act { env in try env.count(Patient.self) + env.count(Referral.self) + env.count(Intake.self) } == 0)
    }
}
