/// A value in the form of its field, and how well it fits.
struct ParsedValue: Hashable, Sendable {
    let value: String
    /// 1 when nothing was mended and every check holds; less otherwise.
    let fit: Double
    /// The check that it passed: `luhn`, `date`, `dictionary`; empty for none.
    var check = ""
    /// How many of the area's words it took, from the first on; nil for all.
    var words: Range<Int>?
}
