import HL7v2
import Testing

@Suite struct CharsetTests {
    private func bytes(_ name: [UInt8], charset: String) -> [UInt8] {
        Array("MSH|^~\\&|||||||ADT^A28|1|P|2.5||||||\(charset)\rPID|1||||".utf8) + name + [0x0D]
    }

    @Test(
        "UTF-8, Latin-1 and the declared one-byte charsets are read",
        arguments: [
            ("", Array("Müller".utf8), "Müller"), ("UNICODE UTF-8", Array("新潟".utf8), "新潟"), ("8859/1", [0xFC], "ü"),
            ("", [0x4D, 0xFC], "Mü"),
            ("8859/5", [0xD8], "и"), ("8859/2", [0xB1], "ą"), ("8859/15", [0xA4], "€"), ("8859/7", [0xE1], "α"),
        ] as [(String, [UInt8], String)])
    func charsets(charset: String, name: [UInt8], text: String) throws {
        let input = bytes(name, charset: charset)
        let message = try HL7Reader().readOne(input)
        #expect(message["PID-5"] == text)
        #expect(HL7Writer().bytes(message) == input)
    }

    @Test("UTF-16 with a byte order mark is read")
    func utf16() throws {
        let units = Array("\u{FEFF}MSH|^~\\&|Gül\rPID|1".utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try HL7Reader().readOne(little)["MSH-3"] == "Gül")
    }

    @Test("a character that the charset lacks turns the whole message into UTF-8")
    func lacking() throws {
        var message = try HL7Reader().readOne(bytes([0xFC], charset: "8859/1"))
        message["PID-5"] = "新"
        #expect(String(decoding: HL7Writer().bytes(message), as: UTF8.self).contains("新"))
    }
}
