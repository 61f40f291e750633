import HL7v2

/// Reads any bytes as HL7 v2; what is accepted must read back as the same message, get a verdict and an acknowledgement.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: data, count: size))
    let reader = HL7Reader()
    let time = HL7Time(2026, 3, 1, 9, 30)
    for part in reader.readFile(bytes).parsed {
        let verdict = HL7Verdict(part)
        if (verdict.grade == .strict) != verdict.problems.isEmpty { fatalError("a verdict without a reason") }
        for problem in verdict.problems where problem.position.byteOffset > size + 3 && bytes.first != 0xFF && bytes.first != 0xFE {
            fatalError("a place outside of the bytes")
        }
        guard case .success(let message) = part.message else { continue }
        check(message, reader)
        let answer = HL7Acknowledgement(.applicationError, problems: verdict.problems).reply(to: message, at: time, controlId: "1")
        // Bytes of no declared charset may, once fewer, look like UTF-8.
        guard message.charset == .utf8 else { continue }
        guard let read = try? reader.readOne(HL7Writer().bytes(answer)), read == answer else {
            fatalError("an answer reads back otherwise")
        }
        _ = message.patient?.names.map(\.display)
        for segment in message.segments.prefix(8) {
            for number in 1...max(1, min(segment.count, 12)) {
                let value = segment[number].value
                if HL7Escapes.decode(HL7Escapes.encode(value)) != value { fatalError("a text does not survive escaping") }
                if let moment = HL7Time(value), HL7Time(moment.description) != moment { fatalError("a time reads back otherwise") }
            }
        }
    }
    _ = reader.readHeader(bytes)
    _ = HL7Path(String(decoding: bytes, as: UTF8.self))
    return 0
}

private func check(_ message: HL7Message, _ reader: HL7Reader) {
    guard let again = try? reader.readOne(HL7Writer().bytes(message)), again == message else {
        fatalError("a message reads back otherwise")
    }
    let canonical = HL7Writer(canonical: true)
    let short = canonical.bytes(message)
    guard let third = try? reader.readOne(short), canonical.bytes(third) == short else { fatalError("a canonical message is not stable") }
}
