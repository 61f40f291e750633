/// Decides whether a commit waits a moment for units of work that are likely on their way.
///
/// Whoever was answered by one commit often writes again at once. Where a commit takes milliseconds they would miss the next one, and of
/// many writers one half would always wait for the other half's commit. So a commit expects those that the last one answered, besides
/// those that waited already, for at most as long after the last commit as a commit takes. On a quick disk nothing is waited for.
/// All times are seconds of a steady clock.
struct CommitGathering {
    /// A commit that takes less is not worth waiting for.
    static let leastPace = 0.0003
    /// The longest that a unit of work is held back.
    static let mostPatience = 0.004

    /// Seconds that a commit took lately.
    private(set) var pace = 0.0
    private var expected = 0
    private var until = 0.0

    /// Takes note of a commit that made `count` units durable between two moments, while `waiting` others came.
    mutating func committed(_ count: Int, from begin: Double, to end: Double, waiting: Int) {
        let took = end - begin
        pace = pace == 0 ? took : pace * 0.75 + took * 0.25
        expected = count + waiting
        until = end + min(pace, Self.mostPatience)
    }

    /// The moment until which a group that holds `count` units waits for more, nothing when it is as large as expected or the time is over.
    func patience(with count: Int, now: Double) -> Double? {
        guard pace >= Self.leastPace, count < expected, now < until else { return nil }
        return until
    }
}
