/// Walks the directories of a TIFF: one for each page.
///
/// Source: Adobe, *TIFF Revision 6.0*. BigTIFF is not taken: no fax or scanner in a practice makes it.
enum TIFFStructure {
    /// Reads what the directories declare.
    static func read(_ bytes: [UInt8], limits: PageLimits) throws(DocumentRefusal) -> [ImageStructure] {
        guard var directory = TIFFDirectory(bytes) else { throw .broken("the image header") }
        var pages: [ImageStructure] = []
        var seen: Set<Int> = []
        while true {
            guard pages.count < limits.pageCount else { throw .tooManyPages(limit: limits.pageCount) }
            guard seen.insert(directory.start).inserted else { throw .broken("pages that follow each other in a circle") }
            guard let page = directory.image else { throw .broken("the image header of page \(pages.count + 1)") }
            pages.append(try page.checked(limits))
            switch directory.next {
            case 0: return pages
            case let next?:
                guard let following = TIFFDirectory(directory.reader, at: next) else { throw .broken("page \(pages.count + 1)") }
                directory = following
            case nil: throw .broken("the list of pages")
            }
        }
    }
}

/// One directory of a TIFF, or of the EXIF data in a JPEG, which has the same form.
struct TIFFDirectory {
    enum Tag: Int {
        case width = 256, height = 257, orientation = 274, densityAcross = 282, densityDown = 283, densityUnit = 296
    }

    let reader: ByteReader
    let start: Int
    private let entries: Int

    /// The first directory of a file.
    init?(_ bytes: [UInt8]) {
        let reader = ByteReader(bytes, bigEndian: bytes.starts(with: [0x4D, 0x4D]))
        guard bytes.starts(with: [0x4D, 0x4D]) || bytes.starts(with: [0x49, 0x49]), reader.short(2) == 42, let start = reader.long(4)
        else { return nil }
        self.init(reader, at: start)
    }

    /// The directory at an offset that the file gives; nil when it does not lie inside.
    init?(_ reader: ByteReader, at start: Int) {
        guard start >= 8, let entries = reader.short(start), entries > 0, start + 2 + entries * 12 <= reader.count else { return nil }
        self.reader = reader
        self.start = start
        self.entries = entries
    }

    /// Where the next directory begins; 0 when this is the last one.
    var next: Int? { reader.long(start + 2 + entries * 12) }

    /// What the directory says about its image; nil without width and height.
    var image: ImageStructure? {
        guard let width = number(.width), let height = number(.height) else { return nil }
        // libtiff and leptonica turn the image upright themselves, but into its turned size.
        let turned = number(.orientation).flatMap { (1...8).contains($0) ? $0 : nil } ?? 1
        var image = ImageStructure(width: width, height: height, orientation: turned)
        let perInch = number(.densityUnit) == 3 ? 2.54 : 1.0
        if number(.densityUnit) != 1, let across = fraction(.densityAcross), let down = fraction(.densityDown) {
            image.density = (across * perInch, down * perInch)
        }
        return image
    }

    /// The value of a tag that holds one SHORT or LONG.
    func number(_ tag: Tag) -> Int? {
        guard let entry = place(of: tag) else { return nil }
        switch reader.short(entry + 2) {
        case 3: return reader.short(entry + 8)
        case 4: return reader.long(entry + 8)
        default: return nil
        }
    }

    private func fraction(_ tag: Tag) -> Double? {
        guard let entry = place(of: tag), reader.short(entry + 2) == 5, let place = reader.long(entry + 8),
            let above = reader.long(place), let below = reader.long(place + 4), below > 0
        else { return nil }
        return Double(above) / Double(below)
    }

    private func place(of tag: Tag) -> Int? {
        (0..<entries).lazy.map { start + 2 + $0 * 12 }.first { reader.short($0) == tag.rawValue }
    }
}
