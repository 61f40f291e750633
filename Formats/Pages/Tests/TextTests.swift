import CLeptonica
import Testing

@testable import Pages

@Suite struct TextTests {
    private let service = WorkerFixture.service()
    private static let letter = PDFFixture.pages([
        "Referral of Amara Okafor\nBorn on 14 February 1970\nChest pain on effort\nPlease see her soon"
    ])

    private func text(_ bytes: [UInt8], recipe: RecognitionRecipe = RecognitionRecipe()) async throws -> PageText {
        try #require(try await service.text(of: bytes, pages: [1], recipe: recipe).first)
    }

    @Test("a text layer is taken as it is, with places")
    func textLayer() async throws {
        let page = try await text(Self.letter)
        #expect(page.source == .textLayer && page.text.hasPrefix("Referral of Amara Okafor\nBorn on 14 February 1970"))
        let first = try #require(page.words.first)
        #expect(abs(first.box.left - 72) < 4 && first.box.top > 60 && first.box.bottom < 110 && first.confidence == 1)
    }

    @Test("a picture's words are recognised with places and confidences")
    func recognised() async throws {
        let page = try await text(try await service.render(Self.letter, page: 1, dpi: 200).png)
        #expect(page.source == .recognised && page.text.contains("Amara Okafor") && page.text.contains("14 February 1970"))
        let word = try #require(page.words.first { $0.text == "Amara" })
        let place = page.place(of: word.box)
        #expect(word.confidence > 0.8 && place.left > 0.2 && place.right < 0.5 && place.top < 0.15)
    }

    @Test("a page that lies on its head is read, and its places are those of the page as it is shown")
    func upsideDown() async throws {
        let upright = try await service.render(PDFFixture.pages([Self.long]), page: 1, dpi: 200).png
        let page = try await text(Self.turned(upright, quarters: 2))
        #expect(page.quarters == 2 && page.text.contains("Amara Okafor"))
        let word = try #require(page.words.first { $0.text == "Amara" })
        let place = page.place(of: word.box)
        #expect(place.top > 0.8 && place.left > 0.4)
    }

    @Test("a crooked and speckled page is straightened and cleaned")
    func crooked() async throws {
        let upright = try await service.render(PDFFixture.pages([Self.long]), page: 1, dpi: 200).png
        let page = try await text(Self.crooked(upright))
        #expect(abs(page.skewDegrees) > 1 && page.text.contains("Amara Okafor") && page.text.contains("14 February 1970"))
    }

    @Test("an empty page has no words, and costs no recognition")
    func blank() async throws {
        let page = try await text(try await service.render(PDFFixture.pages([""]), page: 1, dpi: 200).png)
        #expect(page.words.isEmpty && page.ink < 0.001)
    }

    @Test("requests beyond the limits and pages that are not there are refused")
    func limits() async {
        for (pages, code) in [(Array(1...9), DocumentRefusal.Code.badRequest), ([], .badRequest), ([2], .noSuchPage)] {
            let refusal = await #expect(throws: DocumentRefusal.self) { try await service.text(of: ImageFixture.png(), pages: pages) }
            #expect(refusal?.code == code)
        }
    }

    private static let long = (0..<10).map {
        "Referral of Amara Okafor, line \($0)\nBorn on 14 February 1970, and\nseen for chest pain on effort"
    }
    .joined(separator: "\n").split(separator: "\n").prefix(20).joined(separator: "\n")

    private static func turned(_ png: [UInt8], quarters: Int32) -> [UInt8] {
        ImageFixture.changed(png) { pixRotateOrth($0, quarters) }
    }

    /// Black and white, turned by two degrees, with specks.
    private static func crooked(_ png: [UInt8]) -> [UInt8] {
        ImageFixture.changed(png) { picture in
            var grey = pixConvertTo8(picture, 0)
            var turned = pixRotateAMGray(grey, 0.035, 255)
            let black = pixThresholdToBinary(turned, 150)
            pixDestroy(&grey)
            pixDestroy(&turned)
            var state: UInt32 = 7
            for _ in 0..<6_000 {
                state = state &* 1_664_525 &+ 1_013_904_223
                pixSetPixel(black, Int32(state >> 8) % 1_700, Int32(state >> 9) % 2_200, 1)
            }
            pixSetResolution(black, 200, 200)
            return black
        }
    }
}
