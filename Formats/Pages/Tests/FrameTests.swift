import Testing

@testable import Pages

@Suite struct FrameTests {
    private func sample() throws -> [WorkerFrame] {
        let facts = DocumentFacts(kind: .png, pages: [PageFacts(widthPoints: 1, heightPoints: 2)])
        return [.facts(facts), .page(try #require(PageImage(page: 7, png: ImageFixture.png(), looksIncomplete: true))), .end]
    }

    @Test("frames are read back as they were written")
    func roundTrip() throws {
        let frames = try sample()
        #expect(WorkerFrame.decode(frames.flatMap(\.encoded)) == frames)
        let refusal: [WorkerFrame] = [.refusal(.encrypted())]
        #expect(WorkerFrame.decode(refusal.flatMap(\.encoded)) == refusal)
    }

    @Test("an answer cut anywhere, or with anything behind its end, is no answer")
    func refusesCut() throws {
        let bytes = try sample().flatMap(\.encoded)
        for length in stride(from: 0, to: bytes.count, by: 7) { #expect(WorkerFrame.decode(Array(bytes[..<length])) == nil) }
        #expect(WorkerFrame.decode(Array(bytes.dropLast())) == nil)
        #expect(WorkerFrame.decode(bytes + [0]) == nil)
    }

    @Test("a worker that was taken over cannot pass anything but a PNG as a page, nor another page than was asked for")
    func believesNothing() throws {
        let html = Array("<script>".utf8)
        #expect(WorkerFrame.decode([0x50, 0, 0, 0, 13, 0, 0, 0, 1, 0] + html + WorkerFrame.end.encoded) == nil)
        #expect(WorkerFrame.decode([0x58, 0, 0, 0, 0] + WorkerFrame.end.encoded) == nil)
        let frames = try sample()
        let asked = WorkerRequest(wantsFacts: true, pages: [7])
        #expect((try? WorkerAnswer.collect(frames, for: asked).get()) != nil)
        for other in [
            WorkerRequest(wantsFacts: true, pages: [8]), .init(pages: [7]), .init(wantsFacts: true),
            .init(wantsFacts: true, pages: [7, 7]),
        ] {
            #expect((try? WorkerAnswer.collect(frames, for: other).get()) == nil)
        }
    }

    @Test("what a worker says of a page's text is believed only within limits")
    func textWithinLimits() {
        func passes(_ word: PageWord, width: Double = 100, quarters: Int = 0) -> Bool {
            let text = PageText(page: 1, source: .recognised, width: width, height: 100, quarters: quarters, words: [word])
            return WorkerFrame.decode(WorkerFrame.text(text).encoded + WorkerFrame.end.encoded) != nil
        }
        let box = PageBox(1, 2, 3, 4)
        #expect(passes(PageWord("word", box, confidence: 0.9, line: 0)))
        for bad in [
            PageWord("", box, confidence: 0.9, line: 0), PageWord("word", box, confidence: 1.5, line: 0),
            PageWord("word", box, confidence: 0.9, line: -1),
            PageWord("word", PageBox(3, 2, 1, 4), confidence: 0.9, line: 0),
            PageWord("word", PageBox(1, 2, 1e9, 4), confidence: 0.9, line: 0),
            PageWord(String(repeating: "x", count: 500), box, confidence: 0.9, line: 0),
        ] { #expect(!passes(bad), "\(bad)") }
        #expect(!passes(PageWord("word", box, confidence: 0.9, line: 0), width: 0))
        #expect(!passes(PageWord("word", box, confidence: 0.9, line: 0), quarters: 4))
        let many = PageText(
            page: 1, source: .recognised, width: 9, height: 9,
            words: Array(repeating: PageWord("w", box, confidence: 1, line: 0), count: 4_001))
        #expect(WorkerFrame.decode(WorkerFrame.text(many).encoded + WorkerFrame.end.encoded) == nil)
    }
}
