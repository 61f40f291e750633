import CZlib

/// What a PDF unpacks to, found by unpacking it without keeping anything, before poppler sees it.
///
/// A verdict by amount is the same on an idle and on a loaded machine, which one by time is not. Whatever could be a packed part is
/// weighed wherever it stands, whether or not the document's own tables lead there: a table can say anything.
struct PDFWeight {
    private let reader: ByteReader
    private let limits: PageLimits
    private var unpacked = 0
    private var consumed = 0

    /// How far a dictionary may stand before its part, in bytes.
    private static let reach = 2_000
    /// How often the same bytes may be read as parts of something else, before that itself is a bomb.
    private static let readings = 4

    /// Refuses a PDF that unpacks to more than the limits, or that has too many objects.
    ///
    /// Parts that the document's own encryption hides, and what is drawn again and again, cannot be weighed; for them the limit of
    /// computing time holds.
    static func check(_ bytes: [UInt8], limits: PageLimits) throws(DocumentRefusal) {
        var weight = PDFWeight(reader: ByteReader(bytes), limits: limits)
        try weight.countObjects()
        try weight.weighParts()
    }

    private init(reader: ByteReader, limits: PageLimits) {
        self.reader = reader
        self.limits = limits
    }

    private func countObjects() throws(DocumentRefusal) {
        var (at, count) = (0, 0)
        while let place = reader.find(" obj", in: at..<reader.count) {
            (at, count) = (place + 4, count + 1)
            guard count <= limits.objects else { throw .tooManyObjects(limit: limits.objects) }
        }
        at = 0
        while let place = reader.find("/Size", in: at..<reader.count) {
            at = place + 5
            // Only the tables of objects have a root; an attached file has a size as well.
            let near = max(0, place - 400)..<min(reader.count, place + 400)
            guard isNumber(at), reader.find("/Root", in: near) != nil else { continue }
            guard let size = reader.decimal(at), size <= limits.objects else { throw .tooManyObjects(limit: limits.objects) }
        }
    }

    private func isNumber(_ place: Int) -> Bool {
        var at = place
        while let byte = reader.byte(at), byte == 0x20 || byte == 0x0A || byte == 0x0D { at += 1 }
        return reader.byte(at).map { (0x30...0x39).contains($0) } ?? false
    }

    private mutating func weighParts() throws(DocumentRefusal) {
        var at = 0
        while let place = reader.find("stream", in: at..<reader.count) {
            at = place + 6
            let isEnd = place >= 3 && reader.find("end", in: place - 3..<place) != nil
            guard !isEnd, let start = beginning(at) else { continue }
            let dictionary = max(0, place - PDFWeight.reach)..<place
            if isImage(dictionary) { continue }
            try weigh(start, dictionary)
        }
    }

    /// Where the data begins behind the word; nil when there is none.
    private func beginning(_ place: Int) -> Int? {
        var at = place
        while reader.byte(at) == 0x20 { at += 1 }
        if reader.byte(at) == 0x0D { at += 1 }
        if reader.byte(at) == 0x0A { at += 1 }
        return at > place && at < reader.count ? at : nil
    }

    /// Images are unpacked only as far as their pixels go, and `PDFImages` has counted those.
    private func isImage(_ range: Range<Int>) -> Bool {
        let own = ownDictionary(range)
        return reader.find("/Image", in: own) != nil && reader.find("/Width", in: own) != nil
    }

    /// From the last beginning of an object on.
    private func ownDictionary(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while let next = reader.find(" obj", in: start..<range.upperBound) { start = next + 4 }
        return start..<range.upperBound
    }

    private mutating func weigh(_ start: Int, _ dictionary: Range<Int>) throws(DocumentRefusal) {
        let most = min(limits.unpackedPartBytes, limits.unpackedBytes - unpacked)
        var part = baton_unpacked(produced: 0, consumed: 0)
        reader.bytes.withUnsafeBufferPointer { bytes in
            guard let first = bytes.baseAddress else { return }
            part = baton_count_unpacked(first + start, bytes.count - start, most)
        }
        if part.produced == 0, reader.find("LZW", in: ownDictionary(dictionary)) != nil {
            var counter = LZWCounter(reader: reader, at: start)
            part.produced = counter.count(atMost: most)
            part.consumed = counter.at - start
        }
        unpacked += part.produced
        consumed += part.consumed
        guard part.produced <= most, consumed <= PDFWeight.readings * reader.count else {
            throw .unpacksToTooMuch(limit: limits.unpackedPartBytes)
        }
    }
}

/// Counts what LZW data unpacks to, by the lengths of its table's entries alone.
///
/// Source: ISO 32000-1, 7.4.4.
private struct LZWCounter {
    let reader: ByteReader
    private(set) var at: Int
    private var bits = 0
    private var held = 0

    private static let (clear, end, first) = (256, 257, 258)

    init(reader: ByteReader, at: Int) {
        self.reader = reader
        self.at = at
    }

    mutating func count(atMost most: Int) -> Int {
        var lengths: [Int] = []
        var (produced, previous) = (0, 0)
        while produced <= most, let code = next(LZWCounter.width(LZWCounter.first + lengths.count)), code != LZWCounter.end {
            if code == LZWCounter.clear {
                lengths.removeAll(keepingCapacity: true)
                previous = 0
                continue
            }
            let place = code - LZWCounter.first
            guard place <= lengths.count else { return produced }
            let length = code < LZWCounter.clear ? 1 : place < lengths.count ? lengths[place] : previous + 1
            if previous > 0, lengths.count < 4_096 - LZWCounter.first { lengths.append(previous + 1) }
            produced += length
            previous = length
        }
        return produced
    }

    /// The bits of the next code, which grow one code early.
    private static func width(_ next: Int) -> Int { next + 1 < 512 ? 9 : next + 1 < 1_024 ? 10 : next + 1 < 2_048 ? 11 : 12 }

    private mutating func next(_ width: Int) -> Int? {
        while bits < width {
            guard let byte = reader.byte(at) else { return nil }
            held = (held << 8 | byte) & 0xFF_FFFF
            bits += 8
            at += 1
        }
        bits -= width
        return held >> bits & (1 << width - 1)
    }
}
