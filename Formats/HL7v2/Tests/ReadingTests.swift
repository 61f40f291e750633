import HL7v2
import Testing

@Suite struct ReadingTests {
    @Test("a referral's values are found by path")
    func paths() throws {
        let message = try Fixtures.read(Fixtures.referral)
        #expect(message["PID-5.1"] == "Tester")
        #expect(message["PID-3(1).5"] == "SS")
        #expect(message["PID-3.4.2"] == "2.16.840.1.113883.3.1")
        #expect(message["PRD(1)-2"] == "Lindqvist")
        #expect(message["PID-11"] == "12 Sea & Sky Ln")
        #expect(message["NTE-3"] == "First line\nSecond line")
        #expect(message["PID-99"] == nil)
        #expect(message["PV1-1"] == nil)
        #expect(message.all("PRD-2.1") == ["Okafor", "Lindqvist"])
        #expect(message.all("PID-3.1") == ["MRN-5", "900-00-0001"])
        #expect(message[segment: "ZRF", 0]?[2].repetitions.count == 2)
        #expect(message["MSH-1"] == "|")
        #expect(message.field("MSH-2").encoded == #"^~\&"#)
        #expect((message.code, message.event, message.version, message.controlId) == ("REF", "I12", "2.5.1", "N-1001"))
    }

    @Test("malformed paths are refused", arguments: ["", "PID", "PID-", "PID-0", "PID-1.0", "PID-1.2.3.4", "PID(x)-1", "-3", "PID-3(1"])
    func malformedPaths(text: String) { #expect(HL7Path(text) == nil) }

    @Test("a path's text reads back", arguments: ["PID-5.1", "OBX(2)-5", "PID-3(1).4.2", "MSH-9"])
    func pathText(text: String) { #expect(HL7Path(text)?.description == text) }

    @Test("what is read is written unchanged", arguments: [Fixtures.referral, Fixtures.answer, Fixtures.admission("A08")])
    func unchanged(text: String) throws {
        #expect(HL7Writer().text(try Fixtures.read(text)) == text)
    }

    @Test("line ends are tolerated and known")
    func lineEnds() throws {
        func ending(_ end: String) throws -> HL7LineEnding {
            try Fixtures.read(Fixtures.answer.split(separator: "\r").joined(separator: end) + end).lineEnding
        }
        #expect(try ending("\r") == .cr)
        #expect(try ending("\n") == .lf)
        #expect(try ending("\r\n") == .crlf)
        #expect(try Fixtures.read("MSH|^~\\&|a\rPID|1\nPV1|1\r").lineEnding == .mixed)
    }

    @Test("a batch gives its messages, each with its envelope, and checks the counts")
    func batch() throws {
        let file = HL7Reader().readFile(Array(Fixtures.batch.utf8))
        #expect(file.parsed.compactMap { try? $0.message.get().controlId } == ["B-1", "B-2", "B-3"])
        #expect(file.parsed.allSatisfy { $0.batch?.batchHeader?[3].value == "ADT" && $0.batch?.fileHeader != nil })
        #expect(file.issues.isEmpty)
        let short = HL7Reader().readFile(Array(Fixtures.batch.replacing("BTS|3", with: "BTS|4").utf8))
        #expect(short.issues.map(\.code) == ["hl7.batch_count"])
    }

    @Test("MLLP's framing is taken off, several frames are several messages")
    func frames() throws {
        let framed = "\u{0B}" + Fixtures.answer + "\u{1C}\r\u{0B}" + Fixtures.admission("A28") + "\u{1C}\r"
        let parsed = HL7Reader().read(Array(framed.utf8))
        #expect(try parsed.map { HL7Writer().text(try $0.message.get()) } == [Fixtures.answer, Fixtures.admission("A28")])
        let tight = "\u{0B}MSH|^~\\&|a\rPID|1\u{1C}\r"
        #expect(try Fixtures.read(tight)["PID-1"] == "1")
    }

    @Test("the first message may stand in a log's line, and a sender may be named MSH")
    func insideLine() throws {
        let parsed = HL7Reader().read(Array("log\n10:15 got MSH|^~\\&|a\rPID|1\rMSH|^~\\&|b\r".utf8))
        #expect(try parsed.map { try $0.message.get()["MSH-3"] } == ["a", "b"])
        let batch = HL7Reader().read(Array("BHS|^~\\&|MSHAPP\rMSH|^~\\&|b\rBTS|1\r".utf8))
        #expect(try batch.map { try $0.message.get()["MSH-3"] } == ["b"])
    }

    @Test("other delimiters are honoured")
    func delimiters() throws {
        let message = try Fixtures.read("MSH#@*!%#app\rPID###1@2%3*4##A!F!B!S!C")
        #expect(message["PID-3.2.2"] == "3")
        #expect(message["PID-3(1)"] == "4")
        #expect(message["PID-5"] == "A#B@C")
    }

    @Test("errors have a code and a place")
    func errors() {
        func failure(_ text: String, _ limits: HL7Limits = .standard) -> HL7Error? {
            do { _ = try HL7Reader(limits: limits).readOne(Array(text.utf8)) } catch { return error }
            return nil
        }
        #expect(failure("hello")?.code == "hl7.no_header")
        #expect(failure("")?.code == "hl7.no_header")
        #expect(failure("MSH")?.code == "hl7.no_field_separator")
        #expect(failure("MSH|^~|a")?.code == "hl7.encoding_characters")
        let broken = failure("MSH|^~\\&|a\rPID|1\rcontinued text\r")
        #expect(broken?.code == "hl7.malformed_segment")
        #expect(broken?.position.segmentIndex == 2)
        #expect(broken?.position.byteOffset == 17)
        var limits = HL7Limits()
        limits.segmentsPerMessage = 1
        #expect(failure("MSH|^~\\&|a\rPID|1", limits)?.code == "hl7.too_many_segments")
        limits = HL7Limits()
        limits.fieldsPerSegment = 4
        #expect(failure("MSH|^~\\&|a|b|c", limits)?.code == "hl7.too_many_fields")
        limits.messageBytes = 5
        #expect(failure("MSH|^~\\&|a|b|c", limits)?.code == "hl7.message_too_long")
    }

    @Test("the number of messages in a file is limited")
    func messageLimit() {
        var limits = HL7Limits()
        limits.messagesPerFile = 2
        let parsed = HL7Reader(limits: limits).read(Array(String(repeating: "MSH|^~\\&|a\r", count: 9).utf8))
        #expect(parsed.count <= 4)
        guard case .failure(let error) = parsed.last?.message else { Issue.record("no error"); return }
        #expect(error.code == "hl7.too_many_messages")
    }
}
