/// Walks the chunks of a PNG.
///
/// Source: W3C, *Portable Network Graphics (PNG) Specification*, third edition.
enum PNGStructure {
    private static let mostChunks = 100_000

    /// Reads what the header declares and checks that the image is whole to its end.
    static func read(_ bytes: [UInt8]) throws(DocumentRefusal) -> ImageStructure {
        let reader = ByteReader(bytes)
        guard reader.long(8) == 13, reader.find("IHDR", in: 12..<min(16, bytes.count)) != nil, let width = reader.long(16),
            let height = reader.long(20)
        else { throw .broken("the image header") }
        var image = ImageStructure(width: width, height: height)
        var at = 8
        for _ in 0..<mostChunks {
            guard let length = reader.long(at), let name = reader.long(at + 4), at + 12 + length <= bytes.count else {
                throw .broken("the image ends too early")
            }
            if name == 0x4945_4E44 { return image }  // IEND
            if name == 0x7048_5973, reader.byte(at + 16) == 1, let across = reader.long(at + 8), let down = reader.long(at + 12) {
                image.density = (Double(across) * 0.0254, Double(down) * 0.0254)  // pHYs in dots per metre
            }
            at += 12 + length
        }
        throw .broken("too many parts")
    }
}
