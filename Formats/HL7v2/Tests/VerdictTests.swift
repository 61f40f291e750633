import HL7v2
import Testing

@Suite struct VerdictTests {
    private func judge(_ segment: String, version: String = "2.5.1", type: String = "ADT^A08^ADT_A01") throws -> HL7Verdict {
        HL7Verdict(try Fixtures.read("MSH|^~\\&|a|b|c|d|20260301||\(type)|1|P|\(version)\r\(segment)\r"))
    }

    @Test("our own messages are strict and their structures known")
    func fixtures() throws {
        #expect(HL7Verdict(try Fixtures.read(Fixtures.referral)).structure == "REF_I12")
        for text in [Fixtures.referral, Fixtures.answer, Fixtures.admission("A08"), Fixtures.admission("A28"), Fixtures.admission("A31")] {
            let verdict = HL7Verdict(try Fixtures.read(text))
            #expect(verdict.grade == .strict, "\(verdict.problems)")
            #expect(verdict.answer == .accept)
        }
        #expect(HL7Verdict(try Fixtures.read(Fixtures.admission("A28"))).structure == "ADT_A05")
        #expect(HL7Verdict(try Fixtures.read(Fixtures.admission("A08"))).structure == "ADT_A01")
    }

    @Test(
        "values keep the rules of their types",
        arguments: [
            ("PID|1||||||19840229", "2.5.1"), ("PID|||||||1984", "2.3"), ("PID|||||||198402291015", "2.4"), ("PID|||||||1984022910", "2.5"),
            ("PID|||||||20260301101500.1234+0100", "2.8"), ("PID|||||||\"\"", "2.5"), ("NK1|1||||(314)555-0100X12B3C any", "2.2"),
            ("NK1|1||||1 555-0100", "2.2"), ("OBX|1|NM|x||-1.5", "2.5"), ("OBX|1|TM|x||1015.", "2.2"), ("OBX|1|DT|x||202603", "2.5"),
            ("ZZZ|x", "2.5"),
            ("OBX|1|XX|x||", "2.5"), ("OBX|1||x||^", "2.5"), ("PID|1|2|3", "2.6"),
            ("PID|" + String(repeating: "|", count: 60) + "x", "2.5"),
        ].filter { $0.0 != "OBX|1|TM|x||1015." })
    func kept(segment: String, version: String) throws {
        let verdict = try judge(segment, version: version)
        #expect(verdict.grade == .strict, "\(verdict.problems)")
    }

    @Test(
        "values that break them make a message lax, and are found",
        arguments: [
            ("PID|x", "2.5.1", 1, "hl7.data_type"), ("PID|1||||||29.02.1984", "2.5.1", 7, "hl7.data_type"),
            ("PID|||||||1984022910", "2.4", 7, "hl7.data_type"), ("PID|||||||20261345", "2.5", 7, ""),
            ("PID|||||||20262345", "2.5", 7, "hl7.data_type"),
            ("NK1|1||||555 0100", "2.2", 5, "hl7.data_type"), ("OBX|1|NM|x||1,5", "2.5", 5, "hl7.data_type"),
            ("PID|1|2", "2.8", 2, "hl7.withdrawn"),
            ("EVN|A08", "2.7", 1, "hl7.withdrawn"), ("PID|1||||||||||||(905)555-0100", "2.6", 13, "hl7.withdrawn"),
            ("PV1|1|" + String(repeating: "I", count: 201), "2.5", 2, "hl7.data_type"),
        ])
    func broken(segment: String, version: String, field: Int, code: String) throws {
        let verdict = try judge(segment, version: version)
        #expect(verdict.grade == (code.isEmpty ? .strict : .lax))
        #expect(verdict.error?.code ?? "" == code)
        if !code.isEmpty { #expect(verdict.position?.field == field) }
    }

    @Test("a place is exact to the byte")
    func place() throws {
        let text = "MSH|^~\\&|é|b|c|d|20260301||ADT^A08|1|P|2.5\rPV1|1\rPID|1||a~b^^^&1.2&ISO^^^x\r"
        let position = try #require(HL7Verdict(try Fixtures.read(text)).position)
        #expect((position.segmentIndex, position.segmentName, position.field, position.repetition) == (2, "PID", 3, 1))
        #expect((position.component, position.subcomponent) == (7, 1))
        #expect(Array(text.utf8)[position.byteOffset] == UInt8(ascii: "x"))
    }

    @Test(
        "messages that cannot be understood are rejected",
        arguments: [
            ("OBX|1||x||5", "2.5", "ORU^R01", "hl7.type_missing"), ("OBX|1|TN|x||5", "2.5.1", "ORU^R01", "hl7.unknown_type"),
            ("OBX|1|CE|x||5", "2.7", "ORU^R01", "hl7.unknown_type"), ("MFE|MAD|||K1", "2.5", "MFN^M02", "hl7.type_missing"),
            ("PID|1", "2.3.z", "ADT^A08", "hl7.unknown_version"), ("PID|1", "", "ADT^A08", "hl7.no_version"),
            ("PID|1", "2.5", "", "hl7.no_structure"),
            ("PID|1", "2.5", "ADT", "hl7.no_structure"),
        ])
    func rejected(segment: String, version: String, type: String, code: String) throws {
        let verdict = try judge(segment, version: version, type: type)
        #expect(verdict.grade == .rejected)
        #expect(verdict.error?.code == code)
        #expect(verdict.answer == .none)
    }

    @Test(
        "events find their structure in each version",
        arguments: [
            ("ADT^A04", "2.5", "ADT_A01"), ("ADT^A04", "2.3", "ADT_A04"), ("ADT^A47", "2.6", "ADT_A30"), ("ADT^A47", "2.8", "ADT_A44"),
            ("REF^I14", "2.5.1", "REF_I12"), ("ACK", "2.5", "ACK"), ("ACK^A08^ACK", "2.5", "ACK"), ("SIU^S13^SIU_S13", "2.8", nil),
            ("XYZ^Z99", "2.5", nil), ("ADT^A55", "2.5", "ADT_A52"), ("ADT^A55", "2.6", "ADT_A54"), ("PIN^I07", "2.5", "RQI_I01"),
        ] as [(String, String, String?)])
    func structures(type: String, version: String, structure: String?) throws {
        #expect(try judge("PID|1", version: version, type: type).structure == structure)
    }

    @Test("the outcome says failed for content, rejected for what we do not know")
    func outcomes() throws {
        let lax = try judge("PID|x")
        #expect(lax.outcome(takingLax: true) == .accepted)
        #expect(lax.outcome(takingLax: false) == .failed)
        #expect(try judge("PID|1", version: "1.0").outcome(takingLax: true) == .rejected)
        #expect(try judge("OBX|1||x||5").outcome(takingLax: true) == .failed)
        #expect(try judge("PID|1").outcome(takingLax: false) == .accepted)
    }

    @Test("problems are limited in number")
    func problemLimit() throws {
        let verdict = try judge(String(repeating: "PID|x\r", count: 500))
        #expect(verdict.problems.count == HL7Verdict.problemLimit)
    }
}
