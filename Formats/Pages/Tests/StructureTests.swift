import Testing

@testable import Pages

/// What is read from headers alone, in Swift.
@Suite struct StructureTests {
    private func code(_ bytes: [UInt8], limits: PageLimits = .standard) -> DocumentRefusal.Code? {
        do throws(DocumentRefusal) {
            _ = try DocumentInspector.inspect(bytes, limits: limits)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a fax of three pages has three pages of its size")
    func faxFacts() throws {
        let facts = try DocumentInspector.inspect(ImageFixture.fax(pages: 3))
        #expect(facts.kind == .tiff && facts.pageCount == 3 && !facts.hasTextLayer)
        let page = try #require(facts.pages.first)
        #expect(abs(page.widthPoints - 1728.0 / 204 * 72) < 1 && abs(page.heightPoints - 2200.0 / 196 * 72) < 1)
    }

    @Test("PNG and JPEG are one page each, of the size that their density says")
    func imageFacts() throws {
        for (bytes, kind) in [(ImageFixture.png(), DocumentKind.png), (ImageFixture.jpeg(), .jpeg)] {
            let facts = try DocumentInspector.inspect(bytes)
            #expect(facts.kind == kind && facts.pageCount == 1)
            let page = try #require(facts.pages.first)
            #expect(abs(page.widthPoints - 288) < 1 && abs(page.heightPoints - 432) < 1)
        }
    }

    @Test("a photograph that lies on its side is a page that stands")
    func photographOnItsSide() throws {
        let facts = try DocumentInspector.inspect(ImageFixture.turned(ImageFixture.jpeg(), orientation: 6))
        let page = try #require(facts.pages.first)
        #expect(page.widthPoints > page.heightPoints)
    }

    @Test("a camera's 72 dots per inch do not make a page of five feet")
    func cameraDensity() throws {
        let page = try #require(try DocumentInspector.inspect(ImageFixture.jpeg(width: 3000, height: 4000, dpi: 72)).pages.first)
        #expect(abs(page.heightPoints - 792) < 1)
    }

    @Test("nothing, nonsense and a lie about the kind are refused")
    func refusesNonsense() {
        #expect(code([]) == .empty)
        #expect(code(Array("Dear doctor".utf8)) == .unknownKind)
        #expect(code(Array("<html>".utf8) + [UInt8](repeating: 0, count: 2000)) == .unknownKind)
        #expect(code([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) == .broken)
        #expect(code([0xFF, 0xD8, 0xFF, 0xD9]) == .broken)
        #expect(code(Array("II*\0".utf8)) == .broken)
    }

    @Test("an image that declares 100,000 by 100,000 pixels is refused by its header")
    func refusesPixelBomb() {
        var png = ImageFixture.png()
        png.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
        #expect(code(png) == .tooManyPixels)
        var limits = PageLimits()
        limits.imagePixels = 400 * 600 - 1
        #expect(code(ImageFixture.png(), limits: limits) == .tooManyPixels)
        #expect(code(ImageFixture.jpeg(), limits: limits) == .tooManyPixels)
        #expect(code(ImageFixture.fax(pages: 1), limits: limits) == .tooManyPixels)
        limits.imagePixels = 400 * 600
        #expect(code(ImageFixture.jpeg(), limits: limits) == nil)
    }

    @Test("size and number of pages have limits")
    func refusesTooMuch() {
        var limits = PageLimits()
        limits.pageCount = 2
        #expect(code(ImageFixture.fax(pages: 3), limits: limits) == .tooManyPages)
        #expect(code(ImageFixture.fax(pages: 2), limits: limits) == nil)
        limits.documentBytes = 100
        #expect(code(ImageFixture.png(), limits: limits) == .tooLarge)
    }

    @Test("a TIFF whose pages follow each other in a circle is refused")
    func refusesCircle() {
        // One directory with width and height that names itself as the next one.
        let entry: (UInt8, UInt8) -> [UInt8] = { [1, $0, 0, 3, 0, 0, 0, 1, 0, $1, 0, 0] }
        let circle: [UInt8] = Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 2] + entry(0, 9) + entry(1, 9) + [0, 0, 0, 8]
        #expect(code(circle) == .broken)
        #expect(code(Array(circle.dropLast()) + [0]) == nil)
    }

    @Test("an image that is cut off anywhere is refused", arguments: [DocumentKind.png, .jpeg])
    func refusesCut(_ kind: DocumentKind) {
        let whole = kind == .png ? ImageFixture.png() : ImageFixture.jpeg()
        for length in stride(from: 12, to: whole.count - 2, by: max(1, whole.count / 60)) {
            #expect(code(Array(whole[..<length])) == .broken)
        }
    }

    @Test("the codes and the facts have a fixed text")
    func fixedTexts() throws {
        let codes =
            "empty too_large unknown_kind encrypted broken too_many_pages too_many_pixels too_costly too_slow reader_crashed "
            + "no_such_page bad_request busy reader_missing"
        #expect(DocumentRefusal.Code.allCases.map(\.rawValue) == codes.split(separator: " ").map { "document." + $0 })
        let facts = DocumentFacts(kind: .pdf, pages: [PageFacts(widthPoints: 612, heightPoints: 792, hasText: true)])
        let json =
            #"{"is_encrypted":false,"kind":"pdf","looks_incomplete":false,"#
            + #""pages":[{"has_text":true,"height_points":792,"width_points":612}]}"#
        #expect(String(decoding: WorkerFrame.facts(facts).encoded.dropFirst(5), as: UTF8.self) == json)
        #expect(DocumentRefusal.encrypted().description.hasPrefix("document.encrypted: The PDF opens only with a password. Remove"))
    }
}
