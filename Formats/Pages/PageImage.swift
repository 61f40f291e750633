/// The picture of one page as a PNG.
public struct PageImage: Hashable, Sendable {
    /// The page, counted from 1.
    public let page: Int
    /// The bytes of the PNG.
    public let png: [UInt8]
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int

    /// Whether something on the page could not be read and was left out; a person should compare it with what was sent.
    public let looksIncomplete: Bool

    /// Takes a picture that is structurally a PNG; nil for anything else.
    public init?(page: Int, png: [UInt8], looksIncomplete: Bool = false) {
        guard page >= 1, DocumentKind(magicOf: png) == .png, let structure = try? PNGStructure.read(png) else { return nil }
        self.page = page
        self.png = png
        self.looksIncomplete = looksIncomplete
        width = structure.width
        height = structure.height
    }
}

/// What a document is, together with the pictures of some of its pages.
public struct ExaminedDocument: Hashable, Sendable {
    /// What the document is.
    public let facts: DocumentFacts
    /// The pictures, in the order of the pages.
    public let images: [PageImage]
}
