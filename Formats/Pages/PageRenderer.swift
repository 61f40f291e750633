/// Draws pages of documents as PNG.
///
/// Everything is decoded in this very process: for documents from outside use ``PageService``, which does the same in a
/// process of its own.
public enum PageRenderer {
    /// The image of one page.
    ///
    /// PDFs are drawn with their annotations on white. Images are turned upright and given square pixels; they are
    /// reduced to the resolution asked for, never enlarged. A page that would have more than
    /// ``PageLimits/renderedPixels`` comes at a lower resolution.
    /// - Parameters:
    ///   - bytes: The whole document.
    ///   - page: Counted from 1.
    ///   - dpi: Dots per inch, within ``PageLimits/dotsPerInch``.
    ///   - limits: What it may cost.
    /// - Returns: The bytes of a PNG that was written anew.
    /// - Throws: What ``DocumentInspector/inspect(_:limits:)`` throws; `document.no_such_page`, `.bad_request`, `.too_costly`.
    public static func render(
        _ bytes: [UInt8], page: Int, dpi: Int, limits: PageLimits = .standard
    ) throws(DocumentRefusal) -> [UInt8] {
        try OpenDocument(bytes, limits: limits).render(page: page, dpi: dpi).png
    }
}
