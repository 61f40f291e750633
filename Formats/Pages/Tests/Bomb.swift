/// A decompression bomb, written by hand as deflate blocks.
enum Bomb {
    /// Enough for several seconds of any machine; made once, because debug builds write bits slowly.
    static let large = zlib(megabytes: 250)

    /// zlib data of about 1/1000 of the size that it unpacks to: the letters "n " (end of path) over and over.
    private static func zlib(megabytes: Int) -> [UInt8] {
        var bits = BitWriter()
        // One fixed-Huffman block: the two letters, then as many copies of 258 bytes from two bytes back as needed.
        bits.write(0b1, 1)
        bits.write(0b01, 2)
        for letter in "n ".utf8 { bits.writeCode(0x30 + Int(letter), 8) }
        for _ in 0..<(megabytes << 20) / 258 {
            bits.writeCode(0b1100_0101, 8)  // length code 285: 258 bytes
            bits.writeCode(1, 5)  // distance code 1: two bytes back
        }
        bits.writeCode(0, 7)
        return [0x78, 0x9C] + bits.finished
    }
}

private struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending = 0
    private var count = 0

    /// Lowest bit first, as deflate writes numbers.
    mutating func write(_ value: Int, _ length: Int) {
        pending |= value << count
        count += length
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    /// Highest bit first, as deflate writes Huffman codes.
    mutating func writeCode(_ code: Int, _ length: Int) {
        for bit in (0..<length).reversed() { write(code >> bit & 1, 1) }
    }

    var finished: [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: pending)] : bytes }
}
