import CTesseract

/// Tesseract, ready for many pages; made once in each worker, because loading its model takes a tenth of a second.
///
/// Runs in the page worker only.
final class Recogniser {
    private let engine: OpaquePointer
    /// The language whose letters are known.
    private static let language = "eng"
    /// What is taken for a blank page, as a share of black.
    static let blankInk = 0.0008

    /// - Throws: `document.reader_missing` when the language's data are not installed.
    init() throws(DocumentRefusal) {
        guard let engine = TessBaseAPICreate() else { throw .tooCostly() }
        guard TessBaseAPIInit2(engine, nil, Self.language, OEM_LSTM_ONLY) == 0 else {
            TessBaseAPIDelete(engine)
            throw .recogniserMissing()
        }
        self.engine = engine
        TessBaseAPISetPageSegMode(engine, PSM_SINGLE_COLUMN)
    }

    deinit {
        TessBaseAPIEnd(engine)
        TessBaseAPIDelete(engine)
    }

    /// The words of a page, line by line.
    func words(of page: PreparedPage) throws(DocumentRefusal) -> [PageWord] {
        guard page.ink >= Self.blankInk else { return [] }
        baton_set_picture(engine, page.grey.pix)
        TessBaseAPISetSourceResolution(engine, Int32(page.dotsPerInch))
        defer { TessBaseAPIClear(engine) }
        guard TessBaseAPIRecognize(engine, nil) == 0 else { throw .tooCostly() }
        guard let results = TessBaseAPIGetIterator(engine) else { return [] }
        defer { TessResultIteratorDelete(results) }
        return collect(results)
    }

    private func collect(_ results: OpaquePointer) -> [PageWord] {
        var words: [PageWord] = []
        var line = -1
        let place = TessResultIteratorGetPageIteratorConst(results)
        repeat {
            if TessPageIteratorIsAtBeginningOf(place, RIL_TEXTLINE) != 0 || line < 0 { line += 1 }
            guard let text = TessResultIteratorGetUTF8Text(results, RIL_WORD) else { continue }
            defer { TessDeleteText(text) }
            let word = String(cString: text).filter { !$0.isWhitespace }
            guard !word.isEmpty, word.utf8.count <= PageWord.textLimit else { continue }
            var left: Int32 = 0, top: Int32 = 0, right: Int32 = 0, bottom: Int32 = 0
            guard TessPageIteratorBoundingBox(place, RIL_WORD, &left, &top, &right, &bottom) != 0 else { continue }
            let confidence = min(1, max(0, Double(TessResultIteratorConfidence(results, RIL_WORD)) / 100))
            words.append(
                PageWord(word, PageBox(Double(left), Double(top), Double(right), Double(bottom)), confidence: confidence, line: line))
        } while words.count < PageText.wordLimit && TessResultIteratorNext(results, RIL_WORD) != 0
        return words
    }
}

extension DocumentRefusal {
    static func recogniserMissing() -> Self {
        .init(
            code: .readerMissing, sentence: "The data for recognising text are not installed.",
            instruction: "Ask an administrator to install the packages that scripts/packages.txt names.")
    }
}
