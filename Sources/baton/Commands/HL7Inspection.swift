import HL7v2
import Operations

/// Judges or rewrites the HL7 v2 messages of a file; a file larger than a piece is cut before a message.
struct HL7Inspection {
    private let inspection: Inspection

    init(_ inspection: Inspection) { self.inspection = inspection }

    func run(_ first: [UInt8], _ pieces: inout FilePieces) throws(FilePieces.Failure) {
        var held = first
        var offset = 0
        var index = 0
        while !pieces.isAtEnd {
            let more = try pieces.next()
            if more.isEmpty { break }
            let cut = HL7Inspection.lastMessage(in: held)
            // Without a place to cut the piece is one huge message, which the reader refuses by its limit.
            let ready = cut > 0 ? Array(held[..<cut]) : held
            held = cut > 0 ? Array(held[cut...]) + more : more
            judge(ready, offset, &index)
            offset += ready.count
        }
        judge(held, offset, &index)
    }

    private func judge(_ bytes: [UInt8], _ offset: Int, _ index: inout Int) {
        for parsed in HL7Reader().read(bytes) {
            index += 1
            if inspection.emits { emit(parsed, index) } else { report(parsed, index, offset) }
        }
    }

    private func emit(_ parsed: HL7Parsed, _ index: Int) {
        switch parsed.message {
        case .success(let message): Output.write(HL7Writer().bytes(message))
        case .failure(let error): inspection.complain(index, error.sentence)
        }
    }

    private func report(_ parsed: HL7Parsed, _ index: Int, _ offset: Int) {
        let verdict = HL7Verdict(parsed)
        let place = verdict.position.map { position in
            var position = position
            position.byteOffset += offset
            return position.description
        }
        inspection.report(
            Inspection.Line(
                index: index, format: .hl7v2, structure: verdict.structure, version: verdict.version, verdict: verdict.grade.rawValue,
                ack: verdict.answer.rawValue, error: verdict.error.map { "\($0.code): \($0.sentence)" }, position: place))
    }

    /// Where the last message begins that does not begin the piece; 0 when there is none.
    private static func lastMessage(in bytes: [UInt8]) -> Int {
        let mark = Array("MSH".utf8)
        var at = bytes.count - mark.count
        while at > 0 {
            if bytes[at] == mark[0], bytes[at + 1] == mark[1], bytes[at + 2] == mark[2], bytes[at - 1] == 0x0D || bytes[at - 1] == 0x0A {
                return at
            }
            at -= 1
        }
        return 0
    }
}
