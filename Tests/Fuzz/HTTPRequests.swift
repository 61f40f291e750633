import HTTPServer

/// Reads any bytes as requests, whole and byte by byte; both must find the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let whole = RequestTranscript(bytes, pieceBytes: max(1, size))
    let split = RequestTranscript(bytes, pieceBytes: 1)
    guard whole == split else { fatalError("a request reads otherwise when it comes in pieces") }
    for request in whole.requests {
        let path = request.path.utf8
        guard path.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { fatalError("a control character is let through") }
        guard !request.path.split(separator: "/").contains("..") else { fatalError("a path climbs") }
        for field in request.headers.fields where field.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) {
            fatalError("a control character is let through")
        }
        _ = request.query.items
        _ = request.cookie("a")
    }
    return 0
}
