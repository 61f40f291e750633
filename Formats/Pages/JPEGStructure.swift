/// Walks the marker segments of a JPEG.
///
/// Source: ITU-T T.81; JFIF 1.02; EXIF 2.3 for the orientation.
enum JPEGStructure {
    private static let mostSegments = 10_000

    /// Reads what the frame declares and checks that the image is whole to its end.
    static func read(_ bytes: [UInt8]) throws(DocumentRefusal) -> ImageStructure {
        let reader = ByteReader(bytes)
        var frame: (width: Int, height: Int)?
        var density: (across: Double, down: Double)?
        var orientation = 1
        var at = 2
        for _ in 0..<mostSegments {
            while reader.byte(at) == 0xFF, reader.byte(at + 1) == 0xFF { at += 1 }  // fill bytes
            guard reader.byte(at) == 0xFF, let marker = reader.byte(at + 1), let length = reader.short(at + 2), length >= 2,
                at + 2 + length <= bytes.count
            else { throw .broken("the image header") }
            let content = at + 4..<at + 2 + length
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard let height = reader.short(at + 5), let width = reader.short(at + 7) else { throw .broken("the image header") }
                frame = (width, height)
            case 0xE0: density = jfifDensity(reader, content) ?? density
            case 0xE1: orientation = exifOrientation(bytes, content) ?? orientation
            case 0xDA:
                guard let frame else { throw .broken("the image header") }
                guard reader.endsWithin(content.upperBound) else { throw .broken("the image ends too early") }
                return ImageStructure(width: frame.width, height: frame.height, density: density, orientation: orientation)
            default: break
            }
            at += 2 + length
        }
        throw .broken("too many parts")
    }

    private static func jfifDensity(_ reader: ByteReader, _ content: Range<Int>) -> (across: Double, down: Double)? {
        guard content.count >= 12, reader.find("JFIF", in: content.lowerBound..<content.lowerBound + 4) != nil,
            let unit = reader.byte(content.lowerBound + 7), let across = reader.short(content.lowerBound + 8),
            let down = reader.short(content.lowerBound + 10), unit == 1 || unit == 2
        else { return nil }
        let perInch = unit == 1 ? 1 : 2.54
        return (Double(across) * perInch, Double(down) * perInch)
    }

    private static func exifOrientation(_ bytes: [UInt8], _ content: Range<Int>) -> Int? {
        guard content.count > 14, ByteReader(bytes).find("Exif", in: content.lowerBound..<content.lowerBound + 4) != nil else { return nil }
        guard let directory = TIFFDirectory(Array(bytes[content.lowerBound + 6..<content.upperBound])) else { return nil }
        return directory.number(.orientation).flatMap { (1...8).contains($0) ? $0 : nil }
    }
}

extension ByteReader {
    /// Whether the end-of-image marker stands behind `start`; cameras add things of their own after it.
    fileprivate func endsWithin(_ start: Int) -> Bool {
        var at = count - 2
        while at >= start {
            if bytes[at] == 0xFF, bytes[at + 1] == 0xD9 { return true }
            at -= 1
        }
        return false
    }
}
