import Pages

/// A value that may be that of a field, with what speaks for it.
struct Candidate: Sendable {
    let field: ReadingField
    let value: String
    /// How much the way by which it was found is trusted, 0 to 1.
    let trust: Double
    /// How well the value fits its form, 0 to 1.
    let fit: Double
    /// How sure the recogniser was of its letters.
    let letters: Double
    let box: PageBox
    let page: Int
    let rule: String

    var score: Double { trust * (0.35 + 0.65 * fit) * (0.6 + 0.4 * letters) }
}
