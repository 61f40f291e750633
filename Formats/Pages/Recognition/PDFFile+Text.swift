import CPoppler

extension PDFFile {
    /// Words of a page's own text, with places in points; empty when it has none.
    func words(page: Int) throws(DocumentRefusal) -> (words: [PageWord], width: Double, height: Double) {
        try withPage(page) { handle in
            var width = 0.0, height = 0.0
            poppler_page_get_size(handle, &width, &height)
            guard let text = poppler_page_get_text(handle) else { return ([], width, height) }
            defer { g_free(text) }
            var boxes: UnsafeMutablePointer<PopplerRectangle>?
            var count: guint = 0
            guard poppler_page_get_text_layout(handle, &boxes, &count) != 0, let boxes else { return ([], width, height) }
            defer { g_free(boxes) }
            let scalars = Array(String(cString: text).unicodeScalars.prefix(Int(count)))
            return (WordCollector.words(scalars) { PageBox(boxes[$0].x1, boxes[$0].y1, boxes[$0].x2, boxes[$0].y2) }, width, height)
        }
    }
}

/// Puts letters with places together to words.
enum WordCollector {
    /// - Parameter box: The place of the letter of a number.
    static func words(_ letters: [Unicode.Scalar], box: (Int) -> PageBox) -> [PageWord] {
        var words: [PageWord] = []
        var line = 0
        var text = ""
        var place: PageBox?
        func close() {
            if let place, !text.isEmpty, text.utf8.count <= PageWord.textLimit, words.count < PageText.wordLimit {
                words.append(PageWord(text, place, confidence: 1, line: line))
            }
            text = ""
            place = nil
        }
        for (index, letter) in letters.enumerated() {
            if letter.properties.isWhitespace {
                close()
                if letter == "\n" { line += 1 }
            } else {
                text.unicodeScalars.append(letter)
                place = place?.union(box(index)) ?? box(index)
            }
        }
        close()
        return words
    }
}
