import HTTPServer
import Testing

@Suite struct TranscriptTests {
    private static let good =
        "GET /a?b=c HTTP/1.1\r\nHost: x\r\nA: ä\r\n\r\n" + "POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
        + "\r\nPUT /e HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n0A\r\n0123456789\r\n0\r\nT: u\r\n\r\n"
        + "DELETE /f HTTP/1.0\r\n\r\n"

    @Test("the same requests are found, in whatever pieces they come", arguments: 1...64)
    func pieces(_ size: Int) {
        let bytes = Array(Self.good.utf8)
        let transcript = RequestTranscript(bytes, pieceBytes: size)
        #expect(transcript.requests.map(\.path) == ["/a", "/d", "/e", "/f"])
        #expect(transcript.requests.map { String(decoding: $0.body, as: UTF8.self) } == ["", "hello", "hello0123456789", ""])
        #expect(transcript.refusedWith == nil)
        #expect(transcript.rest == 0)
        #expect(transcript == RequestTranscript(bytes, pieceBytes: bytes.count))
    }

    @Test("a connection that ends at any byte gives the requests before it and no refusal")
    func truncation() {
        let bytes = Array(Self.good.utf8)
        for end in 0..<bytes.count {
            let transcript = RequestTranscript(Array(bytes[..<end]), pieceBytes: 7)
            #expect(transcript.refusedWith == nil)
            #expect(transcript.requests.count < 4)
        }
    }

    @Test(
        "a bad request is refused alike, in whatever pieces it comes",
        arguments: RefusalTests.lines + RefusalTests.fields + RefusalTests.framing)
    func refusals(_ bad: RefusalTests.Case) {
        let bytes = Array(bad.bytes.utf8)
        for size in [1, 2, 3, 5, 16, bytes.count] {
            let transcript = RequestTranscript(bytes, pieceBytes: size, maxBodyBytes: 64 << 20)
            #expect(transcript.refusedWith == bad.status)
            #expect(transcript.requests.isEmpty)
        }
    }

    @Test("any single control character or lost byte in a head never yields a request with that byte in it")
    func mutations() {
        let bytes = Array("POST /d?e=f HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nAccept: a/b\r\n\r\nhello".utf8)
        let head = bytes.count - 5
        for index in 0..<head {
            for byte in [UInt8](0..<0x20) + [0x7F] where byte != 0x09 && bytes[index] != byte {
                var mutated = bytes
                mutated[index] = byte
                let transcript = RequestTranscript(mutated, pieceBytes: mutated.count)
                #expect(transcript.refusedWith == 400, "byte \(byte) at \(index)")
            }
        }
    }
}
