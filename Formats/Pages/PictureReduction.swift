import CLeptonica

/// Makes smaller pictures of one; leptonica decodes in C, so that outside of tests this runs in the page worker only.
///
/// A JPEG stays one and is turned upright; everything else becomes a PNG and keeps what shines through it.
struct PictureReduction {
    private static let quality: Int32 = 90

    let bytes: [UInt8]
    let limits: PageLimits

    /// The picture at each of the sizes.
    func run(_ sizes: [PictureBounds]) throws(DocumentRefusal) -> [ReducedPicture] {
        setMsgSeverity(Int32(L_SEVERITY_NONE))
        let kind = DocumentKind(magicOf: bytes)
        let image = try shaded(try decode(kind))
        guard image.width * image.height <= limits.imagePixels else { throw .tooManyPixels(limit: limits.imagePixels) }
        var pictures: [ReducedPicture] = []
        for (index, size) in sizes.enumerated() {
            let small = try reduced(image, size)
            let written = kind == .jpeg ? try small.jpeg(quality: PictureReduction.quality) : try small.png()
            guard let picture = ReducedPicture(number: index + 1, bytes: written) else { throw .tooCostly() }
            pictures.append(picture)
        }
        return pictures
    }

    private func decode(_ kind: DocumentKind?) throws(DocumentRefusal) -> Bitmap {
        switch kind {
        case .png:
            _ = try PNGStructure.read(bytes).checked(limits)
            return try Bitmap(pixReadMemPng(bytes, bytes.count), orBroken: "the image data")
        case .jpeg:
            let structure = try JPEGStructure.read(bytes).checked(limits)
            let image = try Bitmap(pixReadMemJpeg(bytes, bytes.count, 0, 1, nil, 0), orBroken: "the image data")
            return try ImagePage(kind: .jpeg, structure: structure).upright(image)
        case .tiff, .pdf: throw .unknownKind()
        case nil:
            if bytes.starts(with: "GIF8".utf8) { return try Bitmap(pixReadMemGif(bytes, bytes.count), orBroken: "the image data") }
            guard bytes.starts(with: "RIFF".utf8) else { throw .unknownKind() }
            return try Bitmap(pixReadMemWebP(bytes, bytes.count), orBroken: "the image data")
        }
    }

    /// What is reduced needs shades: palettes and black on white have none.
    private func shaded(_ image: Bitmap) throws(DocumentRefusal) -> Bitmap {
        let plain = try Bitmap(pixRemoveColormap(image.pix, Int32(REMOVE_CMAP_BASED_ON_SRC)), orBroken: "the image data")
        if plain.depth == 8 || plain.depth == 32 { return plain }
        return try Bitmap(pixConvertTo8(plain.pix, 0), orBroken: "the image data")
    }

    private func reduced(_ image: Bitmap, _ bounds: PictureBounds) throws(DocumentRefusal) -> Bitmap {
        let size = (width: image.width, height: image.height)
        if bounds.scale(size) >= 1 { return image }
        let wanted = bounds.fitted(size)
        let (across, down) = (Float(wanted.width) / Float(size.width), Float(wanted.height) / Float(size.height))
        // The next whole number of pixels may lie beyond the bounds.
        let scaled =
            image.hasAlpha
            ? pixScaleWithAlpha(image.pix, across, down, nil, 1) : pixScaleToSize(image.pix, Int32(wanted.width), Int32(wanted.height))
        return try Bitmap(scaled, orBroken: "the image data")
    }
}
