import CZlib
import Foundation
import Testing

@testable import Pages

/// Documents that ask for much more than they are: the verdict goes by amounts, so that it is the same on a loaded machine.
@Suite struct BombTests {
    /// A bomb, and the refusal that it must get; nil where poppler finds its way and the document is taken.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: @Sendable () -> [UInt8]
        let code: DocumentRefusal.Code?

        init(_ name: String, _ code: DocumentRefusal.Code?, _ bytes: @escaping @Sendable () -> [UInt8]) {
            (testDescription, self.code, self.bytes) = (name, code, bytes)
        }
    }

    private static let catalog = "<< /Type /Catalog /Pages 2 0 R >>"
    private static let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"

    static let cases = [
        Case("drawing of 80 MB behind 80 kB", .tooCostly) { PDFFixture.compressedPage(pack(drawing(megabytes: 80))) },
        Case("drawing of 80 MB packed twice", .tooCostly) {
            PDFFixture.packedPage(pack(pack(drawing(megabytes: 80))), filter: "[/FlateDecode /FlateDecode]")
        },
        Case("drawing of 70 MB packed by LZW", .tooCostly) { PDFFixture.packedPage(lzw(megabytes: 70), filter: "/LZWDecode") },
        Case("many parts that are too much together", .tooCostly) { manyParts(count: 12, megabytes: 30) },
        Case("a page as large as a county", .tooManyPixels) { PDFFixture.pages(["x"], width: 900_000_000, height: 900_000_000) },
        Case("an image of 30,000 by 30,000 pixels", .tooManyPixels) { PDFFixture.pageWithImage(width: 30_000) },
        Case("a page tree that contains itself", .broken) { PDFFixture.objects([catalog, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]) },
        Case("a thousand pages", .tooManyPages) { PDFFixture.pages(Array(repeating: "x", count: 1_000)) },
        Case("a count of pages beyond all", .broken) {
            PDFFixture.objects([catalog, "<< /Type /Pages /Kids [3 0 R] /Count 2000000 >>", page])
        },
        Case("a table of objects that follows itself", nil) {
            PDFFixture.objects([catalog, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page], trailer: "/Prev @")
        },
        Case("a table that says it has two billion objects", .tooCostly) {
            PDFFixture.objects([catalog, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page], trailer: "/Size 2000000000")
        },
    ]

    @Test("each bomb gets its own refusal by amount, before any of it is drawn", arguments: cases)
    func idle(bomb: Case) async {
        #expect(await WorkerFixture.code(WorkerFixture.service(), bomb.bytes()) == bomb.code)
    }

    @Test("on a machine that is busy with something else the verdicts are the same")
    func loaded() async throws {
        let bombs = BombTests.cases.map { (bomb: $0, bytes: $0.bytes()) }
        let load = try Load(processes: 3)
        defer { load.stop() }
        let service = WorkerFixture.service()
        for (bomb, bytes) in bombs { #expect(await WorkerFixture.code(service, bytes) == bomb.code, "\(bomb.testDescription)") }
    }

    @Test("what is large but honest is taken: a long drawing, a scan in colour, an attached file's size")
    func honest() async {
        let scan = PDFFixture.pageWithImage(width: 5_000, packed: BombTests.pack([UInt8](repeating: 255, count: 25_000_000)))
        for bytes in [PDFFixture.compressedPage(BombTests.pack(BombTests.drawing(megabytes: 4))), scan] {
            #expect(await WorkerFixture.code(WorkerFixture.service(), bytes, pages: [1]) == nil)
        }
        let attached = PDFFixture.objects([
            BombTests.catalog, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", BombTests.page,
            "<< /Type /EmbeddedFile /Params << /Size 90000000 >> " + String(repeating: " ", count: 500) + ">>",
        ])
        #expect(await WorkerFixture.code(WorkerFixture.service(), attached) == nil)
    }

    // MARK: - Making them

    /// White space draws nothing and costs as much to read as anything.
    private static func drawing(megabytes: Int) -> [UInt8] { [UInt8](repeating: 0x20, count: megabytes << 20) }

    private static func pack(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var packed = [UInt8](repeating: 0, count: Int(size))
        precondition(compress2(&packed, &size, bytes, uLong(bytes.count), 6) == Z_OK)
        return Array(packed.prefix(Int(size)))
    }

    /// Each code stands for one letter more than the one before: the steepest that LZW can do.
    private static func lzw(megabytes: Int) -> [UInt8] {
        var bits: [UInt8] = []
        var (held, count, produced) = (0, 0, 0)
        func width(_ next: Int) -> Int { next < 511 ? 9 : next < 1_023 ? 10 : next < 2_047 ? 11 : 12 }
        func write(_ code: Int, _ width: Int) {
            held = held << width | code
            count += width
            while count >= 8 {
                count -= 8
                bits.append(UInt8(truncatingIfNeeded: held >> count))
            }
            held &= (1 << count) - 1
        }
        while produced < megabytes << 20 {
            write(256, produced == 0 ? 9 : 12)
            write(0x20, 9)
            for (place, code) in (258..<4_094).enumerated() {
                write(code, width(code))
                produced += place + 2
            }
        }
        return bits + [UInt8](repeating: 0, count: 4)
    }

    private static func manyParts(count: Int, megabytes: Int) -> [UInt8] {
        let part = pack(drawing(megabytes: megabytes))
        let head = "<< /Filter /FlateDecode /Length \(part.count) >>\nstream\n"
        return (0..<count).reduce(into: PDFFixture.pages(["x"])) { bytes, number in
            bytes += Array("\(number + 50) 0 obj\n\(head)".utf8) + part + Array("\nendstream\nendobj\n".utf8)
        }
    }
}

/// Processes that only take computing time, for as long as a test lasts.
final class Load {
    private let processes: [Process]

    init(processes count: Int) throws {
        processes = try (0..<count).map { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            // It ends by itself should the test be killed.
            process.arguments = ["-c", "ulimit -t 6; while :; do :; done"]
            try process.run()
            return process
        }
    }

    func stop() {
        for process in processes {
            process.terminate()
            process.waitUntilExit()
        }
    }
}
