import QRCode
import Testing

@Suite struct QRCodeTests {
    @Test("a text becomes a square with a finder in three of its corners")
    func finders() throws {
        let code = try #require(QRCode("otpauth://totp/Baton:ann?secret=GEZDGNBVGY3TQOJQ"))
        #expect(code.size >= 21 && (code.size - 17).isMultiple(of: 4) && code.modules.count == code.size * code.size)
        let last = code.size - 7
        for (row, column) in [(0, 0), (0, last), (last, 0)] {
            for step in 0..<7 {
                #expect(code.modules[row * code.size + column + step] && code.modules[(row + 6) * code.size + column + step])
            }
            #expect(!code.modules[(row + 1) * code.size + column + 1] && code.modules[(row + 3) * code.size + column + 3])
        }
    }

    @Test("the path draws exactly the dark modules, inside a margin of four")
    func path() throws {
        let code = try #require(QRCode("baton"))
        var drawn = [Bool](repeating: false, count: code.size * code.size)
        for run in code.path.matches(of: #/M(\d+) (\d+)h(\d+)v1h-(\d+)z/#) {
            let (left, top) = (try #require(Int(run.1)) - QRCode.margin, try #require(Int(run.2)) - QRCode.margin)
            let width = try #require(Int(run.3))
            #expect(run.3 == run.4)
            for column in left..<left + width { drawn[top * code.size + column] = true }
        }
        #expect(drawn == code.modules)
        #expect(code.pictureSize == code.size + 8)
    }

    @Test("nothing, too much and a zero byte have no code")
    func refused() {
        #expect(QRCode("") == nil)
        #expect(QRCode("a\u{0}b") == nil)
        #expect(QRCode(String(repeating: "a", count: QRCode.textBytes + 1)) == nil)
        #expect(QRCode(String(repeating: "a", count: QRCode.textBytes)) != nil)
    }
}
