/// What the header of one image declares, read without decoding it.
struct ImageStructure: Equatable {
    /// Pixels across, as stored.
    let width: Int
    /// Pixels down, as stored.
    let height: Int
    /// Dots per inch across and down, as declared; nil when the header says nothing.
    var density: (across: Double, down: Double)?
    /// How the stored image must be turned to be read: EXIF's and TIFF's 1 to 8, where 1 is upright.
    var orientation = 1

    static func == (left: Self, right: Self) -> Bool {
        left.width == right.width && left.height == right.height && left.orientation == right.orientation
            && left.density?.across == right.density?.across && left.density?.down == right.density?.down
    }

    /// Refuses dimensions that would cost too much, before anything is allocated for them.
    func checked(_ limits: PageLimits) throws(DocumentRefusal) -> Self {
        guard width > 0, height > 0 else { throw .broken("an image without pixels") }
        guard width <= limits.imageSide, height <= limits.imageSide, width * height <= limits.imagePixels else {
            throw .tooManyPixels(limit: limits.imagePixels)
        }
        return self
    }

    /// The dots per inch to reckon with.
    ///
    /// Missing and absurd ones count as 200, a fax's. A page longer than 24 inches is taken for a photograph of a letter
    /// page: cameras write 72 dots per inch, whatever they took.
    var dotsPerInch: (across: Double, down: Double) {
        let plausible = 50.0...2400.0
        var dots = (across: 200.0, down: 200.0)
        if let density, plausible.contains(density.across), plausible.contains(density.down) { dots = density }
        guard max(Double(width) / dots.across, Double(height) / dots.down) > 24 else { return dots }
        let letter = Double(max(width, height)) / 11
        return (letter, letter)
    }

    /// Whether the image lies on its side, so that width and height change places when it is read.
    var liesOnItsSide: Bool { (5...8).contains(orientation) }

    /// The page that the image makes.
    var facts: PageFacts {
        let across = Double(width) / dotsPerInch.across * 72, down = Double(height) / dotsPerInch.down * 72
        return liesOnItsSide ? PageFacts(widthPoints: down, heightPoints: across) : PageFacts(widthPoints: across, heightPoints: down)
    }
}
