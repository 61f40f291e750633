import Testing
import XMLRPC

@Suite struct WritingTests {
    private let everything: XMLRPCValue = .structure([
        "n": .nil, "b": .bool(true), "i": .int(-5), "l": .int(1 << 40), "d": .double(1), "s": .string("a<b>&\"é\r\n\t😀"),
        "x": .base64([0, 1, 2, 250]), "t": .dateTime("20260301T09:30:00"), "a": .array([.array([]), .structure([:])]),
    ])

    @Test("what is written reads back as the same call")
    func callsReadBack() throws {
        let call = XMLRPCCall(method: "execute_kw", parameters: [everything, .string("")])
        #expect(try XMLRPCCall(parsing: call.serialized()) == call)
    }

    @Test("responses and faults read back, faults with numbers and strings")
    func responsesReadBack() throws {
        let responses: [XMLRPCResponse] = [
            .value(everything), .fault(XMLRPCFault(code: .int(3), message: "Access denied")),
            .fault(XMLRPCFault(code: .string("warning"), message: "")),
        ]
        for response in responses { #expect(try XMLRPCResponse(parsing: response.serialized()) == response) }
        #expect(throws: XMLRPCError.self) { try XMLRPCResponse(parsing: Array("<methodResponse/>".utf8)) }
        #expect(throws: XMLRPCError.self) {
            try XMLRPCResponse(parsing: Array("<methodResponse><fault><value>1</value></fault></methodResponse>".utf8))
        }
    }

    @Test("the literal text of a response is stable")
    func literalText() {
        let response = XMLRPCResponse.value(.array([.int(2_147_483_647), .int(2_147_483_648), .double(1), .bool(false)]))
        #expect(
            String(decoding: response.serialized(), as: UTF8.self)
                == "<?xml version=\"1.0\"?>\n<methodResponse><params><param><value><array><data>"
                + "<value><int>2147483647</int></value><value><i8>2147483648</i8></value><value><double>1.0</double></value>"
                + "<value><boolean>0</boolean></value></data></array></value></param></params></methodResponse>\n")
    }

    @Test("characters that XML forbids are left out")
    func forbiddenCharacters() throws {
        let call = XMLRPCCall(method: "m", parameters: [.string("a\u{0}\u{1}\u{B}b\u{FFFE}\u{FFFF}\u{FFFD}c")])
        #expect(try XMLRPCCall(parsing: call.serialized()).parameters == [.string("ab\u{FFFD}c")])
    }

    @Test("bytes of every length survive base64")
    func base64() throws {
        for length in 0..<20 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 200) }
            let call = XMLRPCCall(method: "m", parameters: [.base64(bytes)])
            #expect(try XMLRPCCall(parsing: call.serialized()) == call)
        }
    }
}
