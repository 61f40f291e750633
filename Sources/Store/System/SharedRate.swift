import Kernel

/// How often somebody may do something, counted over all nodes: so many times at once, then one more each few seconds.
public struct SharedRate: Sendable {
    /// The most who are counted; with more, those who will have recovered first are forgotten.
    static let limit = 20_000

    private let notes: SharedNotes
    private let burst: Int
    private let secondsEach: Double

    /// A limit.
    ///
    /// - Parameter room: Its name, unlike that of any other.
    public init(_ database: Database, room: String, burst: Int, secondsEach: Double) {
        notes = SharedNotes(database, room: room, limit: SharedRate.limit)
        self.burst = burst
        self.secondsEach = secondsEach
    }

    /// Counts one, and gives the seconds to wait when it was one too many.
    public func take(_ who: String) async throws -> Int? {
        let (burst, secondsEach) = (Double(burst), secondsEach)
        return try await notes.change([who]) { notes, now in
            // The debt, and when it was that.
            let parts = (notes[0]?.text ?? "").split(separator: " ")
            var debt = 0.0
            if parts.count == 2, let known = Double(parts[0]), let at = Int(parts[1]) {
                debt = max(0, known - Double(max(0, now.seconds - at)) / secondsEach)
            }
            guard debt + 1 <= burst else { return max(1, Int(((debt + 1 - burst) * secondsEach).rounded(.up))) }
            let end = now + Int(((debt + 1) * secondsEach).rounded(.up))
            notes[0] = SharedNote("\(debt + 1) \(now.seconds)", until: end)
            return nil
        }
    }
}
