import Exceptions
import HL7v2
import Kernel
import MLLPDoor
import Referrals
import StoreSQLite
import Testing

extension MLLPDoorTests {
    @Suite struct RepetitionTests {
        private static func arrival(_ text: String, _ id: String) -> IntakeDesk.Arrival {
            IntakeDesk.Arrival(
                channel: .hl7v2, sender: "CLINIC|NORTH", controlId: id, name: "REF^I12 " + id, mediaType: "application/hl7-v2",
                content: Array(text.utf8))
        }

        @Test("a repeated message gets the very same answer and is not carried out again")
        func duplicate() async throws {
            let text = Messages.referral(id: "D-1")
            try await withDoor { fixture, client in
                let first = try client.exchange(text)
                fixture.clock.advance(seconds: 3_600)
                #expect(try client.exchange(text) == first)
                #expect(try Client(port: fixture.door.port).exchange(text) == first)
                #expect(try fixture.count(Referral.self) == 1)
                #expect(try fixture.count(Intake.self) == 1)
            }
        }

        @Test("in enhanced mode a repeated message gets both answers again")
        func duplicateEnhanced() async throws {
            let text = Messages.referral(id: "D-1", tail: "|||AL|AL")
            try await withDoor { fixture, client in
                let first = [try client.exchange(text), try client.receive()]
                fixture.clock.advance(seconds: 60)
                #expect([try client.exchange(text), try client.receive()] == first)
            }
        }

        @Test("the same control id from another sender is another message")
        func otherSender() async throws {
            try await withDoor { fixture, client in
                _ = try client.ask(Messages.referral(id: "D-1", number: "N-1"))
                _ = try client.ask(Messages.referral(id: "D-1", number: "N-1", sender: "CLINIC|WEST"))
                #expect(try fixture.count(Referral.self) == 2)
            }
        }

        @Test("another message under a used control id is not carried out, but kept for a person")
        func variant() async throws {
            try await withDoor { fixture, client in
                let first = try client.exchange(Messages.referral(id: "D-1", number: "N-1"))
                for _ in 0..<2 { #expect(try client.exchange(Messages.referral(id: "D-1", number: "N-2")) == first) }
                #expect(try fixture.count(Referral.self) == 1)
                #expect(try fixture.count(Intake.self, .where("state", .equal, "duplicate")) == 1)
                #expect(try fixture.count(ExceptionCase.self, .where("cause", .equal, "intake.control_id_reused")) == 1)
            }
        }

        @Test("a corrected message may bear the control id of the one that failed")
        func corrected() async throws {
            try await withDoor { fixture, client in
                let bad = Messages.referral(id: "D-1", patient: Messages.patient(born: "20991231"))
                for _ in 0..<3 { #expect(try client.ask(bad)["MSA-1"] == "AE") }
                let seen = try fixture.read { env in try env.search(ExceptionCase.self).map(\.occurrences) }
                #expect(seen == [3])
                #expect(try client.ask(Messages.referral(id: "D-1"))["MSA-1"] == "AA")
                #expect(try fixture.count(Intake.self) == 2)
            }
        }

        @Test("what a crash left between storing and carrying out is carried out when the sender repeats it")
        func crashThenRepeat() async throws {
            let text = Messages.referral(id: "D-1")
            try await withDoor { fixture, client in
                try fixture.write { env in _ = try IntakeDesk.store(Self.arrival(text, "D-1"), in: env) }
                #expect(try client.ask(text)["MSA-1"] == "AA")
                #expect(try fixture.count(Referral.self) == 1)
                #expect(try fixture.count(Intake.self) == 1)
            }
        }

        @Test("what a crash left is carried out at the next start, or ends as an exception")
        func crashThenStart() async throws {
            let good = Messages.referral(id: "D-1")
            let bad = Messages.referral(id: "D-2", number: "N-2", patient: Messages.patient("M-2", born: "20991231"))
            let fixture = try Fixture(starts: false)
            try fixture.write { env in
                _ = try IntakeDesk.store(Self.arrival(good, "D-1"), in: env)
                _ = try IntakeDesk.store(Self.arrival(bad, "D-2"), in: env)
                _ = try IntakeDesk.store(Self.arrival("no message", "D-3"), in: env)
            }
            try fixture.makeDoor()
            #expect(fixture.notes.withLock { $0.contains("mllp.recovered") })
            let states = try fixture.read { env in try env.search(Intake.self, order: "id").map { $0.state?.rawValue } }
            #expect(states == ["processed", "failed", "failed"])
            #expect(try fixture.count(Referral.self) == 1)
            #expect(try fixture.exceptions() == 2)
            let client = try Client(port: fixture.door.port)
            #expect(try client.ask(good)["MSA-1"] == "AA")
            #expect(try fixture.count(Referral.self) == 1)
            await fixture.end()
        }

        @Test("the same message on many lines at once is carried out once, and all get the same answer")
        func manyLines() async throws {
            let text = Messages.referral(id: "D-1")
            try await withDoor { fixture, _ in
                let port = fixture.door.port
                let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                    for _ in 0..<6 { group.addTask { try Client(port: port).exchange(text) } }
                    return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
                }
                #expect(answers.count == 1)
                #expect(try fixture.count(Referral.self) == 1)
            }
        }

        @Test("a full database is told to the sender, the line stays, and nothing is acknowledged")
        func full() async throws {
            var options = SQLiteOptions()
            options.pageLimit = 3_000
            try await withDoor(options: options) { fixture, client in
                let ballast = String(repeating: "x", count: 3_000_000)
                var answers: [String] = []
                for number in 0..<6 {
                    let text = Messages.referral(id: "F-\(number)", number: "N-\(number)", more: ["OBX|1|TX|1^Letter||\(ballast)"])
                    let answer = try client.ask(text)
                    answers.append(answer["MSA-1"] ?? "")
                    if answer["MSA-1"] == "AR" { #expect(answer["ERR-3.1"] == "207" && answer["ERR-5.1"] == "store.full") }
                }
                #expect(answers.first == "AA" && answers.last == "AR")
                #expect(try fixture.count(Referral.self) == answers.filter { $0 == "AA" }.count)
            }
        }
    }
}
