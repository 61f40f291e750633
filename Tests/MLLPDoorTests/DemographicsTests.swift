import Base
import HL7v2
import Kernel
import MLLPDoor
import Referrals
import Testing

extension MLLPDoorTests {
    @Suite struct DemographicsTests {
        @Test("a reported patient is made, and changed by a later report")
        func addAndUpdate() async throws {
            try await withDoor { fixture, client in
                let added = try client.ask(Messages.demographics("A28", id: "A-1"))
                #expect(added["MSA-1"] == "AA" && added["MSH-9.1"] == "ACK" && added.event == "A28")
                for (event, id, name) in [("A31", "A-2", "Tester^Hanna"), ("A08", "A-3", "Tester-Bell^Hanna")] {
                    let answer = try client.ask(Messages.demographics(event, id: id, patient: Messages.patient(name: name)))
                    #expect(answer["MSA-1"] == "AA" && answer["MSA-2"] == id)
                }
                let names = try fixture.read { env in try env.search(Patient.self).map(\.displayedName) }
                #expect(names == ["Tester-Bell, Hanna"])
            }
        }

        @Test("a patient who is added twice is one patient")
        func addedTwice() async throws {
            try await withDoor { fixture, client in
                _ = try client.ask(Messages.demographics("A28", id: "A-1"))
                let second = try client.ask(Messages.demographics("A28", id: "A-2", patient: Messages.patient(born: "19840301")))
                #expect(second["MSA-1"] == "AA")
                let days = try fixture.read { env in try env.search(Patient.self).map(\.birthDate) }
                #expect(days == [Day(1984, 3, 1)])
            }
        }

        @Test("HL7's explicit null removes a value, silence keeps it")
        func explicitNull() async throws {
            try await withDoor { fixture, client in
                _ = try client.ask(Messages.demographics("A28", id: "A-1"))
                let pid = "PID|1||MRN-5^^^NORTH&2.16.840.1.113883.3.1&ISO^MR||Tester^Anna^Q||||||||\"\""
                #expect(try client.ask(Messages.demographics("A31", id: "A-2", patient: pid))["MSA-1"] == "AA")
                try fixture.read { env in
                    let patient = try #require(try env.search(Patient.self).first)
                    #expect(patient.phone == "" && patient.city == "Harbour" && patient.birthDate == Day(1984, 2, 29))
                }
                let parts = "PID|1||MRN-5^^^NORTH&2.16.840.1.113883.3.1&ISO^MR||Tester^\"\"||\"\"|\"\"|||12 Sea Ln^^\"\""
                #expect(try client.ask(Messages.demographics("A31", id: "A-3", patient: parts))["MSA-1"] == "AA")
                try fixture.read { env in
                    let patient = try #require(try env.search(Patient.self).first)
                    #expect(patient.displayedName == "Tester" && patient.birthDate == nil && patient.sex == .unknown)
                    #expect(patient.city == "" && patient.zip == "04101" && patient.street == "12 Sea Ln")
                }
            }
        }

        @Test("an unknown patient cannot be updated")
        func unknown() async throws {
            try await withDoor { fixture, client in
                for (event, id) in [("A31", "A-1"), ("A08", "A-2")] {
                    let answer = try client.ask(Messages.demographics(event, id: id))
                    #expect(answer["MSA-1"] == "AE" && answer["ERR-2.1"] == "PID" && answer["ERR-2.3"] == "3" && answer["ERR-3.1"] == "204")
                }
                #expect(try fixture.count(Patient.self) == 0)
            }
        }

        @Test("a patient of another company is neither found nor changed")
        func otherCompany() async throws {
            try await withDoor { fixture, client in
                _ = try client.ask(Messages.demographics("A28", id: "A-1"))
                try fixture.makeSite("South", login: "south")
                await fixture.door.stop(graceSeconds: 0)
                try fixture.makeDoor { $0.senders = [MLLPSender(application: "CLINIC", facility: "SOUTH", login: "south")] }
                let south = try Client(port: fixture.door.port)
                let update = Messages.demographics("A31", id: "A-2").replacing("CLINIC|NORTH", with: "CLINIC|SOUTH")
                #expect(try south.ask(update)["ERR-5.1"] == "patient.unknown")
                let referral = try south.ask(Messages.referral(id: "S-1", sender: "CLINIC|SOUTH"))
                #expect(referral["MSA-1"] == "AA")
                try fixture.read { env in
                    let everywhere = try env.with(context: ["active_test": false])
                    let patients = try everywhere.search(Patient.self, order: "id")
                    #expect(patients.count == 2 && patients[0].company != patients[1].company)
                    #expect(try everywhere.search(Referral.self).first?.company?.displayedName == "South")
                }
                let status = Messages.status(id: "S-2", sender: "CLINIC|NORTH")
                #expect(try south.ask(status)["ERR-5.1"] == "referral.unknown")
            }
        }

        @Test("a sender that nobody acts for is refused, and what it sent is kept")
        func unknownSender() async throws {
            try await withDoor({
                $0.defaultLogin = nil
            }) { fixture, client in
                let answer = try client.ask(Messages.demographics("A28", id: "A-1"))
                #expect(answer["MSA-1"] == "AR" && answer["ERR-5.1"] == "mllp.unknown_sender")
                #expect(try fixture.count(Patient.self) == 0)
                #expect(try fixture.count(Intake.self, .where("state", .equal, "failed")) == 1)
            }
        }

        @Test("a login that does not exist stops the start with its name")
        func unknownLogin() async throws {
            let fixture = try Fixture(starts: false)
            try fixture.makeDoor({ $0.senders = [MLLPSender(application: "X", login: "nobody")] }, starts: false)
            let door = fixture.door
            #expect { try door.start() } throws: { error in
                (error as? Refusal)?.code == "mllp.unknown_user" && "\(error)".contains("nobody")
            }
            await fixture.end()
        }
    }
}

extension Fixture {
    /// A company of its own, with a user who acts for its senders.
    func makeSite(_ name: String, login: String) throws {
        try write { env in
            let home = try env.create(Partner.self, ["name": .text(name), "is_company": true])
            let currency = try Reference.require("base.USD", env)
            let company = try env.create(
                Company.self, ["name": .text(name), "partner_id": .int(home.id), "currency_id": .int(currency)])
            try env.create(
                User.self,
                [
                    "login": .text(login), "name": .text(login), "company_id": .int(company.id),
                    "company_ids": .list([[6, 0, .ids([company.id])]]),
                    "group_ids": .list([[6, 0, .ids([try Reference.require("referrals.group_integration", env)])]]),
                ])
        }
    }
}
