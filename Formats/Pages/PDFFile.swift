import CPoppler

/// A PDF opened by poppler.
///
/// Poppler reads hostile bytes in C++: outside of tests this runs in the page worker only.
final class PDFFile {
    private let document: OpaquePointer
    private let content: OpaquePointer
    private let complaints = ComplaintLog()
    let pageCount: Int

    init(_ bytes: [UInt8], limits: PageLimits) throws(DocumentRefusal) {
        guard let content = g_bytes_new(bytes, gsize(bytes.count)) else { throw .tooCostly() }
        var error: UnsafeMutablePointer<GError>?
        guard let document = poppler_document_new_from_bytes(content, nil, &error) else {
            let isEncrypted = error?.pointee.code == gint(POPPLER_ERROR_ENCRYPTED.rawValue)
            g_clear_error(&error)
            g_bytes_unref(content)
            throw isEncrypted ? .encrypted() : .broken("the list of pages cannot be read")
        }
        self.document = document
        self.content = content
        pageCount = Int(poppler_document_get_n_pages(document))
        guard pageCount > 0 else { throw .broken("there are no pages") }
        guard pageCount <= limits.pageCount else { throw .tooManyPages(limit: limits.pageCount) }
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(document))
        g_bytes_unref(content)
    }

    /// Whether, since the last time, anything could not be read and was left out.
    func leftSomethingOut() -> Bool { complaints.heardError() }

    /// The facts of a page, counted from 1.
    func facts(page: Int, limits: PageLimits) throws(DocumentRefusal) -> PageFacts {
        try withPage(page) { (handle) throws(DocumentRefusal) in
            let size = try size(of: handle, limits: limits)
            return PageFacts(widthPoints: size.width, heightPoints: size.height, hasText: hasText(handle))
        }
    }

    /// Draws a page, counted from 1, on white.
    /// - Parameter dpi: Lowered when the page would have more pixels than the limit.
    /// - Returns: The bytes of a PNG.
    func render(page: Int, dpi: Double, limits: PageLimits) throws(DocumentRefusal) -> [UInt8] {
        try withPage(page) { (handle) throws(DocumentRefusal) in
            let size = try size(of: handle, limits: limits)
            let wanted = dpi / 72
            let largest = (Double(limits.renderedPixels) / (size.width * size.height)).squareRoot()
            let scale = min(wanted, largest)
            let canvas = try Canvas(width: (size.width * scale).rounded(.up), height: (size.height * scale).rounded(.up), scale: scale)
            poppler_page_render(handle, canvas.context)
            return try canvas.png(limits: limits)
        }
    }

    func withPage<Result>(
        _ page: Int, _ body: (OpaquePointer) throws(DocumentRefusal) -> Result
    ) throws(DocumentRefusal) -> Result {
        guard page >= 1, page <= pageCount else { throw .noSuchPage(page, count: pageCount) }
        guard let handle = poppler_document_get_page(document, gint(page - 1)) else { throw .broken("page \(page)") }
        defer { g_object_unref(UnsafeMutableRawPointer(handle)) }
        return try body(handle)
    }

    private func size(of page: OpaquePointer, limits: PageLimits) throws(DocumentRefusal) -> (width: Double, height: Double) {
        var width = 0.0, height = 0.0
        poppler_page_get_size(page, &width, &height)
        guard width.isFinite, height.isFinite, width >= 1, height >= 1 else { throw .broken("a page without size") }
        guard max(width, height) <= limits.pageSidePoints else { throw .tooManyPixels(limit: limits.renderedPixels) }
        return (width, height)
    }

    private func hasText(_ page: OpaquePointer) -> Bool {
        guard let text = poppler_page_get_text(page) else { return false }
        defer { g_free(text) }
        // A stray sign, as scanners stamp one, is no text layer.
        return String(cString: text).unicodeScalars.lazy.filter(\.properties.isAlphabetic).prefix(3).count == 3
    }
}
