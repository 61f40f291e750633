import Foundation

/// Reads numbers from bytes that nobody vouches for: every reading outside answers nil.
struct ByteReader {
    let bytes: [UInt8]
    let bigEndian: Bool

    init(_ bytes: [UInt8], bigEndian: Bool = true) {
        self.bytes = bytes
        self.bigEndian = bigEndian
    }

    var count: Int { bytes.count }

    func byte(_ at: Int) -> Int? { bytes.indices.contains(at) ? Int(bytes[at]) : nil }

    func short(_ at: Int) -> Int? {
        guard at >= 0, at <= count - 2 else { return nil }
        let (first, second) = (Int(bytes[at]), Int(bytes[at + 1]))
        return bigEndian ? first << 8 | second : second << 8 | first
    }

    func long(_ at: Int) -> Int? {
        guard let first = short(at), let second = short(at + 2) else { return nil }
        return bigEndian ? first << 16 | second : second << 16 | first
    }

    /// Where `text` first stands within `range`; nil when it does not.
    func find(_ text: StaticString, in range: Range<Int>) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length > 0, range.lowerBound >= 0, range.upperBound <= count else { return nil }
        return bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return nil }
            var at = range.lowerBound
            while at + length <= range.upperBound {
                // memchr skips most bytes at many times the speed of a loop of ours.
                guard let hit = memchr(start + at, Int32(text.utf8Start[0]), range.upperBound - length + 1 - at) else { return nil }
                at = start.distance(to: UnsafeRawPointer(hit))
                if memcmp(start + at, text.utf8Start, length) == 0 { return at }
                at += 1
            }
            return nil
        }
    }

    /// The decimal number at a place, after spaces; nil when there is none or it has more than nine digits.
    func decimal(_ place: Int) -> Int? {
        var at = place
        while let byte = byte(at), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
        var number: Int?
        for _ in 0..<10 {
            guard let byte = byte(at), (0x30...0x39).contains(byte) else { return number }
            number = (number ?? 0) * 10 + byte - 0x30
            at += 1
        }
        return nil
    }
}
