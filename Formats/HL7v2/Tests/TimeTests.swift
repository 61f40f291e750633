import HL7v2
import Testing

@Suite struct TimeTests {
    @Test(
        "a time is as precise as its text and writes itself back",
        arguments: [
            "2026", "202603", "20260301", "2026030110", "202603011005", "20260301100559", "20260301100559.1", "20260301100559.1234-0500",
            "20260301+0100", "202603011005-0330", "20240229",
        ])
    func roundTrip(text: String) { #expect(HL7Time(text)?.description == text) }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "20", "20261", "20261301", "20260230", "2026030124", "202603011060", "20260301100559.", "20260301x", "+0100", "20260301+01",
        ])
    func refused(text: String) { #expect(HL7Time(text) == nil) }

    @Test("parts are known")
    func parts() throws {
        let time = try #require(HL7Time("20260301100559.12-0330"))
        #expect((time.year, time.month, time.day, time.hour, time.minute, time.second) == (2026, 3, 1, 10, 5, 59))
        #expect((time.fraction, time.offsetMinutes, time.precision) == (1200, -210, .fraction))
        #expect(HL7Time("202603")?.precision == .month)
    }

    @Test("a patient is read from PID")
    func patient() throws {
        let patient = try #require(try Fixtures.read(Fixtures.referral).patient)
        #expect(patient.identifiers.map(\.id) == ["MRN-5", "900-00-0001"])
        #expect(patient.identifiers[0].authority.universalId == "2.16.840.1.113883.3.1")
        #expect(patient.names[0].display == "Ms Anna Q Tester Jr")
        #expect(patient.birth == HL7Time("19840229"))
        #expect(patient.addresses[0].postalCode == "04101")
        #expect(patient.homeTelecoms[0].number == "+1 207 5550100")
        let provider = HL7Provider(HL7Field(encoded: "1^Lind^Per^^^Dr^^^NPPES&2.16&ISO^L^^^NPI").first)
        #expect((provider.id, provider.name.family, provider.authority.namespace, provider.typeCode) == ("1", "Lind", "NPPES", "NPI"))
    }
}
