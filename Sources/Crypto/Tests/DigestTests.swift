import Testing

@testable import Crypto

@Suite struct DigestTests {
    @Test("SHA-256 gives the digests of FIPS 180-4's examples")
    func knownDigests() {
        #expect(SHA256.hash("").hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(SHA256.hash("abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("a hash in pieces is the hash of the whole, wherever it is cut")
    func piecesEqualWhole() {
        let bytes = SeededRandomSource(seed: 7).bytes(300)
        for cut in stride(from: 0, through: 300, by: 13) {
            var hash = SHA256()
            hash.update(Array(bytes[..<cut]))
            _ = hash.finish()  // looking in between must not disturb
            hash.update(Array(bytes[cut...]))
            #expect(hash.finish() == SHA256.hash(bytes))
        }
    }

    @Test("a digest keeps its bytes through hex and arrays, and nothing shorter is taken")
    func digestRoundTrip() throws {
        let digest = SHA256.hash("abc")
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(Digest(hex: String(digest.hex.dropLast(2))) == nil)
        #expect(Digest(bytes: Array(digest.bytes.dropLast())) == nil)
        #expect(Set([digest, SHA256.hash("abc"), .zero]).count == 2)
        #expect(Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
    }

    @Test("HMAC-SHA-256 gives the codes of RFC 4231, also for a key longer than a block")
    func knownCodes() {
        let short = HMACSHA256.authenticate(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(short.hex == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = HMACSHA256.authenticate(
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8), key: [UInt8](repeating: 0xAA, count: 131))
        #expect(long.hex == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        #expect(HMACSHA256.verify(long.bytes, of: Array("other".utf8), key: [1]) == false)
        #expect(HMACSHA256.verify(short.bytes, of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
    }

    @Test("a keyed hash depends on its key and its bytes, and refuses a short key")
    func keyedHash() throws {
        let one = try KeyedHash(key: [UInt8](repeating: 1, count: 32)), two = try KeyedHash(key: [UInt8](repeating: 2, count: 32))
        #expect(one.hash("a") == one.hash(Array("a".utf8)))
        #expect(one.hash("a") != two.hash("a"))
        #expect(one.hash("a") != one.hash("b"))
        #expect(KeyedHash().hash("a") != KeyedHash().hash("a"))
        let error = #expect(throws: CryptoError.self) { try KeyedHash(key: [UInt8](repeating: 1, count: 15)) }
        #expect(error?.code == "crypto.bad_key")
    }

    @Test("constant-time comparison agrees with plain comparison")
    func constantTime() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(ConstantTime.equal([UInt8](), []))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
        #expect(ConstantTime.equal("token", "token") && !ConstantTime.equal("token", "tokeN"))
        #expect(ConstantTime.equal(SHA256.hash("a"), SHA256.hash("a")) && !ConstantTime.equal(SHA256.hash("a"), .zero))
    }
}
