import HL7v2
import Testing

@Suite struct AcknowledgementTests {
    private let time = HL7Time(2026, 3, 1, 10, 0, 5, offsetMinutes: 60)

    @Test("the answer echoes the control id and swaps sender and receiver")
    func echo() throws {
        let message = try Fixtures.read(Fixtures.referral)
        let reply = HL7Acknowledgement(.commitAccept).reply(to: message, at: time, controlId: "B-1")
        #expect(
            HL7Writer().text(reply)
                == [
                    #"MSH|^~\&|BATON|HARBOUR|CLINIC^2.16.840.1.113883.3.1^ISO|NORTH|20260301100005+0100||ACK^I12^ACK|B-1|P|2.5.1"#,
                    "MSA|CA|N-1001", "",
                ].joined(separator: "\r"))
    }

    @Test("from 2.5 on a problem becomes an ERR segment with its place")
    func modernError() throws {
        let message = try Fixtures.read(Fixtures.referral)
        let place = HL7Position(segmentIndex: 4, segmentName: "PID", occurrence: 0, field: 7, repetition: 0, component: 1)
        let problem = HL7Error.application("referral.birth_date", .dataType, "No such day.", "Correct it.", at: place)
        let reply = HL7Acknowledgement(.applicationError, problems: [problem, problem]).reply(to: message, at: time, controlId: "B-1")
        #expect(
            HL7Writer().text(reply.segments[2])
                == "ERR||PID^1^7^1^1|102^Data type error^HL70357|E|referral.birth_date||Correct it.|No such day.")
        #expect(reply.segments("ERR").count == 2)
        #expect(reply["MSA-3"] == nil)
    }

    @Test("before 2.5 a problem stands in MSA-3 and ERR-1")
    func oldError() throws {
        let message = try Fixtures.read(Fixtures.admission("A28"))
        let place = HL7Position(segmentIndex: 2, segmentName: "PID", field: 7)
        let problem = HL7Error.application("adt.birth_date", .dataType, "No such day.", "Correct it.", at: place)
        let reply = HL7Acknowledgement(.applicationError, problems: [problem]).reply(to: message, at: time, controlId: "B-1")
        #expect(HL7Writer().text(reply.segments[1]) == "MSA|AE|A-1|No such day.")
        #expect(HL7Writer().text(reply.segments[2]) == "ERR|PID^1^7^102&Data type error&HL70357")
    }

    @Test("the original mode owes one answer, from the application")
    func originalMode() throws {
        let message = try Fixtures.read(Fixtures.answer)
        #expect(HL7AckMode(of: message) == .original)
        #expect(HL7AckCode.owed(for: .accepted, at: .commit, to: message) == nil)
        #expect(HL7Outcome.allCases.map { HL7AckCode.owed(for: $0, at: .application, to: message)?.rawValue } == ["AA", "AE", "AR"])
    }

    @Test(
        "the enhanced mode follows MSH-15 and MSH-16",
        arguments: [
            ("AL", ["CA", "CE", "CR"]), ("NE", [nil, nil, nil]), ("ER", [nil, "CE", "CR"]), ("SU", ["CA", nil, nil]),
            ("", [nil, nil, nil]),
        ] as [(String, [String?])])
    func enhancedMode(condition: String, codes: [String?]) throws {
        var message = try Fixtures.read(Fixtures.answer)
        message["MSH-15"] = condition
        message["MSH-16"] = "AL"
        #expect(HL7Outcome.allCases.map { HL7AckCode.owed(for: $0, at: .commit, to: message)?.rawValue } == codes)
        #expect(HL7Outcome.allCases.map { HL7AckCode.owed(for: $0, at: .application, to: message)?.rawValue } == ["AA", "AE", "AR"])
    }

    @Test("a truncation character is echoed from 2.7 on only")
    func truncation() throws {
        func mark(_ version: String) throws -> String {
            let message = try Fixtures.read("MSH|^~\\&#|a|b|c|d|||ADT^A28|1|P|\(version)\r")
            return HL7Acknowledgement(.applicationAccept).reply(to: message, at: time, controlId: "1").field("MSH-2").encoded
        }
        #expect(try mark("2.5.1") == #"^~\&"#)
        #expect(try mark("2.7") == #"^~\&#"#)
    }

    @Test("what cannot be read is answered from its header")
    func unreadable() throws {
        let bytes = Array("\u{0B}MSH|^~\\&|a|b|c|d|||ADT^A28|17|P|2.5\rPID|1\rloose text\r\u{1C}\r".utf8)
        guard case .failure(let error) = HL7Reader().read(bytes)[0].message else { Issue.record("was read"); return }
        let header = try #require(HL7Reader().readHeader(bytes))
        let reply = HL7Acknowledgement(.applicationReject, problems: [error]).reply(to: header, at: time, controlId: "1")
        #expect(reply["MSA-2"] == "17")
        #expect(reply["ERR-3"] == "100")
        #expect(reply["ERR-2"] == "loo")
        #expect(HL7Reader().readHeader(Array("nothing".utf8)) == nil)
    }
}
