import Testing

@testable import Pages

/// Pages as pictures, each drawn by a worker.
@Suite struct RenderingTests {
    let service = WorkerFixture.service()

    @Test("a PDF has its pages, its size and its text layer, and is drawn at the resolution asked for")
    func pdf() async throws {
        let pdf = PDFFixture.pages(["Referral to Cardiology\nPatient walks again", "Second page", ""])
        let examined = try await service.examine(pdf, pages: [1, 3], dpi: 100)
        #expect(examined.facts.kind == .pdf && examined.facts.pageCount == 3)
        #expect(examined.facts.pages.map(\.hasText) == [true, true, false])
        #expect(examined.facts.pages[0].widthPoints == 612 && examined.facts.pages[0].heightPoints == 792)
        #expect(!examined.facts.looksIncomplete && !examined.facts.isEncrypted)
        #expect(examined.images.map(\.page) == [1, 3])
        #expect(!examined.images[0].looksIncomplete && !examined.images[1].looksIncomplete)
        #expect(examined.images[0].width == 850 && examined.images[0].height == 1100)
        #expect(examined.images[0].png.count > examined.images[1].png.count)
    }

    @Test("a fax of G4 or G3 keeps its sharp pixels", arguments: [Int32(9), 8])
    func fax(_ compression: Int32) async throws {
        let image = try await service.render(ImageFixture.fax(pages: 1, compression: compression), page: 1, dpi: 200)
        #expect(image.width == 1728 && image.height == 2200)
        #expect(ImageFixture.darkness(image.png, 20, 12) == 255)
        #expect(ImageFixture.darkness(image.png, 80, 80) == 0)
    }

    @Test("a fax in standard resolution gets square pixels")
    func standardFax() async throws {
        let image = try await service.render(ImageFixture.fax(pages: 1, down: 98), page: 1, dpi: 204)
        #expect(abs(image.width - 1728) <= 2 && abs(image.height - 2200 * 204 / 98) <= 4)
        #expect(ImageFixture.darkness(image.png, 20, 12) > 200)
    }

    @Test("the last page of a fax is drawn, and the one after it refused")
    func pagesOfAFax() async throws {
        let fax = ImageFixture.fax(pages: 3)
        #expect(try await service.render(fax, page: 3).page == 3)
        #expect(await WorkerFixture.code(service, fax, pages: [4]) == .noSuchPage)
        #expect(await WorkerFixture.code(service, PDFFixture.pages(["a"]), pages: [0]) == .noSuchPage)
    }

    @Test("images are reduced but never enlarged")
    func reducedNeverEnlarged() async throws {
        for bytes in [ImageFixture.png(), ImageFixture.jpeg()] {
            let small = try await service.render(bytes, page: 1, dpi: 50)
            #expect(small.width == 200 && small.height == 300)
            let large = try await service.render(bytes, page: 1, dpi: 600)
            #expect(large.width == 400 && large.height == 600)
            #expect(ImageFixture.darkness(large.png, 20, 12) > 200 && ImageFixture.darkness(large.png, 80, 80) < 20)
        }
    }

    @Test(
        "a photograph is turned as its EXIF orientation says",
        arguments: [
            (1, [20, 12]), (2, [80, 12]), (3, [80, 88]), (4, [20, 88]), (5, [12, 20]), (6, [88, 20]), (7, [88, 80]), (8, [12, 80]),
        ])
    func turned(_ orientation: Int, _ bar: [Int]) async throws {
        let image = try await service.render(ImageFixture.turned(ImageFixture.jpeg(), orientation: UInt8(orientation)), page: 1, dpi: 100)
        #expect((image.width > image.height) == (orientation >= 5))
        #expect(ImageFixture.darkness(image.png, bar[0], bar[1]) > 200)
    }

    @Test(
        "a fax is turned as its TIFF says, and its facts agree",
        arguments: [(1, [20, 12]), (3, [80, 88]), (6, [88, 20]), (8, [12, 80])])
    func turnedFax(_ orientation: Int, _ bar: [Int]) async throws {
        let examined = try await service.examine(ImageFixture.turnedFax(orientation: orientation), pages: [1], dpi: 200)
        let image = try #require(examined.images.first), page = try #require(examined.facts.pages.first)
        #expect((image.width > image.height) == (orientation >= 5) && (page.widthPoints > page.heightPoints) == (orientation >= 5))
        #expect(ImageFixture.darkness(image.png, bar[0], bar[1]) > 200)
    }

    @Test("a wall-sized page comes at a lower resolution instead of filling the memory")
    func wallSized() async throws {
        let image = try await service.render(PDFFixture.pages(["Plan"], width: 14_000, height: 14_000), page: 1, dpi: 300)
        #expect(image.width * image.height <= 41_000_000 && image.width > 6000)
        #expect(await WorkerFixture.code(service, PDFFixture.pages(["Plan"], width: 20_000, height: 100)) == .tooManyPixels)
    }

    @Test("requests outside the limits are refused")
    func badRequests() async {
        let error = await #expect(throws: DocumentRefusal.self) { try await service.render(ImageFixture.png(), page: 1, dpi: 10_000) }
        #expect(error?.code == .badRequest)
        #expect(await WorkerFixture.code(service, ImageFixture.png(), pages: Array(repeating: 1, count: 51)) == .badRequest)
    }
}
