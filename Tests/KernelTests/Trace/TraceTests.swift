import Crypto
import Kernel
import Testing

@Suite struct TraceTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736", span = "00f067aa0ba902b7"

    @Test("a header of W3C's is read with its flag and written as it was")
    func reads() throws {
        let kept = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01"))
        #expect(kept.traceId == Self.trace && kept.spanId == Self.span && kept.isSampled)
        #expect(kept.traceparent == "00-\(Self.trace)-\(Self.span)-01")
        #expect(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-00")?.isSampled == false)
        #expect(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-03")?.isSampled == true)
        // A later version may say more.
        #expect(TraceContext(traceparent: "cc-\(Self.trace)-\(Self.span)-01-what-comes") != nil)
    }

    @Test(
        "what is no header is none",
        arguments: [
            "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-0", "00-\(trace)-\(span)-0g", "ff-\(trace)-\(span)-01",
            "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01", "00-\(trace)-\(span)-01-x",
            "00_\(trace)-\(span)-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(span)-01", "cc-\(trace)-\(span)-01x",
        ])
    func refuses(text: String) { #expect(TraceContext(traceparent: text) == nil) }

    @Test("a span belongs to its parent, keeps its choice, and is handed over when it ends")
    func spans() throws {
        let ended = Locked<[Span]>([])
        let time = Locked<UInt64>(100)
        let tracer = Tracer(
            ids: SeededRandomSource(seed: 1), now: { time.withLock { $0 } }, sink: { span in ended.withLock { $0.append(span) } })
        let root = tracer.begin("GET /portal", .server, parent: nil)
        let child = tracer.begin("webhook", .client, parent: root.context)
        time.withLock { $0 = 200 }
        child.end(isFailed: true, [("http.response.status_code", .int(500))])
        time.withLock { $0 = 50 }
        root.end()
        let spans = ended.withLock { $0 }
        try #require(spans.count == 2)
        #expect(spans[0].context.traceId == root.context.traceId && spans[0].parent == root.context.spanId && spans[0].isFailed)
        #expect(spans[0].start == 100 && spans[0].end == 200)
        // A clock that was set back does not make a span end before it began.
        #expect(spans[1].parent.isEmpty && spans[1].end == 100)
        let ignored = tracer.begin("GET", .server, parent: TraceContext(traceId: Self.trace, spanId: Self.span, isSampled: false))
        ignored.end()
        #expect(ended.withLock { $0.count } == 2)
        #expect(ignored.context.traceId == Self.trace && !ignored.context.isSampled)
    }

    @Test("a part of new traces is kept, and none where nobody takes them")
    func chooses() {
        let tracer = Tracer(percent: 25, ids: SeededRandomSource(seed: 7), sink: { _ in })
        let kept = (0..<2_000).count { _ in tracer.begin("a", .server, parent: nil).context.isSampled }
        #expect((400...600).contains(kept))
        #expect(!Tracer().begin("a", .server, parent: nil).context.isSampled)
        #expect(!Tracer(percent: 0, sink: { _ in }).begin("a", .server, parent: nil).context.isSampled)
    }
}
