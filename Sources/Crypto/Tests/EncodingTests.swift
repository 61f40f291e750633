import Foundation
import Testing

@testable import Crypto

@Suite struct EncodingTests {
    @Test("hex reads back what it writes and takes either case")
    func hexRoundTrip() {
        let all = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.encode([0x00, 0x9F, 0xAB]) == "009fab")
        #expect(Hex.decode("009FaB") == [0x00, 0x9F, 0xAB])
    }

    @Test("hex refuses an odd length and strange characters", arguments: ["0", "0g", " 00", "0x00", "/0", ":0", "@0", "é"])
    func hexRefuses(_ text: String) { #expect(Hex.decode(text) == nil) }

    @Test("base64 writes what Foundation writes, for every length up to 70")
    func base64AgreesWithFoundation() {
        let random = SeededRandomSource(seed: 3)
        for count in 0...70 {
            let bytes = random.bytes(count), text = Data(bytes).base64EncodedString()
            let url = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            #expect(Base64.standard.encode(bytes) == text)
            #expect(Base64.urlSafe.encode(bytes) == url)
            #expect(Base64.standard.decode(text) == bytes)
            #expect(Base64.urlSafe.decode(url) == bytes)
        }
    }

    @Test(
        "standard base64 has one text for one value",
        arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", "Z g=", "====", "=", "Zg=a", "-_8=", "Zm9vé"])
    func standardRefuses(_ text: String) { #expect(Base64.standard.decode(text) == nil) }

    @Test("URL-safe base64 has one text for one value", arguments: ["Zg==", "Zh", "Zm9", "Z", "+/8", "Zm8 ", "A"])
    func urlSafeRefuses(_ text: String) { #expect(Base64.urlSafe.decode(text) == nil) }
}
