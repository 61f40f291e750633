import Testing

@testable import Crypto

@Suite struct OneTimePasswordTests {
    private let key = Array("12345678901234567890".utf8)

    @Test("HMAC-SHA-1 gives the codes of RFC 2202, also for a key longer than a block and a message longer than one")
    func knownMACs() {
        let long = [UInt8](repeating: 0xaa, count: 80)
        #expect(
            Hex.encode(HMACSHA1.authenticate(Array("Hi There".utf8), key: .init(repeating: 0x0b, count: 20)))
                == "b617318655057264e28bc0b6fb378c8ef146be00")
        #expect(
            Hex.encode(HMACSHA1.authenticate(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8), key: long))
                == "aa4ae5e15272d00e95705637ce8a3b55ed402112")
        let message = "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"
        #expect(Hex.encode(HMACSHA1.authenticate(Array(message.utf8), key: long)) == "e8e99d0f45237d786d6bbaa7965c7808bbff1a91")
    }

    @Test(
        "the codes are those of RFC 6238, in six digits",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ])
    func knownCodes(seconds: Int, code: String) {
        #expect(OneTimePassword(key: key).code(step: OneTimePassword.step(at: seconds)) == code)
    }

    @Test("a code holds one step around its own, no further, and no second time")
    func window() {
        let password = OneTimePassword(key: key)
        let code = password.code(step: 1_000)
        for (step, holds) in [(998, false), (999, true), (1_000, true), (1_001, true), (1_002, false)] {
            #expect((password.step(of: code, at: step * 30 + 7, after: 0) == 1_000) == holds, "at step \(step)")
        }
        #expect(password.step(of: code, at: 30_000, after: 1_000) == nil)
        #expect(password.step(of: "", at: 30_000, after: 0) == nil)
    }

    @Test("base 32 comes back whole at every length, and takes the case and the spaces that people type")
    func base32() {
        for length in 0..<41 {
            let bytes = SeededRandomSource(seed: UInt64(length)).bytes(length)
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
        }
        #expect(Base32.encode(key) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(Base32.decode("gezd gnbv gy3t qojq gezd gnbv gy3t qojq") == key)
        #expect(Base32.decode("GEZ1") == nil)
    }

    @Test("the address for the phone names issuer and account, whatever letters they have")
    func address() {
        let address = OneTimePassword(key: key).address(account: "zoë@clinic.example", issuer: "Baton")
        #expect(
            address == "otpauth://totp/Baton:zo%C3%AB%40clinic.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Baton"
                + "&algorithm=SHA1&digits=6&period=30")
    }
}
