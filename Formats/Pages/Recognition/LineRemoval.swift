import CLeptonica

/// Takes ruled lines, frames and streaks off a page, and leaves the letters that cross them.
///
/// A recogniser takes a line under a word for a part of its letters, and a streak for letters of its own. Runs in the page worker only.
enum LineRemoval {
    /// Inches from which on a straight stroke is no letter's.
    private static let length = 0.5
    /// Inches up to which it is a line; what is thicker is a bar or a picture.
    private static let thickness = 0.035
    /// The share of a side from which on a stroke of a page that is not straightened yet is a machine's streak.
    private static let streak = 0.4
    private static let threshold: Int32 = 160
    /// The pixels over which a blurred edge reaches, to both sides together with its own.
    private static let edge: Int32 = 9

    /// A straight grey page without its lines.
    static func cleared(_ grey: Bitmap, dotsPerInch: Double) throws(DocumentRefusal) -> Bitmap {
        let black = try Bitmap(pixThresholdToBinary(grey.pix, threshold), orBroken: what)
        let (long, thick) = (Int32(length * dotsPerInch), Int32((thickness * dotsPerInch).rounded()))
        let lines = try lines(of: black, across: long, down: long, thick: (thick, thick))
        guard let clean = pixCopy(nil, grey.pix) else { throw .tooCostly() }
        let result = try Bitmap(clean, orBroken: what)
        // A blurred line has grey edges: they go with it, but for those of letters beside it.
        let letters = try Bitmap(pixSubtract(nil, black.pix, lines.pix), orBroken: what)
        let near = try Bitmap(pixDilateBrick(nil, letters.pix, 3, 3), orBroken: what)
        let wide = try Bitmap(pixDilateBrick(nil, lines.pix, edge, edge), orBroken: what)
        let mask = try Bitmap(pixSubtract(nil, wide.pix, near.pix), orBroken: what)
        guard pixSetMasked(result.pix, mask.pix, 255) == 0, pixSetMasked(result.pix, lines.pix, 255) == 0 else { throw .tooCostly() }
        return result
    }

    /// A page in black and white as it came, without the streaks of a machine, which follow its sides and not the paper's.
    static func withoutStreaks(_ page: Bitmap, dots: (across: Double, down: Double)) throws(DocumentRefusal) -> Bitmap {
        let (across, down) = (Int32(Double(page.width) * streak), Int32(Double(page.height) * streak))
        let thick = (Int32((dots.across * 0.02).rounded(.up)), Int32((dots.down * 0.02).rounded(.up)))
        let lines = try lines(of: page, across: across, down: down, thick: thick)
        return try Bitmap(pixSubtract(nil, page.pix, lines.pix), orBroken: what)
    }

    private static let what = "the image data"

    /// Pixels of lines, without those of letters that cross them.
    /// - Parameter thick: The most pixels of an upright line across, and of a lying one down.
    private static func lines(
        of black: Bitmap, across: Int32, down: Int32, thick: (across: Int32, down: Int32)
    ) throws(DocumentRefusal) -> Bitmap {
        let lying = try strokes(black, (across, 1), limit: (1, thick.down + 1), (1, 3))
        let upright = try strokes(black, (1, down), limit: (thick.across + 1, 1), (3, 1))
        let all = try Bitmap(pixOr(nil, lying.pix, upright.pix), orBroken: what)
        // A letter that crosses is black on both sides of the line: what joins both sides is its own.
        let rest = try Bitmap(pixSubtract(nil, black.pix, all.pix), orBroken: what)
        let joined = try crossing(rest, lying, (1, thick.down + 4))
        let beside = try crossing(rest, upright, (thick.across + 4, 1))
        let own = try Bitmap(pixOr(nil, joined.pix, beside.pix), orBroken: what)
        return try Bitmap(pixSubtract(nil, all.pix, own.pix), orBroken: what)
    }

    private static func strokes(
        _ black: Bitmap, _ side: (Int32, Int32), limit: (Int32, Int32), _ edge: (Int32, Int32)
    ) throws(DocumentRefusal) -> Bitmap {
        let long = try Bitmap(pixOpenBrick(nil, black.pix, side.0, side.1), orBroken: what)
        let bars = try Bitmap(pixOpenBrick(nil, long.pix, limit.0, limit.1), orBroken: what)
        let thin = try Bitmap(pixSubtract(nil, long.pix, bars.pix), orBroken: what)
        let wide = try Bitmap(pixDilateBrick(nil, thin.pix, edge.0, edge.1), orBroken: what)
        return try Bitmap(pixAnd(nil, wide.pix, black.pix), orBroken: what)
    }

    private static func crossing(_ rest: Bitmap, _ lines: Bitmap, _ reach: (Int32, Int32)) throws(DocumentRefusal) -> Bitmap {
        let closed = try Bitmap(pixCloseSafeBrick(nil, rest.pix, reach.0, reach.1), orBroken: what)
        return try Bitmap(pixAnd(nil, closed.pix, lines.pix), orBroken: what)
    }
}
