/// What a document is, found without rendering it.
///
/// Stored and sent as JSON with the keys below.
public struct DocumentFacts: Codable, Hashable, Sendable {
    /// The kind, by magic bytes and structure.
    public let kind: DocumentKind
    /// One entry for each page, in order; never empty.
    public let pages: [PageFacts]
    /// Whether a PDF is encrypted although it opens without a password (its author restricted printing or copying).
    public let isEncrypted: Bool
    /// Whether the end of the document is missing or text could not be read, so that something may be missing; a person
    /// should compare it with what was sent.
    public let looksIncomplete: Bool

    /// The number of pages; at least 1.
    public var pageCount: Int { pages.count }
    /// Whether any page holds text that can be read without OCR.
    public var hasTextLayer: Bool { pages.contains { $0.hasText } }

    /// States facts that were found elsewhere, for example in a test.
    public init(kind: DocumentKind, pages: [PageFacts], isEncrypted: Bool = false, looksIncomplete: Bool = false) {
        self.kind = kind
        self.pages = pages
        self.isEncrypted = isEncrypted
        self.looksIncomplete = looksIncomplete
    }

    private enum CodingKeys: String, CodingKey {
        case kind, pages
        case isEncrypted = "is_encrypted"
        case looksIncomplete = "looks_incomplete"
    }
}

/// What one page is.
public struct PageFacts: Codable, Hashable, Sendable {
    /// The width as it is read, after rotation, in points (1/72 inch).
    public let widthPoints: Double
    /// The height as it is read, after rotation, in points (1/72 inch).
    public let heightPoints: Double
    /// Whether the page holds text that can be read without OCR; always false for images.
    public let hasText: Bool

    /// States the facts of one page.
    public init(widthPoints: Double, heightPoints: Double, hasText: Bool = false) {
        self.widthPoints = widthPoints
        self.heightPoints = heightPoints
        self.hasText = hasText
    }

    private enum CodingKeys: String, CodingKey {
        case widthPoints = "width_points"
        case heightPoints = "height_points"
        case hasText = "has_text"
    }
}
