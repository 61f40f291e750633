import Base
import Exceptions
import Kernel
import MLLPDoor
import Referrals
import Testing

extension MLLPDoorTests {
    /// Messages that were not carried out, tried again from their exceptions by somebody who works on these.
    @Suite struct RetryTests {
        private static func retry(_ fixture: Fixture) throws -> [Bool] {
            let answer = try fixture.write { env in
                try env.search(ExceptionCase.self, .where("state", .in, ["open", "in_progress"])).call("action_retry")
            }
            return answer.listValue?.map { $0.mapValue?["retried"] == true } ?? []
        }

        private static func cases(_ fixture: Fixture) throws -> [String] {
            try fixture.read { env in
                try env.search(ExceptionCase.self, order: "id").map { "\($0.state?.rawValue ?? "") \($0.occurrences) \($0.history.count)" }
            }
        }

        @Test("a change of an unknown referral fails, fails again when tried again, and is carried out once when the referral is there")
        func unknownReferral() async throws {
            try await withDoor({ $0.retrySeconds = 0.1 }) { fixture, client in
                let answer = try client.ask(Messages.referral("I13", id: "U-1"))
                #expect(answer["MSA-1"] == "AE")
                #expect(try Self.cases(fixture) == ["open 1 1"])
                #expect(try Self.retry(fixture) == [true])
                #expect(try await fixture.eventually { try Self.cases(fixture) == ["open 2 2"] })
                #expect(try fixture.count(Referral.self) == 0)
                #expect(try client.ask(Messages.referral("I12", id: "U-2"))["MSA-1"] == "AA")
                #expect(try Self.retry(fixture) == [true])
                #expect(try await fixture.eventually { try fixture.count(Intake.self, .where("state", .equal, "processed")) == 2 })
                #expect(try Self.cases(fixture) == ["resolved 2 2"])
                #expect(try fixture.count(Referral.self) == 1)
                #expect(try Self.retry(fixture).isEmpty)
                #expect(try client.ask(Messages.referral("I13", id: "U-1"))["MSA-1"] != "AE", "the sender is told how it ended")
                #expect(try fixture.count(Referral.self) == 1)
            }
        }

        @Test("a message that the door was not to take makes its referral once when it is tried again behind a door that takes it")
        func wrongConfiguration() async throws {
            let text = Messages.referral(id: "T-1").replacingOccurrences(of: "|P|2.5.1", with: "|T|2.5.1")
            let fixture = try Fixture({ $0.processingIds = ["P"] })
            let client = try Client(port: fixture.door.port)
            #expect(try client.ask(text)["MSA-1"] == "AR")
            client.close()
            await fixture.door.stop(graceSeconds: 1)
            #expect(try fixture.count(Referral.self) == 0)
            try fixture.makeDoor { $0.retrySeconds = 0.1 }
            #expect(try fixture.count(Referral.self) == 0, "a start alone does not try again what failed")
            #expect(try Self.retry(fixture) == [true])
            #expect(try await fixture.eventually { try fixture.count(Referral.self) == 1 })
            let again = try Client(port: fixture.door.port)
            for _ in 0..<3 { _ = try again.ask(text) }
            #expect(try fixture.count(Referral.self) == 1)
            again.close()
            await fixture.end()
        }
    }
}
