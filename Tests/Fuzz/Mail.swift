import MailParts

/// Takes any bytes apart as a mail; what comes out keeps the limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let head = MailHead(bytes)
    guard head.messageId.utf8.count <= 1_000, head.from.utf8.count <= 1_000 else { fatalError("a header that is not bounded") }
    guard (head.messageId + head.from).utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { fatalError("a header with control signs") }
    var limits = MailLimits()
    limits.parts = 20
    limits.depth = 5
    guard let mail = try? IncomingMail(bytes, limits: limits) else { return 0 }
    guard mail.parts.count <= limits.parts else { fatalError("more parts than the limit") }
    // Every way of writing a file down makes it longer or leaves it as it was; uuencode has its own short lines.
    guard mail.parts.reduce(0, { $0 + $1.bytes.count }) <= size * limits.depth + 4_096 else { fatalError("more bytes than came") }
    return 0
}
