/// The images inside a PDF, as far as their dictionaries tell without parsing.
enum PDFImages {
    /// How far `/Height` may stand from `/Width` in the dictionary of an image, in bytes.
    private static let reach = 600

    /// Refuses a PDF with an image that declares more pixels than the limit.
    ///
    /// Poppler leaves out, without a word, an image for which there is not enough memory. A blank page where a scan should be
    /// is worse than a refusal. Dictionaries of images always stand in the open, even in an encrypted PDF.
    static func check(_ bytes: [UInt8], limits: PageLimits) throws(DocumentRefusal) {
        let reader = ByteReader(bytes)
        var at = 0
        while let place = reader.find("/Width", in: at..<bytes.count) {
            at = place + 6
            guard let width = reader.decimal(at) else { continue }
            let near = max(0, place - reach)..<min(bytes.count, place + reach)
            let before = reader.find("/Height", in: near.lowerBound..<place), after = reader.find("/Height", in: place..<near.upperBound)
            for height in [before, after].compactMap({ $0 }).compactMap({ reader.decimal($0 + 7) }) where isImage(reader, near) {
                guard width * height <= limits.imagePixels else { throw .tooManyPixels(limit: limits.imagePixels) }
            }
        }
    }

    private static func isImage(_ reader: ByteReader, _ range: Range<Int>) -> Bool { reader.find("/Image", in: range) != nil }
}
