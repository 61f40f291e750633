import XML

/// Counts events, and that they nest.
final class Counter: XMLHandler {
    struct Stop: Error {}
    typealias Failure = Stop
    var open = 0
    var events = 0

    func failure(_ fault: XMLFault) -> Stop {
        precondition(fault.line >= 1 && !fault.what.isEmpty)
        return Stop()
    }

    func start(_ tag: XMLTag, line: Int) throws(Stop) {
        precondition(!tag.name.isEmpty && line >= 1 && tag.attributes.count <= XMLLimits().maxTagAttributes)
        open += 1
        events += 1
        if events > 10_000 { throw Stop() }
    }

    func end(line: Int) { open -= 1 }
    func characters(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) { precondition(open > 0) }
}

/// Reads any bytes as XML; the events nest, and what is accepted closes all that it opened.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let counter = Counter()
    do {
        try XMLReader.read(bytes, into: counter)
        precondition(counter.open == 0 && counter.events > 0)
    } catch {}
    return 0
}
