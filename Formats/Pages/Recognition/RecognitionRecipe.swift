/// How a page is made ready before its words are recognised.
public struct RecognitionRecipe: Codable, Hashable, Sendable {
    /// Specks smaller than this on both sides are removed, in pixels at 200 dots per inch; 0 leaves them.
    public var speck = 3
    /// What is no larger than this, in pixels at 200 dots per inch, is a speck unless a letter is near.
    public var point = 7
    /// How near, in pixels at 200 dots per inch.
    public var reach = 5
    /// On a page that is not worn, what is as large as this, in pixels at 200 dots per inch, is a point, a comma or a hyphen…
    public var mark = 4
    /// …where a letter is within half of this to its left or right.
    public var wideReach = 30
    /// The page is blurred over so many pixels to each side; 0 leaves it as it is.
    public var blur = 1
    /// Dots per inch at which it is read.
    public var dotsPerInch = 200.0
    /// Whether it is turned upright and straightened.
    public var isStraightened = true
    /// Whether ruled lines and streaks are taken off.
    public var removesLines = true
    /// Whether the words of the document's own text are taken where it has them.
    public var takesTextLayer = true

    /// The recipe that reads worn faxes best.
    public init() {}

    /// The page as it came, for comparison.
    public static let plain: RecognitionRecipe = {
        var recipe = RecognitionRecipe()
        (recipe.speck, recipe.blur, recipe.isStraightened, recipe.removesLines, recipe.takesTextLayer) = (0, 0, false, false, false)
        return recipe
    }()
}
