/// A document whose kind and structure are known: the one place where the kinds part.
final class OpenDocument {
    enum Content {
        case pdf(PDFFile)
        case images([ImageStructure])
    }

    let kind: DocumentKind
    let bytes: [UInt8]
    let limits: PageLimits
    let content: Content

    /// - Throws: Every refusal that needs no rendering.
    init(_ bytes: [UInt8], limits: PageLimits) throws(DocumentRefusal) {
        guard !bytes.isEmpty else { throw .empty() }
        guard bytes.count <= limits.documentBytes else { throw .tooLarge(limit: limits.documentBytes) }
        guard let kind = DocumentKind(magicOf: bytes) else { throw .unknownKind() }
        self.kind = kind
        self.bytes = bytes
        self.limits = limits
        switch kind {
        case .pdf:
            try PDFImages.check(bytes, limits: limits)
            try PDFWeight.check(bytes, limits: limits)
            content = .pdf(try PDFFile(bytes, limits: limits))
        case .png: content = .images([try PNGStructure.read(bytes).checked(limits)])
        case .jpeg: content = .images([try JPEGStructure.read(bytes).checked(limits)])
        case .tiff: content = .images(try TIFFStructure.read(bytes, limits: limits))
        }
    }

    var pageCount: Int {
        switch content {
        case .pdf(let file): file.pageCount
        case .images(let images): images.count
        }
    }

    func facts() throws(DocumentRefusal) -> DocumentFacts {
        switch content {
        case .images(let images): return DocumentFacts(kind: kind, pages: images.map(\.facts))
        case .pdf(let file):
            var pages: [PageFacts] = []
            for page in 1...file.pageCount { pages.append(try file.facts(page: page, limits: limits)) }
            let reader = ByteReader(bytes)
            let hasEnd = reader.find("%%EOF", in: max(0, bytes.count - 2048)..<bytes.count) != nil
            let isEncrypted = reader.find("/Encrypt", in: 0..<bytes.count) != nil
            return DocumentFacts(kind: kind, pages: pages, isEncrypted: isEncrypted, looksIncomplete: !hasEnd || file.leftSomethingOut())
        }
    }

    func render(page: Int, dpi: Int) throws(DocumentRefusal) -> PageImage {
        guard limits.dotsPerInch.contains(dpi) else { throw .badRequest(limits) }
        var looksIncomplete = false
        let png: [UInt8]
        switch content {
        case .pdf(let file):
            _ = file.leftSomethingOut()
            png = try file.render(page: page, dpi: Double(dpi), limits: limits)
            looksIncomplete = file.leftSomethingOut()
        case .images(let images):
            guard page >= 1, page <= images.count else { throw .noSuchPage(page, count: images.count) }
            png = try ImagePage(kind: kind, structure: images[page - 1])
                .render(bytes, page: page, dpi: Double(dpi), limits: limits)
        }
        guard let image = PageImage(page: page, png: png, looksIncomplete: looksIncomplete) else { throw .tooCostly() }
        return image
    }
}
