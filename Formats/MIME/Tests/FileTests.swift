import MIME
import Testing

@Suite struct FileTests {
    @Test("a file's name never holds a path, a hidden start or an invisible character")
    func names() {
        let names = [
            ("a.pdf", "a.pdf"), ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\scan.tif", "scan.tif"), ("..", "file"), ("", "file"),
            ("/", "file"), ("a/", "a"), (".htaccess", "htaccess"), ("a\u{0}b\r\n.pdf", "ab.pdf"), ("\u{202E}fdp.exe", "fdp.exe"),
            (" . a . ", "a"), ("con.txt", "_con.txt"), ("NUL", "_NUL"), ("x<y>:\"|?*.pdf", "x_y______.pdf"), ("a%2F..%2Fb", "a_2F.._2Fb"),
            ("Überweisung 漢.pdf", "Überweisung 漢.pdf"),
        ]
        for (sent, safe) in names { #expect(FileName.sanitised(sent) == safe, "\(sent)") }
    }

    @Test("a long name is shortened and keeps its extension")
    func longNames() {
        let long = FileName.sanitised(String(repeating: "é", count: 500) + ".pdf")
        #expect(long.utf8.count <= FileName.maxBytes)
        #expect(long.utf8.count > 190)
        #expect(long.hasSuffix("é.pdf"))
        #expect(FileName.sanitised(String(repeating: "x.", count: 500)).utf8.count <= FileName.maxBytes)
        #expect(FileName.sanitised("a." + String(repeating: "x", count: 500)).utf8.count <= FileName.maxBytes)
    }

    @Test("a safe name stays as it is")
    func safeNamesStay() {
        let ends = ["", ".pdf", " x", String(repeating: "y", count: 300)]
        for length in [0, 1, 190, 194, 195, 196, 197, 198, 199, 200, 201] {
            for start in ["CON.", "con", "a", "COM1 "] {
                for end in ends {
                    let safe = FileName.sanitised(start + String(repeating: "-", count: length) + end)
                    #expect(FileName.sanitised(safe) == safe)
                    #expect((1...FileName.maxBytes).contains(safe.utf8.count))
                }
            }
        }
    }

    @Test("a kind is told by the first bytes")
    func kinds() {
        #expect(FileKind.detect(Array("%PDF-1.7\n".utf8)) == .pdf)
        #expect(FileKind.detect(Array("\u{1B}%-12345X\n%PDF-1.4".utf8)) == .pdf)
        #expect(FileKind.detect([0x49, 0x49, 0x2A, 0, 8]) == .tiff)
        #expect(FileKind.detect([0x4D, 0x4D, 0, 0x2A]) == .tiff)
        #expect(FileKind.detect([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]) == .png)
        #expect(FileKind.detect([0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
        #expect(FileKind.detect([0x50, 0x4B, 3, 4]) == .zip)
        #expect(FileKind.detect([0x50, 0x4B, 5, 6]) == .zip)
        #expect(FileKind.detect(Array("MSH|^~\\&|\rPID|é\t\u{C}".utf8)) == .text)
        for unknown in [[], [0], [0x4D, 0x5A, 0x90, 0], [0xFF, 0xFE, 0x41, 0], [0x89, 0x50], [0x61, 0x1B], [0xC3]] as [[UInt8]] {
            #expect(FileKind.detect(unknown) == nil)
        }
    }

    @Test("text is told although the look ends in the middle of a character")
    func longText() {
        for shift in 0..<4 {
            let text = String(repeating: "a", count: shift) + String(repeating: "😀", count: 20_000)
            #expect(FileKind.detect(Array(text.utf8)) == .text)
        }
        #expect(FileKind.detect([UInt8](repeating: 0x80, count: 70_000)) == nil)
    }

    @Test("a kind's content type is stable")
    func contentTypes() {
        #expect(
            FileKind.allCases.map(\.contentType) == [
                "application/pdf", "image/tiff", "image/png", "image/jpeg", "application/zip", "text/plain",
            ])
    }
}
