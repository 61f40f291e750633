import Foundation
import Testing

@testable import Pages

/// Documents that mean harm, or that were harmed.
@Suite struct HostileTests {
    let service = WorkerFixture.service()

    @Test("a PDF of 2,000 pages is refused by the limit of pages")
    func tooManyPages() async {
        #expect(await WorkerFixture.code(service, PDFFixture.pages(Array(repeating: "x", count: 2000))) == .tooManyPages)
    }

    @Test("a PDF whose drawing takes seconds is stopped by the limit of computing time, should its amount ever be allowed")
    func decompressionBomb() async {
        let limited = WorkerFixture.service { ($0.workerCPUSeconds, $0.unpackedPartBytes, $0.unpackedBytes) = (1, 1 << 30, 1 << 30) }
        #expect(await WorkerFixture.code(limited, PDFFixture.compressedPage(Bomb.large), pages: [1]) == .tooCostly)
    }

    @Test("a worker that needs more memory than it may have is refused")
    func memory() async {
        let limited = WorkerFixture.service { $0.workerMemoryBytes = 220 << 20 }
        #expect(await WorkerFixture.code(limited, PDFFixture.pages(["Plan"], width: 14_000, height: 14_000), pages: [1]) == .tooCostly)
        #expect(await WorkerFixture.code(limited, PDFFixture.pages(["Letter"]), pages: [1]) == nil)
    }

    @Test("an image inside a PDF that is too large to be drawn is refused, instead of a blank page")
    func imageInsideAPDF() async {
        for (width, code) in [(30_000, DocumentRefusal.Code.tooManyPixels), (2, nil)] {
            #expect(await WorkerFixture.code(service, PDFFixture.pageWithImage(width: width), pages: [1]) == code)
        }
    }

    @Test("a reader that was taken over reaches neither network, files, processes nor more time")
    func confinement() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let secret = folder.appendingPathComponent("secret")
        try Data("secret".utf8).write(to: secret)
        let escapes = try Tool.run(WorkerFixture.executable, ["try-to-escape", folder.appendingPathComponent("new").path, secret.path])
        // Reading (64) is held back by Landlock, which not every container has.
        #expect(escapes & ~64 == 0)
    }

    @Test("a worker that is late is killed on the clock")
    func late() async {
        let hasty = WorkerFixture.service { ($0.workerWallSeconds, $0.unpackedPartBytes, $0.unpackedBytes) = (0.3, 1 << 30, 1 << 30) }
        let bomb = PDFFixture.compressedPage(Bomb.large)
        let start = ContinuousClock.now
        #expect(await WorkerFixture.code(hasty, bomb, pages: [1]) == .tooSlow)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test(
        "an encrypted PDF is refused when it needs a password, and only told when it opens without",
        .enabled(if: Tool.hasQpdf, "skipped: qpdf is not installed"))
    func encrypted() async throws {
        let locked = try Tool.encrypt(PDFFixture.pages(["Secret"]), userPassword: "1234")
        #expect(await WorkerFixture.code(service, locked) == .encrypted)
        let open = try Tool.encrypt(PDFFixture.pages(["Restricted"]), userPassword: "")
        let facts = try await service.inspect(open)
        #expect(facts.isEncrypted && facts.pageCount == 1)
    }

    @Test("a PDF cut before its end says so, or is refused")
    func cutPDF() async throws {
        let pdf = PDFFixture.pages(["One", "Two", "Three"])
        let facts = try? await service.inspect(Array(pdf.dropLast(200)))
        #expect(facts?.looksIncomplete ?? true)
        #expect(await WorkerFixture.code(service, Array(pdf.prefix(40))) == .broken)
    }

    @Test("a page with a part that cannot be read says so, and so do the facts of a PDF with damaged text")
    func unreadableParts() async throws {
        let photograph = try await service.examine(PDFFixture.pageWithImage(width: 100, entries: "/Filter /DCTDecode "), pages: [1])
        #expect(photograph.images.first?.looksIncomplete == true)
        #expect(!photograph.facts.looksIncomplete)
        let healthy = PDFFixture.pages(["One", "Two"])
        let place = try #require(ByteReader(healthy).find("endobj", in: healthy.count / 2..<healthy.count))
        var noFont = healthy
        noFont.replaceSubrange(place - 60..<place - 20, with: [UInt8](repeating: 0x28, count: 40))
        #expect(try await service.inspect(noFont).looksIncomplete)
        #expect(try await !service.inspect(healthy).looksIncomplete)
    }

    @Test("truncations and flipped bits are answered with pages or a refusal, never with harm to the server")
    func mutations() async {
        let originals = [PDFFixture.pages(["One", "Two"]), ImageFixture.fax(pages: 2), ImageFixture.png(), ImageFixture.jpeg()]
        var random = SplitMix(state: 42)
        var outcomes: [DocumentRefusal.Code?: Int] = [:]
        for round in 0..<60 {
            var bytes = originals[round % originals.count]
            if round.isMultiple(of: 3) { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
            for _ in 0..<(1 + round % 7) where !bytes.isEmpty {
                bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            }
            outcomes[await WorkerFixture.code(service, bytes, pages: [1]), default: 0] += 1
        }
        #expect(outcomes.values.reduce(0, +) == 60)
        #expect(outcomes[.broken, default: 0] > 0 && outcomes[.readerMissing] == nil && outcomes[.tooSlow] == nil)
    }

    @Test("a reader that is missing, that crashes or that talks nonsense is a refusal")
    func badReaders() async {
        let png = ImageFixture.png()
        #expect(await WorkerFixture.code(PageService(executable: "/nowhere/baton"), png) == .readerMissing)
        #expect(
            await WorkerFixture.code(PageService(executable: "/bin/sh", leadingArguments: ["-c", "kill -SEGV $$"]), png) == .readerCrashed)
        #expect(await WorkerFixture.code(PageService(executable: "/bin/echo"), png) == .readerCrashed)
        var limits = PageLimits()
        limits.answerBytes = 1 << 20
        #expect(
            await WorkerFixture.code(PageService(executable: "/bin/cat", leadingArguments: ["/dev/zero"], limits: limits), png)
                == .tooCostly)
    }

    @Test("more requests than may wait are told to come again, and the others are answered")
    func busy() async {
        let small = WorkerFixture.service { ($0.workers, $0.waiting) = (1, 2) }
        let codes = await withTaskGroup(of: DocumentRefusal.Code?.self) { group in
            for _ in 0..<12 { group.addTask { await WorkerFixture.code(small, ImageFixture.png(), pages: [1]) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.contains(nil) && codes.contains(.busy))
        #expect(codes.allSatisfy { $0 == nil || $0 == .busy })
    }
}
