import CLeptonica

/// A page made ready for recognition: one grey picture, upright and straight.
struct PreparedPage {
    let grey: Bitmap
    let dotsPerInch: Double
    let quarters: Int
    let skewDegrees: Double
    let ink: Double
}

/// Makes worn pages legible: specks away, a grey blur, straightened by area mapping.
///
/// The order matters: specks are found in black and white, where they are components of their own; the edges of letters are smoothed in grey,
/// and the turning keeps them smooth. Runs in the page worker only.
struct PagePreparation {
    let recipe: RecognitionRecipe

    /// A page with fewer specks than this for each million of pixels is clean: what is small there is a point.
    private static let cleanSpecks = 40.0
    /// From here on it is worn, and only larger points are told from specks.
    private static let wornSpecks = 2_500.0
    /// The grey value that divides black from white.
    private static let threshold: Int32 = 130
    /// A skew beyond this, in degrees, is not one.
    private static let mostSkew = 7.0
    /// From here on leptonica's finding of a skew counts.
    private static let skewConfidence: Float = 2.5
    /// From here on its finding that a page lies on its head counts.
    private static let turnConfidence: Float = 8

    /// Prepares a picture.
    /// - Parameter dots: Its dots per inch, across and down.
    func prepare(_ picture: Bitmap, dots: (across: Double, down: Double)) throws(DocumentRefusal) -> PreparedPage {
        let (clean, dirt) = try cleaned(picture, dots)
        var grey = try scaled(clean, dots)
        let ink = try PagePreparation.ink(grey)
        guard recipe.isStraightened else {
            return PreparedPage(grey: grey, dotsPerInch: recipe.dotsPerInch, quarters: 0, skewDegrees: 0, ink: ink)
        }
        // A blur smooths what specks left of edges; on a clean page it only takes small letters away.
        if recipe.blur > 0, dirt >= Self.cleanSpecks {
            grey = try Bitmap(pixBlockconv(grey.pix, Int32(recipe.blur), Int32(recipe.blur)), orBroken: "the image data")
        }
        let skew = try skew(of: grey)
        if abs(skew) >= 0.05 { grey = try rotated(grey, skew) }
        let quarters = try turns(of: grey)
        // On a worn page lines are broken, and what would stay of them does more harm than the lines.
        if recipe.removesLines, dirt < Self.wornSpecks { grey = try LineRemoval.cleared(grey, dotsPerInch: recipe.dotsPerInch) }
        if quarters != 0 { grey = try Bitmap(pixRotateOrth(grey.pix, Int32(quarters)), orBroken: "the image data") }
        return PreparedPage(grey: grey, dotsPerInch: recipe.dotsPerInch, quarters: quarters, skewDegrees: skew, ink: ink)
    }

    /// The same page turned by half: for a page whose words make no sense as it stands.
    static func turnedByHalf(_ page: PreparedPage) throws(DocumentRefusal) -> PreparedPage {
        let turned = try Bitmap(pixRotateOrth(page.grey.pix, 2), orBroken: "the image data")
        return PreparedPage(
            grey: turned, dotsPerInch: page.dotsPerInch, quarters: (page.quarters + 2) % 4, skewDegrees: page.skewDegrees, ink: page.ink)
    }

    // MARK: - Steps

    /// Removes specks in black and white; grey pictures keep their shades, for a speck is no component in them.
    ///
    /// What is as small as a point stays where a letter is near: points, the dots of colons and of i, and pieces of broken letters.
    /// - Returns: The page, and how many specks it had for each million of pixels.
    private func cleaned(
        _ picture: Bitmap, _ dots: (across: Double, down: Double)
    ) throws(DocumentRefusal) -> (Bitmap, dirt: Double) {
        guard recipe.speck > 0, picture.depth == 1 else { return (picture, 0) }
        let picture = recipe.removesLines ? try LineRemoval.withoutStreaks(picture, dots: dots) : picture
        let letters = try selected(recipe.point + 1, of: picture, dots)
        let reach = (side(2 * recipe.reach, dots.across) | 1, side(2 * recipe.reach, dots.down) | 1)
        let near = try Bitmap(pixDilateBrick(nil, letters.pix, reach.0, reach.1), orBroken: "the image data")
        let dirt = try specks(beside: near, in: picture)
        if dirt < Self.cleanSpecks { return (picture, dirt) }
        let least = dirt < Self.wornSpecks ? min(2, recipe.speck) : recipe.speck
        let points = try selected(least, of: picture, dots)
        var marks = letters
        if dirt < Self.wornSpecks {
            // Of wide print the points, commas and hyphens stand farther from their letters.
            let beside = try Bitmap(
                pixDilateBrick(nil, letters.pix, side(recipe.wideReach, dots.across) | 1, reach.1), orBroken: "the image data")
            let wide = try selected(recipe.mark, of: picture, dots)
            guard pixAnd(beside.pix, beside.pix, wide.pix) != nil else { throw .tooCostly() }
            let far = try Bitmap(pixSeedfillBinary(nil, beside.pix, wide.pix, 8), orBroken: "the image data")
            marks = try Bitmap(pixOr(nil, far.pix, letters.pix), orBroken: "the image data")
        }
        guard pixAnd(near.pix, near.pix, points.pix) != nil else { throw .tooCostly() }
        let kept = try Bitmap(pixSeedfillBinary(nil, near.pix, points.pix, 8), orBroken: "the image data")
        return (try Bitmap(pixOr(nil, kept.pix, marks.pix), orBroken: "the image data"), dirt)
    }

    /// Components that are no smaller than so many pixels at 200 dots per inch, across or down.
    private func selected(
        _ pixels: Int, of picture: Bitmap, _ dots: (across: Double, down: Double)
    ) throws(DocumentRefusal) -> Bitmap {
        let (across, down) = (side(pixels, dots.across), side(pixels, dots.down))
        return try Bitmap(
            pixSelectBySize(picture.pix, across, down, 8, Int32(L_SELECT_IF_EITHER), Int32(L_SELECT_IF_GTE), nil),
            orBroken: "the image data")
    }

    private func side(_ pixels: Int, _ dots: Double) -> Int32 { max(2, Int32((Double(pixels) * dots / 200).rounded(.up))) }

    /// Specks for each million of pixels where no letter is near: how dirty the page is.
    private func specks(beside near: Bitmap, in picture: Bitmap) throws(DocumentRefusal) -> Double {
        let rest = try Bitmap(pixSubtract(nil, picture.pix, near.pix), orBroken: "the image data")
        var count: Int32 = 0
        guard pixCountConnComp(rest.pix, 8, &count) == 0 else { return 0 }
        return Double(count) * 1_000_000 / Double(max(1, picture.width * picture.height))
    }

    /// Grey, with square pixels at the resolution of the recipe.
    private func scaled(_ picture: Bitmap, _ dots: (across: Double, down: Double)) throws(DocumentRefusal) -> Bitmap {
        let plain = try Bitmap(pixRemoveColormap(picture.pix, Int32(REMOVE_CMAP_TO_GRAYSCALE)), orBroken: "the image data")
        let grey = try Bitmap(pixConvertTo8(plain.pix, 0), orBroken: "the image data")
        let (across, down) = (recipe.dotsPerInch / dots.across, recipe.dotsPerInch / dots.down)
        let asItIs = 0.95...1.05
        if asItIs.contains(across), asItIs.contains(down) { return grey }
        let scaled =
            across >= 0.95 && down >= 0.95
            ? pixScaleGrayLI(grey.pix, Float(across), Float(down)) : pixScaleGeneral(grey.pix, Float(across), Float(down), 0, 0)
        return try Bitmap(scaled, orBroken: "the image data")
    }

    private func skew(of grey: Bitmap) throws(DocumentRefusal) -> Double {
        let black = try Bitmap(pixThresholdToBinary(grey.pix, Self.threshold), orBroken: "the image data")
        var angle: Float = 0, confidence: Float = 0
        guard pixFindSkew(black.pix, &angle, &confidence) == 0, confidence >= Self.skewConfidence, abs(Double(angle)) < Self.mostSkew else {
            return 0
        }
        return Double(angle)
    }

    private func rotated(_ grey: Bitmap, _ degrees: Double) throws(DocumentRefusal) -> Bitmap {
        try Bitmap(pixRotateAMGray(grey.pix, Float(degrees * .pi / 180), 255), orBroken: "the image data")
    }

    /// Quarters clockwise that turn the page upright, by where its letters reach out of their line.
    private func turns(of grey: Bitmap) throws(DocumentRefusal) -> Int {
        let black = try Bitmap(pixThresholdToBinary(grey.pix, Self.threshold), orBroken: "the image data")
        var up: Float = 0, left: Float = 0
        guard pixOrientDetect(black.pix, &up, &left, 0, 0) == 0 else { return 0 }
        if max(abs(up), abs(left)) < Self.turnConfidence { return 0 }
        if abs(up) >= abs(left) { return up > 0 ? 0 : 2 }
        return left > 0 ? 1 : 3
    }

    private static func ink(_ grey: Bitmap) throws(DocumentRefusal) -> Double {
        let black = try Bitmap(pixThresholdToBinary(grey.pix, threshold), orBroken: "the image data")
        var count: Int32 = 0
        guard pixCountPixels(black.pix, &count, nil) == 0 else { return 0 }
        return Double(count) / Double(max(1, black.width * black.height))
    }
}
