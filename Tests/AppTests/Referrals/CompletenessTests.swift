import Base
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

@Suite struct CompletenessTests {
    private func missing(_ clinic: Clinic, _ id: Int) throws -> [String] {
        try clinic.world.act { env in env.record(Referral.self, id).requirements.filter { $0.state == .missing }.map(\.code) }
    }

    @Test(
        "each specialty and payer asks for its own items",
        arguments: [
            ("DERM", "SUMMIT", []), ("CARD", "SUMMIT", ["ecg"]), ("ORTH", "SUMMIT", ["imaging"]),
            ("ONCO", "SUMMIT", ["pathology", "diagnosis"]),
            ("IMAG", "SUMMIT", ["procedure"]), ("DERM", "MERIDIAN", ["diagnosis"]), ("CARD", "MERIDIAN", ["ecg", "diagnosis"]),
        ] as [(String, String, [String])])
    func itemsBySpecialtyAndPayer(specialty: String, payer: String, items: [String]) throws {
        let clinic = try Clinic()
        var data = clinic.data(specialty, payer: payer)
        data.diagnosisCodes = []
        let id = try clinic.arrive(data)
        #expect(try missing(clinic, id) == items)
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.missing == items.count)
            #expect(referral.isComplete == items.isEmpty)
        }
    }

    @Test("facts that are filled in later complete the documentation")
    func laterFactsComplete() throws {
        let clinic = try Clinic()
        var data = clinic.data("IMAG")
        data.patient["phone"] = nil
        let id = try clinic.arrive(data)
        #expect(try missing(clinic, id) == ["contact", "procedure"])
        try clinic.world.act(as: "coord") { env in
            let referral = env.record(Referral.self, id)
            try referral.patient?.write(["phone": "+12185550123"])
            try referral.write(["procedure_codes": "72148"])
        }
        #expect(try clinic.stage(id) == .eligibility)
    }

    @Test("an item is not there because somebody says so: the field must be filled in, the document must be the referral's")
    func itemsMustBeThere() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("IMAG"))
        let said = clinic.refusal {
            try clinic.each("coord", Requirement.self, of: id, "requirement_ids", "action_receive", only: "procedure")
        }
        #expect(said == "requirement.enter_it")
        let other = try clinic.atBooking(mrn: "MRN8")
        let heart = try clinic.arrive(clinic.data("CARD", mrn: "MRN7"))
        let document = try clinic.world.act { env in env.record(Referral.self, other).documents.ids[0] }
        let foreign = clinic.refusal {
            try clinic.each(
                "coord", Requirement.self, of: heart, "requirement_ids", "action_receive", ["document_id": .int(document)], only: "ecg")
        }
        #expect(foreign == "requirement.other_document")
    }

    @Test("a waiver is a named manager's, has a reason, and a comment where the reason wants one")
    func waiversAreNamed() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("CARD"))
        let waive = { (login: String, arguments: ValueMap) in
            try clinic.each(login, Requirement.self, of: id, "requirement_ids", "action_waive", arguments, only: "ecg")
        }
        #expect(clinic.refusal { try waive("coord", ["reason_id": "waive.known"]) } == "access.denied")
        #expect(clinic.refusal { try waive("boss", [:]) } == "referral.reason_missing")
        #expect(clinic.refusal { try waive("boss", ["reason_id": "cancel.patient"]) } == "referral.reason_missing")
        #expect(clinic.refusal { try waive("boss", ["reason_id": "waive.urgent", "comment": "  "]) } == "referral.comment_missing")
        try waive("boss", ["reason_id": "waive.urgent", "comment": "Pain at rest"])
        let boss = try clinic.world.user("boss").id
        try clinic.world.act { env in
            let item = try #require(env.record(Referral.self, id).requirements.first { $0.code == "ecg" })
            #expect(item.state == .waived)
            #expect(item.waivedBy?.id == boss)
            #expect(item.waivedOn == env.now)
            #expect(item.comment == "Pain at rest")
            let bodies = try env.search(Message.self, .where("model", .equal, "care.referral") & .where("res_id", .equal, .int(id))).map(
                \.body)
            #expect(bodies.contains { $0.contains("was waived by boss") })
        }
        #expect(try clinic.stage(id) == .eligibility)
        try clinic.call("coord", id, "action_advance")
        #expect(try clinic.world.act { env in env.record(Referral.self, id).missing } == 0)
    }

    @Test("the sender is asked by mail for what is missing, without a word about the patient")
    func theSenderIsAsked() throws {
        let clinic = try Clinic()
        var data = clinic.data("CARD", family: "Geheimnisvoll", given: "Xanthippe")
        data.diagnosisCodes = ["I25.10"]
        data.reasonText = "Suspected infarction"
        let id = try clinic.arrive(data)
        try clinic.call("coord", id, "action_ask_sender")
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.isAwaitingSender)
            #expect(referral.taskStatus == "on-hold")
            #expect(referral.businessStatus == "awaiting-sender")
            let mails = try env.search(OutgoingMail.self)
            #expect(mails.map(\.to) == ["dr.sender@clinics.example"])
            let mail = try #require(mails.first)
            #expect(mail.body.contains("ECG of the last 90 days"))
            #expect(mail.subject.contains(referral.number))
            for secret in ["Geheimnisvoll", "Xanthippe", "1980", "I25", "infarction", "MRN1", "2185550111"] {
                #expect(!(mail.subject + mail.body + mail.from).contains(secret), "\(secret)")
            }
            #expect(referral.requirements.first { $0.code == "ecg" }?.requestedOn == env.now)
        }
        #expect(!(try clinic.actions("coord", id).contains("action_ask_sender")))
    }

    @Test("a document that arrives afterwards is what was waited for")
    func documentsFulfil() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("CARD"))
        let document = try clinic.world.act { env in
            try env.create(Document.self, ["name": "ecg.pdf", "kind": "ecg", "state": "checked", "content": .bytes([7])]).id
        }
        try clinic.world.act(as: "coord") { env in
            _ = try env.records(Document.self, [document]).call("action_attach", ["referral_id": .int(id)])
        }
        try clinic.world.act { env in
            let item = env.record(Referral.self, id).requirements.first { $0.code == "ecg" }
            #expect(item?.state == .received)
            #expect(item?.document?.id == document)
            #expect(env.record(Document.self, document).patient == env.record(Referral.self, id).patient)
        }
        #expect(try clinic.stage(id) == .eligibility)
    }

    @Test("a person enters a referral from a document, but nothing that only actions may set")
    func enteringFromADocument() throws {
        let clinic = try Clinic()
        let document = try clinic.world.act { env in
            try env.create(Document.self, ["name": "fax.pdf", "state": "checked", "content": .bytes([7])]).id
        }
        let data = clinic.data()
        let id = try clinic.world.act(as: "coord") { env in
            try env.records(Document.self, [document]).call(
                "action_enter",
                [
                    "patient": .map(data.patient), "reason_text": "See", "network_approved_by": 2, "stage": "completed",
                    "company_id": .int(clinic.siteB),
                ]
            ).intValue ?? 0
        }
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.channel == .document)
            #expect(referral.networkApprover == nil)
            #expect(referral.company?.id == 1)
            #expect(referral.patient?.familyName == "Testperson")
            #expect(env.record(Document.self, document).state == .entered)
        }
        #expect(try clinic.stage(id) == .review)
    }
}
