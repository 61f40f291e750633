/// What a migration would do, in plain words and in SQL; also what it keeps and what it cannot do.
public struct MigrationPlan: Sendable {
    /// One step.
    public struct Step: Sendable, Hashable {
        /// What is done, for people: `add the column x_colour to res_partner`.
        public let words: String
        /// The statements that do it.
        public let sql: [String]
        /// Whether a program that is older than the change would misread the table.
        var isBreaking = false
    }

    /// In the order in which they run, all in one transaction.
    public internal(set) var steps: [Step] = []
    /// Tables and columns that no model wants any more; they stay, with their data.
    public internal(set) var kept: [String] = []
    /// What the database cannot do and the models do without.
    public internal(set) var notes: [String] = []
    /// Changes that need a person; with any of them nothing is done.
    public internal(set) var refused: [String] = []

    /// Tables that it makes: nobody can have written to them before.
    var made: Set<String> = []

    /// Whether there is nothing to do.
    public var isEmpty: Bool { steps.isEmpty && refused.isEmpty }

    /// The plan as lines of text; with SQL when asked.
    public func lines(withSQL: Bool = false) -> [String] {
        var lines: [String] = []
        for step in steps {
            lines.append(step.words)
            if withSQL { lines += step.sql.map { "    " + $0 + ";" } }
        }
        return lines + kept.map { "kept: " + $0 } + notes.map { "note: " + $0 } + refused.map { "refused: " + $0 }
    }

    mutating func add(_ words: String, _ sql: String...) { steps.append(Step(words: words, sql: sql)) }
}
