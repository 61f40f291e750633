/// Finds out what a document is and whether Baton takes it.
///
/// PDFs are read by poppler in this very process: for documents from outside use ``PageService``, which does the same in a
/// process of its own.
public enum DocumentInspector {
    /// The facts of a document.
    /// - Parameters:
    ///   - bytes: The whole document.
    ///   - limits: What it may cost; dimensions are checked before anything is decoded.
    /// - Throws: `document.empty`, `.too_large`, `.unknown_kind`, `.encrypted`, `.broken`, `.too_many_pages`, `.too_many_pixels`.
    public static func inspect(_ bytes: [UInt8], limits: PageLimits = .standard) throws(DocumentRefusal) -> DocumentFacts {
        try OpenDocument(bytes, limits: limits).facts()
    }
}
