import Testing

@testable import Crypto

@Suite struct KeyRingTests {
    @Test("a sealed text opens under its ring and purpose, looks different each time and shows nothing")
    func seals() throws {
        let ring = KeyRing()
        for text in ["", "whsec_abc", String(repeating: "Ü", count: 5_000)] {
            let (one, two) = (ring.seal(text, for: "a,1"), ring.seal(text, for: "a,1"))
            #expect(one != two && KeyRing.isSealed(one) && ring.isCurrent(one))
            #expect(try ring.open(one, for: "a,1") == text && ring.open(two, for: "a,1") == text)
            #expect(text.isEmpty || !one.contains(text))
        }
        #expect(!"\(ring)".contains(ring.text.split(separator: " ")[1].prefix(8)))
    }

    @Test("another purpose, another ring, a changed byte and a text that is none are refused, each for its reason")
    func refusals() throws {
        let ring = KeyRing()
        let sealed = ring.seal("secret", for: "a,1")
        func code(_ ring: KeyRing, _ text: String, _ purpose: String) -> String {
            do throws(CryptoError) { return try ring.open(text, for: purpose) } catch { return error.code }
        }
        #expect(code(ring, sealed, "a,2") == "crypto.forged")
        #expect(code(KeyRing(), sealed, "a,1") == "crypto.key_missing")
        for text in ["", "secret", "sealed:", "sealed:00:", "sealed:\(ring.ids[0]):AAAA", "sealed:\(ring.ids[0]):!"] {
            #expect(code(ring, text, "a,1") == "crypto.not_sealed")
        }
        let body = try #require(Base64.standard.decode(String(sealed.split(separator: ":")[2])))
        for place in body.indices {
            var bytes = body
            bytes[place] ^= 1
            #expect(code(ring, "sealed:\(ring.ids[0]):" + Base64.standard.encode(bytes), "a,1") == "crypto.forged")
        }
    }

    @Test("a rotated ring seals under its new key and opens what the old one sealed, until the old key is dropped")
    func rotation() throws {
        let old = KeyRing()
        let sealed = old.seal("secret", for: "p")
        let ring = old.rotated()
        #expect(try ring.open(sealed, for: "p") == "secret")
        #expect(!ring.isCurrent(sealed) && ring.isCurrent(ring.seal("x", for: "p")))
        #expect(ring.ids.count == 2 && ring.ids[1] == old.ids[0])
        #expect(throws: CryptoError.self) { try ring.newestOnly.open(sealed, for: "p") }
    }

    @Test("a ring survives its file; files that are none are refused")
    func files() throws {
        let ring = KeyRing().rotated()
        let read = try #require(KeyRing(ring.text))
        #expect(read.ids == ring.ids)
        #expect(try read.open(ring.seal("s", for: "p"), for: "p") == "s")
        let line = String(KeyRing().text.dropLast())
        for text in ["", "x", "00 11", line + " 1", line + "\n" + line, String(line.dropLast(2))] { #expect(KeyRing(text) == nil) }
    }
}
