import Exceptions
import HL7v2
import Kernel
import MLLPDoor
import Referrals
import Testing

extension MLLPDoorTests {
    @Suite struct AcknowledgementTests {
        @Test("in enhanced mode storing is acknowledged first, then the work")
        func enhanced() async throws {
            try await withDoor { _, client in
                let commit = try client.ask(Messages.referral(id: "E-1", tail: "|||AL|AL"))
                #expect(commit["MSA-1"] == "CA" && commit["MSH-9.1"] == "ACK" && commit["MSA-2"] == "E-1")
                let application = try client.receiveMessage()
                #expect(application["MSA-1"] == "AA" && application["MSH-9.1"] == "RRI" && application.controlId != commit.controlId)
            }
        }

        @Test("in enhanced mode the sender gets only the answers that it asked for")
        func conditions() async throws {
            try await withDoor { fixture, client in
                #expect(try client.ask(Messages.referral(id: "E-1", number: "N-1", tail: "|||AL|NE"))["MSA-1"] == "CA")
                #expect(try client.ask(Messages.referral(id: "E-2", number: "N-2", tail: "||||AL"))["MSA-1"] == "AA")
                // Wants no answer at all; the next one answers that the line is in order.
                try client.send(raw: Client.frame(Messages.referral(id: "E-3", number: "N-3", tail: "|||NE|NE")))
                #expect(try client.ask(Messages.status(id: "E-4", number: "N-3"))["MSA-2"] == "E-4")
                // Wants to hear of the work only when it fails.
                let bad = Messages.referral(
                    id: "E-5", number: "N-5", patient: Messages.patient("M-9", name: "Other^Olga", born: "20991231"), tail: "|||AL|ER")
                #expect(try client.ask(bad)["MSA-1"] == "CA")
                #expect(try client.receiveMessage()["MSA-1"] == "AE")
                #expect(try fixture.count(Referral.self) == 3)
            }
        }

        @Test("what is not for us is turned away with a commit reject in enhanced mode")
        func commitReject() async throws {
            try await withDoor { _, client in
                let answer = try client.ask(Messages.demographics("A40", id: "E-1", tail: "|||AL|AL"))
                #expect(answer["MSA-1"] == "CR" && answer["ERR-3.1"] == "201")
                #expect(try client.ask(Messages.demographics("A28", id: "E-2"))["MSA-1"] == "AA")
            }
        }

        @Test("other messages are rejected with what is taken instead, and kept")
        func rejected() async throws {
            try await withDoor({
                $0.processingIds = ["P"]
            }) { fixture, client in
                let cases = [
                    (Messages.lines([Messages.header("ORU^R01", id: "R-1")]), "200", "9"),
                    (Messages.demographics("A01", id: "R-2"), "201", "9"),
                    (Messages.referral("I16", id: "R-3"), "201", "9"),
                    (Messages.referral(id: "R-4", version: "9.9"), "203", "12"),
                    (Messages.demographics("A28", id: "R-5").replacing("|P|", with: "|T|"), "202", "11"),
                ]
                for (place, item) in cases.enumerated() {
                    let answer = try client.ask(item.0)
                    #expect(answer["MSA-1"] == "AR" && answer["MSA-2"] == "R-\(place + 1)")
                    #expect(answer["ERR-3.1"] == item.1 && answer["ERR-2.3"] == item.2 && !(answer["ERR-7.1"] ?? "").isEmpty)
                }
                #expect(try fixture.count(Intake.self, .where("state", .equal, "failed")) == cases.count)
                #expect(try fixture.exceptions() == cases.count)
            }
        }

        @Test("a message without control id is rejected, and kept by its content")
        func noControlId() async throws {
            try await withDoor { fixture, client in
                for _ in 0..<2 {
                    let answer = try client.ask(Messages.referral(id: ""))
                    #expect(answer["MSA-1"] == "AR" && answer["ERR-2.3"] == "10")
                }
                #expect(try fixture.count(Intake.self) == 1)
                #expect(try fixture.exceptions() == 1)
            }
        }

        @Test("versions before 2.5 get their problem in ERR-1 and MSA-3")
        func oldVersion() async throws {
            try await withDoor { _, client in
                let bad = Messages.referral(id: "V-1", patient: Messages.patient(born: "20991231"), version: "2.3")
                let answer = try client.ask(bad)
                #expect(answer["MSA-1"] == "AE" && answer["ERR-1.1"] == "PID" && !(answer["MSA-3"] ?? "").isEmpty)
                #expect(answer["MSH-12"] == "2.3" && answer["MSH-9.3"] == nil)
            }
        }

        @Test("text in Latin-1 and in UTF-8 arrives as it was meant, and is answered in kind")
        func charsets() async throws {
            try await withDoor { fixture, client in
                let name = "Müller-Åström^Zoë"
                let utf8 = Messages.demographics(
                    "A28", id: "T-1", patient: Messages.patient("MRN-8", name: name), tail: "||||||UNICODE UTF-8")
                #expect(try client.ask(utf8)["MSA-1"] == "AA")
                let latin = Messages.referral(
                    id: "T-2", patient: Messages.patient("MRN-9", name: name, born: "19500101"), tail: "||||||8859/1")
                try client.send(raw: Client.frame(latin.unicodeScalars.map { UInt8($0.value) }))
                let bytes = try client.receive()
                let answer = try HL7Reader().readOne(bytes)
                #expect(answer["MSA-1"] == "AA" && answer["PID-5.1"] == "Müller-Åström")
                #expect(bytes.contains(0xFC) && !bytes.contains(0xC3))
                let names = try fixture.read { env in try env.search(Patient.self, order: "id").map(\.displayedName) }
                #expect(names == ["Müller-Åström, Zoë", "Müller-Åström, Zoë"])
            }
        }
    }
}

extension Fixture {
    /// How many exceptions wait for a person; each has an owner.
    func exceptions() throws -> Int {
        try read { env in
            let all = try env.search(ExceptionCase.self)
            for problem in all { #expect(problem.user != nil) }
            return all.count
        }
    }
}
