import CLeptonica
import Testing

@testable import Pages

@Suite struct ReductionTests {
    private let sizes = [PictureBounds(width: 200, height: 200), PictureBounds(width: 64, height: 0)]

    private func reduced(_ picture: [UInt8]) throws -> [ReducedPicture] {
        let pictures = try WorkerFixture.service().reduce(picture, to: sizes)
        return pictures.enumerated().compactMap { ReducedPicture(number: $0 + 1, bytes: $1) }
    }

    private func code(_ picture: [UInt8], _ change: (inout PageLimits) -> Void = { _ in }) -> DocumentRefusal.Code? {
        do throws(DocumentRefusal) {
            _ = try WorkerFixture.service(change).reduce(picture, to: sizes)
            return nil
        } catch { return error.code }
    }

    @Test("a photograph stays a JPEG, in proportion and upright; its bar stands where it stood")
    func photographs() throws {
        let pictures = try reduced(ImageFixture.jpeg(width: 400, height: 600))
        #expect(pictures.map(\.width) == [133, 64] && pictures.map(\.height) == [200, 96])
        #expect(pictures.allSatisfy { DocumentKind(magicOf: $0.bytes) == .jpeg })
        let turned = try reduced(ImageFixture.turned(ImageFixture.jpeg(width: 400, height: 600), orientation: 6))
        #expect(turned.map(\.width) == [200, 64] && turned.map(\.height) == [133, 43])
    }

    @Test("GIF, WebP and pictures of few shades become PNGs that show the same")
    func others() throws {
        var page = ImageFixture.bitonal(width: 600, height: 400)
        var shades = pixConvertTo8(page, 1)
        defer {
            pixDestroy(&page)
            pixDestroy(&shades)
        }
        let pictures = [
            ReductionTests.written { pixWriteMemPng($0, $1, page, 0) }, ReductionTests.written { pixWriteMemGif($0, $1, shades) },
            ReductionTests.written { pixWriteMemWebP($0, $1, page, 90, 0) },
        ]
        for picture in pictures {
            let small = try reduced(picture)
            #expect(small.map(\.width) == [200, 64] && small.map(\.height) == [133, 43])
            let first = try #require(small.first)
            #expect(DocumentKind(magicOf: first.bytes) == .png)
            #expect(ImageFixture.darkness(first.bytes, 20, 12) > 200 && ImageFixture.darkness(first.bytes, 70, 70) < 50)
        }
    }

    @Test("a small picture is not enlarged")
    func small() throws {
        var page = ImageFixture.grey(width: 50, height: 40)
        defer { pixDestroy(&page) }
        let pictures = try reduced(ReductionTests.written { pixWriteMemPng($0, $1, page, 0) })
        #expect(pictures.map(\.width) == [50, 50])
    }

    @Test("documents, torn pictures and what costs too much are refused by code")
    func refused() {
        #expect(code([]) == .empty)
        #expect(code(Array("%PDF-1.4".utf8)) == .unknownKind)
        #expect(code(Array(ImageFixture.png().dropLast(40))) == .broken)
        #expect(code(Array("GIF89a".utf8) + [9, 0, 9, 0, 0x80, 0, 0]) == .broken)
        #expect(code(Array("RIFF".utf8) + [40, 0, 0, 0] + Array("WEBPVP8 ".utf8) + [UInt8](repeating: 7, count: 40)) == .broken)
        #expect(code(ImageFixture.png()) { $0.imagePixels = 1_000 } == .tooManyPixels)
        #expect(code(ImageFixture.png()) { $0.documentBytes = 10 } == .tooLarge)
    }

    private static func written(
        _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>) -> Int32
    ) -> [UInt8] {
        var data: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard write(&data, &size) == 0, let data else { return [] }
        defer { lept_free(data) }
        return Array(UnsafeBufferPointer(start: data, count: size))
    }
}
