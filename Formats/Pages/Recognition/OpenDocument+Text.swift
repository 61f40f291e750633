import CLeptonica

extension OpenDocument {
    /// A page with fewer letters of its own than this is read in its picture: a scanner's stamp is no text layer.
    private static let ownLetters = 40

    /// What stands on a page.
    /// - Parameter recogniser: Made when the first page needs it.
    func text(
        page: Int, recipe: RecognitionRecipe, recogniser: () throws(DocumentRefusal) -> Recogniser
    ) throws(DocumentRefusal) -> PageText {
        if recipe.takesTextLayer, let own = try ownText(page: page) { return own }
        let (picture, dots) = try picture(page: page, dpi: recipe.dotsPerInch)
        let prepared = try PagePreparation(recipe: recipe).prepare(picture, dots: dots)
        let engine = try recogniser()
        var best = prepared
        var words = try engine.words(of: prepared)
        if recipe.isStraightened, Self.sense(words) < Self.sensible, prepared.ink >= Recogniser.blankInk {
            // Nothing legible: perhaps it lies on its head and too little of it was sure to show that.
            let turned = try PagePreparation.turnedByHalf(prepared)
            let others = try engine.words(of: turned)
            if Self.sense(others) > Self.sense(words) * 1.2 { (best, words) = (turned, others) }
        }
        return PageText(
            page: page, source: .recognised, width: Double(best.grey.width), height: Double(best.grey.height), quarters: best.quarters,
            skewDegrees: best.skewDegrees, words: words, marks: recipe.isStraightened ? try MarkFinder.marks(on: best) : [], ink: best.ink)
    }

    /// Below this a page is tried the other way round.
    private static let sensible = 0.5

    /// The mean confidence of the letters, 0 to 1.
    private static func sense(_ words: [PageWord]) -> Double {
        let letters = words.reduce(0) { $0 + $1.text.count }
        guard letters > 0 else { return 0 }
        return words.reduce(0) { $0 + $1.confidence * Double($1.text.count) } / Double(letters)
    }

    private func ownText(page: Int) throws(DocumentRefusal) -> PageText? {
        guard case .pdf(let file) = content else { return nil }
        let (words, width, height) = try file.words(page: page)
        let letters = words.reduce(0) { $0 + $1.text.unicodeScalars.count { $0.properties.isAlphabetic } }
        guard letters >= Self.ownLetters else { return nil }
        return PageText(page: page, source: .textLayer, width: width, height: height, words: words, ink: 1)
    }

    /// The picture of a page as it came, with its dots per inch; a PDF's is drawn.
    private func picture(page: Int, dpi: Double) throws(DocumentRefusal) -> (Bitmap, (across: Double, down: Double)) {
        setMsgSeverity(Int32(L_SEVERITY_NONE))
        switch content {
        case .pdf(let file):
            let png = try file.render(page: page, dpi: dpi, limits: limits)
            let picture = try Bitmap(pixReadMemPng(png, png.count), orBroken: "page \(page)")
            return (picture, (dpi, dpi))
        case .images(let images):
            guard page >= 1, page <= images.count else { throw .noSuchPage(page, count: images.count) }
            return try ImagePage(kind: kind, structure: images[page - 1]).decoded(bytes, page: page)
        }
    }
}
