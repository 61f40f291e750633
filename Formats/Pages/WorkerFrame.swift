import Foundation

/// One part of a page worker's answer.
///
/// Shape on the wire: a letter, the length of the content as four bytes with the highest first, the content. The answer
/// ends with an `end` or a `refusal` frame; without it the worker died on the way.
enum WorkerFrame: Hashable {
    /// `F`: the facts as JSON.
    case facts(DocumentFacts)
    /// `P`: the number of the page as four bytes, 1 or 0 for whether it looks incomplete, then its PNG.
    case page(PageImage)
    /// `I`: the place of a reduced picture among the sizes asked for as four bytes, then its PNG or JPEG.
    case picture(ReducedPicture)
    /// `T`: what stands on a page, as JSON.
    case text(PageText)
    /// `R`: the refusal as JSON.
    case refusal(DocumentRefusal)
    /// `E`: nothing is missing.
    case end

    /// Largest content of a frame other than a page.
    static let mostTextBytes = 1 << 20

    /// The frame's bytes.
    var encoded: [UInt8] {
        switch self {
        case .facts(let facts): Self.frame("F", Self.json(facts))
        case .page(let page): Self.frame("P", Self.word(page.page) + [page.looksIncomplete ? 1 : 0] + page.png)
        case .picture(let picture): Self.frame("I", Self.word(picture.number) + picture.bytes)
        case .text(let text): Self.frame("T", Self.json(text))
        case .refusal(let refusal): Self.frame("R", Self.json(refusal))
        case .end: Self.frame("E", [])
        }
    }

    /// The frames of a whole answer; nil when it is cut off or anything in it is not as described.
    ///
    /// The worker may have been taken over by the document, so that nothing it says is believed.
    static func decode(_ answer: [UInt8]) -> [WorkerFrame]? {
        let reader = ByteReader(answer)
        var frames: [WorkerFrame] = []
        var at = 0
        while let letter = reader.byte(at), let length = reader.long(at + 1), at + 5 + length <= answer.count {
            guard let frame = decode(letter, answer[at + 5..<at + 5 + length]) else { return nil }
            frames.append(frame)
            at += 5 + length
            switch frame {
            case .end, .refusal: return at == answer.count ? frames : nil
            case .facts, .page, .picture, .text: continue
            }
        }
        return nil
    }

    private static func decode(_ letter: Int, _ content: ArraySlice<UInt8>) -> WorkerFrame? {
        if letter == 0x50 { return decodePage(content) }
        if letter == 0x49 {
            guard let number = ByteReader(Array(content.prefix(4))).long(0) else { return nil }
            return ReducedPicture(number: number, bytes: Array(content.dropFirst(4))).map { .picture($0) }
        }
        guard content.count <= mostTextBytes else { return nil }
        switch letter {
        case 0x46: return (try? JSONDecoder().decode(DocumentFacts.self, from: Data(content))).map { .facts($0) }
        case 0x54:
            guard let text = try? JSONDecoder().decode(PageText.self, from: Data(content)), text.isSound else { return nil }
            return .text(text)
        case 0x52: return (try? JSONDecoder().decode(DocumentRefusal.self, from: Data(content))).map { .refusal($0) }
        case 0x45: return content.isEmpty ? .end : nil
        default: return nil
        }
    }

    private static func decodePage(_ content: ArraySlice<UInt8>) -> WorkerFrame? {
        let head = ByteReader(Array(content.prefix(5)))
        guard let number = head.long(0), let flag = head.byte(4) else { return nil }
        return PageImage(page: number, png: Array(content.dropFirst(5)), looksIncomplete: flag != 0).map { .page($0) }
    }

    private static func frame(_ letter: Character, _ content: [UInt8]) -> [UInt8] {
        (letter.asciiValue.map { [$0] } ?? []) + word(content.count) + content
    }

    private static func word(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { Array($0) } ?? []
    }
}
