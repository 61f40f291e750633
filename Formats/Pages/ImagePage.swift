import CLeptonica

/// Turns one page of a TIFF, a PNG or a JPEG into a PNG with square pixels, upright and on white.
///
/// Leptonica decodes in C: outside of tests this runs in the page worker only. The image is always written anew, so
/// that nothing hidden in the original reaches a browser.
struct ImagePage {
    let kind: DocumentKind
    let structure: ImageStructure

    /// - Parameters:
    ///   - page: Counted from 1.
    ///   - dpi: Never enlarges the image, except to make its pixels square.
    func render(_ bytes: [UInt8], page: Int, dpi: Double, limits: PageLimits) throws(DocumentRefusal) -> [UInt8] {
        setMsgSeverity(Int32(L_SEVERITY_NONE))
        var image = try Bitmap(decode(bytes, page: page), orBroken: "the image data")
        if kind == .png { image = try Bitmap(pixRemoveAlpha(image.pix), orBroken: "the image data") }
        image = try scaled(image, dpi: dpi, limits: limits)
        if kind == .jpeg { image = try upright(image) }
        return try image.png()
    }

    /// The picture as it came, upright, with its dots per inch across and down.
    func decoded(_ bytes: [UInt8], page: Int) throws(DocumentRefusal) -> (Bitmap, (across: Double, down: Double)) {
        var image = try Bitmap(decode(bytes, page: page), orBroken: "the image data")
        if kind == .png { image = try Bitmap(pixRemoveAlpha(image.pix), orBroken: "the image data") }
        if kind == .jpeg { image = try upright(image) }
        let dots = structure.dotsPerInch
        return (image, structure.liesOnItsSide ? (dots.down, dots.across) : (dots.across, dots.down))
    }

    private func decode(_ bytes: [UInt8], page: Int) -> UnsafeMutablePointer<Pix>? {
        switch kind {
        case .tiff: pixReadMemTiff(bytes, bytes.count, Int32(page - 1))
        case .png: pixReadMemPng(bytes, bytes.count)
        case .jpeg: pixReadMemJpeg(bytes, bytes.count, 0, 1, nil, 0)
        case .pdf: nil
        }
    }

    private func scaled(_ image: Bitmap, dpi: Double, limits: PageLimits) throws(DocumentRefusal) -> Bitmap {
        // Leptonica has turned a TIFF upright already, so that across and down may have changed places.
        let turned = kind == .tiff && structure.liesOnItsSide
        let dots = turned ? (structure.dotsPerInch.down, structure.dotsPerInch.across) : structure.dotsPerInch
        let target = min(dpi, max(dots.0, dots.1))
        var across = target / dots.0, down = target / dots.1
        let pixels = Double(image.width) * across * Double(image.height) * down
        if pixels > Double(limits.renderedPixels) {
            let shrink = (Double(limits.renderedPixels) / pixels).squareRoot()
            (across, down) = (across * shrink, down * shrink)
        }
        // A fax has 204 by 196 dots per inch: square enough, and sharper untouched.
        let asItIs = 0.95...1.05
        if asItIs.contains(across), asItIs.contains(down) { return image }
        let grey = image.depth == 1 ? try Bitmap(pixConvertTo8(image.pix, 0), orBroken: "the image data") : image
        return try Bitmap(pixScaleGeneral(grey.pix, Float(across), Float(down), 0, 0), orBroken: "the image data")
    }

    /// Turns a photograph as its EXIF orientation says: mirrored first, then by quarters clockwise.
    func upright(_ image: Bitmap) throws(DocumentRefusal) -> Bitmap {
        let (mirrored, quarters): (Bool, Int32) =
            switch structure.orientation {
            case 2: (true, 0)
            case 3: (false, 2)
            case 4: (true, 2)
            case 5: (true, 3)
            case 6: (false, 1)
            case 7: (true, 1)
            case 8: (false, 3)
            default: (false, 0)
            }
        let faced = mirrored ? try Bitmap(pixFlipLR(nil, image.pix), orBroken: "the image data") : image
        return quarters == 0 ? faced : try Bitmap(pixRotateOrth(faced.pix, quarters), orBroken: "the image data")
    }
}

/// A decoded image that frees itself.
final class Bitmap {
    let pix: UnsafeMutablePointer<Pix>

    init(_ pix: UnsafeMutablePointer<Pix>?, orBroken what: String) throws(DocumentRefusal) {
        guard let pix else { throw .broken(what) }
        self.pix = pix
    }

    deinit {
        var pix: UnsafeMutablePointer<Pix>? = pix
        pixDestroy(&pix)
    }

    var width: Int { Int(pixGetWidth(pix)) }
    var height: Int { Int(pixGetHeight(pix)) }
    var depth: Int { Int(pixGetDepth(pix)) }

    var hasAlpha: Bool { pixGetSpp(pix) == 4 }

    func png() throws(DocumentRefusal) -> [UInt8] { try written { pixWriteMemPng($0, $1, pix, 0) } }

    func jpeg(quality: Int32) throws(DocumentRefusal) -> [UInt8] { try written { pixWriteMemJpeg($0, $1, pix, quality, 0) } }

    private func written(
        _ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>) -> Int32
    ) throws(DocumentRefusal) -> [UInt8] {
        var data: UnsafeMutablePointer<UInt8>?
        var size = 0
        guard write(&data, &size) == 0, let data else { throw .tooCostly() }
        defer { lept_free(data) }
        return Array(UnsafeBufferPointer(start: data, count: size))
    }
}
