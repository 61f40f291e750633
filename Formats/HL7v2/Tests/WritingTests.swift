import HL7v2
import Testing

@Suite struct WritingTests {
    @Test("a message is built by paths, with escapes where they are needed")
    func building() throws {
        var message = HL7Message(
            code: "RRI", event: "I12", structure: "RRI_I12", controlId: "7", version: "2.5.1", at: HL7Time(2026, 3, 1, 9, 30))
        message["MSA-1"] = "AA"
        message["PID-5.2"] = "Zoë & Co | 50\\60"
        message["PID-3(1).4.2"] = "1.2"
        message.setEncoded("A^B~C", at: "PID-11")
        message["NTE(0)-3"] = "one\ntwo"
        message["NTE(1)-1"] = "2"
        let text = HL7Writer().text(message)
        #expect(
            text
                == [
                    #"MSH|^~\&|||||20260301093000||RRI^I12^RRI_I12|7|P|2.5.1"#, "MSA|AA",
                    #"PID|||~^^^&1.2||^Zoë \T\ Co \F\ 50\E\60||||||A^B~C"#,
                    #"NTE|||one\.br\two"#, "NTE|2", "",
                ].joined(separator: "\r"))
        #expect(try Fixtures.read(text) == message)
        message["PID-5.2"] = nil
        #expect(message["PID-5.2"] == nil)
    }

    @Test("canonical form drops what is empty at the end, and nothing else")
    func canonical() throws {
        let message = try Fixtures.read("MSH|^~\\&|a^^|||\nPID|^^|x^&^~~|~y&&|\"\"||\nZZZ|\n")
        #expect(HL7Writer(canonical: true).text(message) == "MSH|^~\\&|a\rPID||x|~y|\"\"\rZZZ\r")
        #expect(message.canonical.canonical == message.canonical)
    }

    @Test("a segment with other delimiters is written anew")
    func otherDelimiters() throws {
        let source = try Fixtures.read("MSH#@*!%#app\rPID###1@2%3*4##A!F!B!S!C|")
        var message = HL7Message()
        message.append(try #require(source[segment: "PID", 0]))
        #expect(HL7Writer().text(message) == "MSH|^~\\&\rPID|||1^2&3~4||A#B@C\\F\\\r")
    }

    @Test("a batch is written with its counts")
    func batch() throws {
        let messages = try ["A28", "A31", "A08"].map { try Fixtures.read(Fixtures.admission($0)) }
        var header = HL7Segment("BHS")
        header.set("ADT", field: 3)
        let bytes = HL7Writer().bytes(batch: messages, batchHeader: header, fileHeader: HL7Segment("FHS"))
        let file = HL7Reader().readFile(bytes)
        #expect(file.issues.isEmpty)
        #expect(try file.parsed.map { try $0.message.get() } == messages)
        #expect(file.parsed.first?.batch?.batchHeader == header)
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("BTS|3\rFTS|1\r"))
        let lines = String(decoding: HL7Writer(lineEnding: .crlf).bytes(batch: messages, batchHeader: header), as: UTF8.self)
        #expect(lines.hasPrefix("BHS|^~\\&|ADT\r\nMSH|") && lines.hasSuffix("BTS|3\r\n"))
    }

    @Test("escapes are understood; unknown ones stay")
    func escapes() {
        #expect(HL7Escapes.decode(#"\F\\S\\T\\R\\E\"#) == #"|^&~\"#)
        #expect(HL7Escapes.decode(#"a\X0D0A\b\.br\c"#) == "a\r\nb\nc")
        #expect(HL7Escapes.decode(#"\XC3BC\ \XFC\"#) == "ü ü")
        for kept in [#"\H\bold\N\"#, #"\.sp2\"#, #"\Zabc\"#, #"C:\temp"#, #"\"#, #"\X0\"#, #"\XZZ\"#, #"\\"#] {
            #expect(HL7Escapes.decode(kept) == kept)
        }
    }

    @Test("any text survives escaping", arguments: 0..<200)
    func anyText(seed: Int) {
        var random = Seeded(seed)
        let text = random.text(of: Array("ab|^~\\&\r\n\u{0B}\u{1C}XéFSTRE.br0新") + ["\r\n"], upTo: 40)
        #expect(HL7Escapes.decode(HL7Escapes.encode(text)) == text)
        let odd = HL7Delimiters(field: "#", component: "@", repetition: "*", escape: "!", subcomponent: "%", truncation: "$")
        #expect(HL7Escapes.decode(HL7Escapes.encode(text, odd), odd) == text)
    }

    @Test("random messages read back as they were built", arguments: 0..<100)
    func randomMessages(seed: Int) throws {
        var random = Seeded(seed)
        var message = HL7Message()
        for _ in 0..<random.below(30) {
            let name = random.text(of: Array("ABCZ19"), exactly: 3)
            guard let path = HL7Path("\(name)-\(random.below(20) + 1)(\(random.below(3))).\(random.below(6) + 1).\(random.below(3) + 1)")
            else {
                continue
            }
            message[path] = random.text(of: Array("ab|^~\\&\r\né新 "), upTo: 12)
        }
        let read = try Fixtures.read(HL7Writer().text(message))
        #expect(read == message)
        #expect(read.canonical == message.canonical)
    }
}

/// Random values that a seed repeats.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func below(_ limit: Int) -> Int { Int(next() >> 33) % limit }

    mutating func text(of characters: [Character], upTo limit: Int) -> String { text(of: characters, exactly: below(limit)) }

    mutating func text(of characters: [Character], exactly count: Int) -> String {
        String((0..<count).map { _ in characters[below(characters.count)] })
    }
}
