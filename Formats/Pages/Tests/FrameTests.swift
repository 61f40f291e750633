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
}
