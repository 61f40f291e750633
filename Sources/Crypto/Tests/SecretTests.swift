import Testing

@testable import Crypto

@Suite struct SecretTests {
    static let cheap = PasswordHash.Cost(passes: 1, memoryBytes: 8192)

    @Test("a password verifies against its own hash only, and each hash has its own salt")
    func passwords() throws {
        let stored = try PasswordHash.make("Größe 12 ☂", cost: Self.cheap)
        #expect(stored.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
        #expect(PasswordHash.verify("Größe 12 ☂", stored: stored))
        #expect(!PasswordHash.verify("Größe 12 ☀", stored: stored))
        #expect(try PasswordHash.make("Größe 12 ☂", cost: Self.cheap) != stored)
    }

    @Test("a hash of another cost asks to be made anew")
    func rehash() throws {
        let stored = try PasswordHash.make("secret", cost: Self.cheap)
        #expect(PasswordHash.needsRehash(stored))
        #expect(!PasswordHash.needsRehash(stored, cost: Self.cheap))
        #expect(PasswordHash.needsRehash("plain"))
    }

    @Test("the production cost is at least OWASP's minimum")
    func productionCost() throws {
        #expect(PasswordHash.Cost.interactive.passes >= 2 && PasswordHash.Cost.interactive.memoryBytes >= 19 << 20)
        let stored = try PasswordHash.make("secret")
        #expect(stored.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(PasswordHash.verify("secret", stored: stored) && !PasswordHash.needsRehash(stored))
    }

    @Test(
        "nonsense and overlong passwords are refused, not verified",
        arguments: ["", "x", "$argon2id$", "\0", String(repeating: "a", count: 500)])
    func nonsense(_ stored: String) throws {
        #expect(!PasswordHash.verify("secret", stored: stored))
        let long = String(repeating: "p", count: PasswordHash.longestPassword + 1)
        let error = #expect(throws: CryptoError.self) { try PasswordHash.make(long, cost: Self.cheap) }
        #expect(error?.code == "crypto.password_too_long")
    }

    @Test("Ed25519 gives the keys and signatures of RFC 8032, test 2")
    func knownSignature() throws {
        let secret = try #require(Hex.decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let key = try SigningKey(bytes: secret)
        #expect(Hex.encode(key.verifyingKey.bytes) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        #expect(
            Hex.encode(key.sign([0x72]).bytes)
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
    }

    @Test("a signature holds for its message and key only, and keys survive saving")
    func signatures() throws {
        let key = SigningKey(), other = SigningKey()
        let signature = key.sign([1, 2, 3])
        let saved = try SigningKey(bytes: key.bytes)
        #expect(saved.verifyingKey == key.verifyingKey)
        #expect(try VerifyingKey(bytes: key.verifyingKey.bytes).verify(Signature(bytes: signature.bytes), of: [1, 2, 3]))
        #expect(!key.verifyingKey.verify(signature, of: [1, 2, 4]))
        #expect(!other.verifyingKey.verify(signature, of: [1, 2, 3]))
        #expect(throws: CryptoError.self) { try SigningKey(bytes: [1]) }
        #expect(throws: CryptoError.self) { try VerifyingKey(bytes: [1]) }
        #expect(throws: CryptoError.self) { try Signature(bytes: [1]) }
    }

    @Test("a seed gives the same bytes again; the system never does")
    func randomness() {
        #expect(SeededRandomSource(seed: 1).bytes(33) == SeededRandomSource(seed: 1).bytes(33))
        #expect(SeededRandomSource(seed: 1).bytes(33) != SeededRandomSource(seed: 2).bytes(33))
        #expect(SeededRandomSource(seed: 1234567).word() == 6_457_827_717_110_365_317)
        #expect(SystemRandomSource().bytes(32) != SystemRandomSource().bytes(32))
        #expect(SystemRandomSource().bytes(0).isEmpty)
        let source = SeededRandomSource(seed: 5)
        #expect(Set((0..<200).map { _ in source.number(below: 3) }) == [0, 1, 2])
    }
}
