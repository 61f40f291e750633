import FEEL

/// What the check of a table found.
public struct DecisionReport: Sendable, Hashable {
    /// Everything that is wrong or worth a look, errors first.
    public let problems: [DecisionProblem]
    /// Whether each combination of inputs meets a rule, as far as the check can prove it.
    public let isComplete: Bool
    /// Whether no combination of inputs meets two rules, as far as the check can prove it.
    public let isOverlapFree: Bool
    /// How many cases of the table were run.
    public let testsRun: Int

    /// What makes the table unusable.
    public var errors: [DecisionProblem] { problems.filter { $0.severity == .error } }
}

extension DecisionTable {
    /// Checks the table: cells, types, gaps, overlaps, rules that are never reached, and its own cases.
    public func checked() -> DecisionReport {
        do {
            var checker = TableChecker(try CompiledTable(self))
            return checker.report()
        } catch {
            return DecisionReport(problems: error.list, isComplete: false, isOverlapFree: false, testsRun: 0)
        }
    }
}

/// Looks for gaps, overlaps and unreachable rules, and runs the cases.
struct TableChecker {
    private let compiled: CompiledTable
    private let samples: [Samples]
    private var problems: [DecisionProblem] = []

    init(_ compiled: CompiledTable) {
        self.compiled = compiled
        samples = compiled.samples
    }

    private var table: DecisionTable { compiled.table }

    mutating func report() -> DecisionReport {
        let isComplete = findGaps()
        let isOverlapFree = findOverlaps()
        for (place, test) in table.tests.enumerated() {
            if let problem = compiled.failure(of: test, number: place + 1) { problems.append(problem) }
        }
        let sorted = problems.filter { $0.severity == .error } + problems.filter { $0.severity == .warning }
        return DecisionReport(problems: sorted, isComplete: isComplete, isOverlapFree: isOverlapFree, testsRun: table.tests.count)
    }

    // MARK: Gaps

    private mutating func findGaps() -> Bool {
        var search = GapSearch(compiled)
        search.run()
        let matters = table.mustBeComplete || (!table.answersList && table.aggregation == nil && compiled.defaults == nil)
        guard matters else { return search.gaps.isEmpty && search.isFinished }
        let isCertain = compiled.asking.isEmpty
        for gap in search.gaps.prefix(DecisionLimits.maxFindings) {
            problems.append(
                DecisionProblem(
                    "decision.gap", severity: table.mustBeComplete && isCertain ? .error : .warning,
                    "No rule matches \(described(gap))\(isCertain ? "" : ", as far as can be told").",
                    remedy: "Add a rule or give the outputs defaults."))
        }
        if !search.isFinished, search.gaps.count < DecisionLimits.maxFindings {
            problems.append(
                DecisionProblem(
                    "decision.gaps_unknown", severity: .warning, "The search for gaps was ended after \(DecisionLimits.maxGapSteps) steps.",
                    remedy: "Split the table, or end it with a rule that asks nothing."))
        }
        return search.gaps.isEmpty && search.isFinished
    }

    private func described(_ values: [FEELValue]) -> String {
        values.isEmpty ? "" : zip(table.inputs, values).map { "\($0.name) \($1)" }.joined(separator: ", ")
    }

    // MARK: Overlaps

    /// Compares each two rules; whether none share a combination of inputs.
    private mutating func findOverlaps() -> Bool {
        let rows = table.rules.indices.filter { compiled.asking[$0] == nil }
        let usable = compiled.usableSegments
        var isFree = compiled.asking.isEmpty
        var found = 0
        var unreachable = 0
        for (place, later) in rows.enumerated() {
            var covered: Int?
            for earlier in rows[..<place] where meet(earlier, later, usable) {
                isFree = false
                if covered == nil, covers(earlier, later, usable) { covered = earlier }
                if found < DecisionLimits.maxFindings, let problem = overlap(earlier, later, usable) {
                    problems.append(problem)
                    found += 1
                }
                if found >= DecisionLimits.maxFindings, covered != nil { break }
            }
            if let covered, table.hitPolicy == .first, unreachable < DecisionLimits.maxFindings {
                problems.append(hidden(later, by: covered))
                unreachable += 1
            }
        }
        noteAsking()
        return isFree
    }

    private func meet(_ one: Int, _ other: Int, _ usable: [RowSet]) -> Bool {
        compiled.columns.indices.allSatisfy { column in
            let left = compiled.columns[column].segments[one].words
            let right = compiled.columns[column].segments[other].words
            let mask = usable[column].words
            return mask.indices.contains { left[$0] & right[$0] & mask[$0] != 0 }
        }
    }

    /// Whether the first rule matches whatever the second one does.
    private func covers(_ one: Int, _ other: Int, _ usable: [RowSet]) -> Bool {
        compiled.columns.indices.allSatisfy { column in
            compiled.columns[column].segments[other].intersection(usable[column]).isSubset(of: compiled.columns[column].segments[one])
        }
    }

    /// The problem that two rules share combinations; none where the hit policy does not mind.
    private func overlap(_ one: Int, _ other: Int, _ usable: [RowSet]) -> DecisionProblem? {
        switch table.hitPolicy {
        case .unique: break
        case .any:
            let left = compiled.outputs[one].map(\.constant)
            let right = compiled.outputs[other].map(\.constant)
            guard !left.contains(nil), !right.contains(nil), left != right else { return nil }
        default: return nil
        }
        let example = compiled.columns.indices.compactMap { column -> FEELValue? in
            let shared = compiled.columns[column].segments[one].intersection(compiled.columns[column].segments[other])
            return shared.intersection(usable[column]).first.flatMap { samples[column].value(in: $0) }
        }
        return DecisionProblem(
            "decision.overlap", rows: [one + 1, other + 1],
            "Rules \(one + 1) and \(other + 1) both match \(described(example))\(table.hitPolicy == .any ? " and answer differently" : "").",
            remedy: "Narrow one of them, or choose another hit policy.")
    }

    private func hidden(_ row: Int, by earlier: Int) -> DecisionProblem {
        DecisionProblem(
            "decision.never_reached", severity: .warning, rows: [row + 1],
            "Rule \(row + 1) never counts, for rule \(earlier + 1) matches before it.",
            remedy: "Move it up, or take it out.")
    }

    private mutating func noteAsking() {
        guard table.hitPolicy == .unique || table.hitPolicy == .any, !compiled.asking.isEmpty else { return }
        let rows = compiled.asking.keys.sorted().map { $0 + 1 }
        problems.append(
            DecisionProblem(
                "decision.overlaps_unknown", severity: .warning, rows: rows,
                "Rules \(rows.prefix(10).map(String.init).joined(separator: ", ")) compare inputs with each other; whether they overlap shows only when asked.",
                remedy: "Add cases to the table for them."))
    }
}
