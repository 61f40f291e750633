import Crypto
import Testing

@Suite struct SecretBoxTests {
    private let key = SHA256.hash("a key")

    @Test("what is sealed opens again, whatever it is, and looks different each time")
    func roundTrip() throws {
        let box = SecretBox(key)
        for bytes in [[], [0], Array(repeating: 7, count: 100_000)] as [[UInt8]] {
            let sealed = box.seal(bytes, for: "place")
            #expect(try box.open(sealed, for: "place") == bytes)
            #expect(box.seal(bytes, for: "place") != sealed)
        }
    }

    @Test("nothing opens under another key, for another place, or when a bit of it was changed")
    func forged() throws {
        let box = SecretBox(key)
        let sealed = box.seal([1, 2, 3], for: "place")
        #expect(throws: CryptoError.self) { try SecretBox(SHA256.hash("another")).open(sealed, for: "place") }
        #expect(throws: CryptoError.self) { try box.open(sealed, for: "elsewhere") }
        #expect(throws: CryptoError.self) { try box.open([], for: "place") }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptoError.self) { try box.open(changed, for: "place") }
        }
    }

    @Test("a key that is made from a ring is the same wherever the ring is, and another one for each purpose")
    func derived() throws {
        let ring = KeyRing()
        let same = try #require(KeyRing(ring.text))
        #expect(ring.derived(for: "forms") == same.derived(for: "forms"))
        #expect(ring.derived(for: "forms") != ring.derived(for: "login"))
        #expect(ring.derived(for: "forms") != KeyRing().derived(for: "forms"))
        #expect(ring.rotated().derived(for: "forms") != ring.derived(for: "forms"))
    }
}
