import FEEL

/// Looks for combinations of inputs that no rule matches.
///
/// Column by column, segments that leave the same rules are looked at once; what was looked at with the same rules left is not looked
/// at again. Rules that name other inputs count as not matching.
struct GapSearch {
    /// One combination that no rule matches: an example for each input.
    typealias Gap = [FEELValue]

    private let compiled: CompiledTable
    private let samples: [Samples]
    private var seen: [Set<RowSet>]
    private var path: [Int] = []
    private(set) var gaps: [Gap] = []
    private(set) var steps = 0

    /// Whether everything was looked at.
    var isFinished: Bool { steps < DecisionLimits.maxGapSteps && gaps.count < DecisionLimits.maxFindings }

    init(_ compiled: CompiledTable) {
        self.compiled = compiled
        samples = compiled.samples
        seen = compiled.columns.map { _ in [] }
    }

    mutating func run() {
        var rows = RowSet(all: compiled.table.rules.count)
        for row in compiled.asking.keys { rows.remove(row) }
        look(0, rows)
    }

    private mutating func look(_ column: Int, _ rows: RowSet) {
        guard !rows.isEmpty else { return found() }
        guard column < compiled.columns.count, seen[column].insert(rows).inserted else { return }
        var groups: [RowSet: Int] = [:]
        var order: [RowSet] = []
        for segment in compiled.usable[column] {
            steps += 1
            guard isFinished else { return }
            let left = rows.intersection(compiled.columns[column].rows[segment])
            guard groups[left] == nil else { continue }
            groups[left] = segment
            order.append(left)
        }
        for left in order {
            path.append(groups[left] ?? 0)
            look(column + 1, left)
            path.removeLast()
            guard isFinished else { return }
        }
    }

    private mutating func found() {
        var gap: Gap = []
        for (column, sample) in samples.enumerated() {
            guard let segment = column < path.count ? path[column] : compiled.usable[column].first, let value = sample.value(in: segment)
            else { return }
            gap.append(value)
        }
        gaps.append(gap)
    }
}

extension CompiledTable {
    /// How to find examples, by column.
    var samples: [Samples] { zip(table.inputs, columns).map { Samples(type: $0.type, column: $1) } }
}
