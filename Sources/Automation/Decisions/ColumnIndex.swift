import FEEL

/// Which rules a value of one column can meet, found by halving.
///
/// All values that the column's cells name cut the column into segments: below the first value, that value, between it and the
/// next one, and so on, and `null`. Within a segment all values meet the same cells, so a segment knows its rules.
struct ColumnIndex: Sendable {
    /// The values named, ascending, each once.
    let points: [FEELValue]
    /// The rules of each segment: even ones between the values, odd ones the values themselves, the last one `null`.
    let rows: [RowSet]
    /// The segments that each rule meets; all of them where the cell names other inputs.
    let segments: [RowSet]
    /// The segments of the values that may occur.
    let allowed: RowSet
    /// Where texts are found at once.
    private let places: [String: Int]

    /// The segment of `null`.
    var nullSegment: Int { points.count * 2 + 1 }
    var segmentCount: Int { points.count * 2 + 2 }

    init(cells: [FEELUnaryTests], values: FEELUnaryTests, isOptional: Bool, type: DecisionType) {
        var found = cells.flatMap { $0.names.isEmpty ? $0.constants : [] } + values.constants
        if type == .boolean { found += [.boolean(false), .boolean(true)] }
        points = ColumnIndex.sorted(found)
        let cutter = SegmentCutter(points: points)
        segments = cells.map { $0.names.isEmpty ? cutter.segments($0) : cutter.all }
        var rows = Array(repeating: RowSet(count: cells.count), count: points.count * 2 + 2)
        for (row, set) in segments.enumerated() { for segment in set.numbers { rows[segment].insert(row) } }
        self.rows = rows
        var allowed = cutter.segments(values)
        if isOptional { allowed.insert(points.count * 2 + 1) } else { allowed.remove(points.count * 2 + 1) }
        self.allowed = allowed
        var places: [String: Int] = [:]
        if type == .string { for case (let place, .string(let text)) in points.enumerated() { places[text] = place * 2 + 1 } }
        self.places = places
    }

    /// The segment of a value of the column's type, or of `null`.
    func segment(of value: FEELValue) -> Int {
        if case .null = value { return nullSegment }
        if case .string(let text) = value, let place = places[text] { return place }
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            let order = ColumnIndex.order(points[middle], value)
            if order == 0 { return middle * 2 + 1 }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return low * 2
    }

    static func order(_ left: FEELValue, _ right: FEELValue) -> Int {
        if case (.boolean(let left), .boolean(let right)) = (left, right) { return left == right ? 0 : left ? 1 : -1 }
        return left.order(right) ?? 0
    }

    private static func sorted(_ values: [FEELValue]) -> [FEELValue] {
        var result: [FEELValue] = []
        for value in values.sorted(by: { order($0, $1) < 0 }) where result.last.map({ order($0, value) != 0 }) ?? true {
            result.append(value)
        }
        return result
    }
}

/// Which segments a cell without names meets.
struct SegmentCutter {
    let points: [FEELValue]

    var all: RowSet { RowSet(all: points.count * 2 + 2) }
    private var nullSegment: Int { points.count * 2 + 1 }

    func segments(_ cell: FEELUnaryTests) -> RowSet {
        if cell.isAny { return all }
        var result = RowSet(count: points.count * 2 + 2)
        for test in cell.tests { add(test, to: &result) }
        guard cell.isNegated else { return result }
        var rest = all
        for segment in result.numbers { rest.remove(segment) }
        return rest
    }

    private func add(_ test: FEELTest, to set: inout RowSet) {
        switch test {
        case .range(let range):
            guard let low = place(range.low.constant), let high = place(range.high.constant) else { return }
            insert(range.includesLow ? low : low + 1, range.includesHigh ? high : high - 1, &set)
        case .compare(let comparison, let operand):
            guard let value = operand.constant else { return }
            if case .list(let elements) = value {
                for element in elements where comparison == .equal { add(.compare(.equal, .literal(element)), to: &set) }
            } else {
                add(comparison, value, &set)
            }
        }
    }

    private func add(_ comparison: FEELOperator, _ value: FEELValue, _ set: inout RowSet) {
        let last = points.count * 2
        if value == .null {
            if comparison == .equal { set.insert(nullSegment) }
            if comparison == .notEqual { insert(0, last, &set) }
            return
        }
        guard let place = place(value) else { return }
        switch comparison {
        case .equal: set.insert(place)
        case .notEqual:
            insert(0, place - 1, &set)
            insert(place + 1, last, &set)
            set.insert(nullSegment)
        case .less: insert(0, place - 1, &set)
        case .lessOrEqual: insert(0, place, &set)
        case .greater: insert(place + 1, last, &set)
        case .greaterOrEqual: insert(place, last, &set)
        default: break
        }
    }

    private func insert(_ low: Int, _ high: Int, _ set: inout RowSet) { if low <= high { set.insert(low...high) } }

    /// The segment of one of the values.
    private func place(_ value: FEELValue?) -> Int? {
        guard let value else { return nil }
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            let order = ColumnIndex.order(points[middle], value)
            if order == 0 { return middle * 2 + 1 }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}

extension FEELUnaryTests {
    /// The values that stand in the cell, elements of lists one by one; `null` is left out.
    var constants: [FEELValue] {
        tests.flatMap { test -> [FEELValue] in
            switch test {
            case .compare(_, let operand): operand.constant.map(\.elements) ?? []
            case .range(let range): [range.low.constant, range.high.constant].compactMap { $0 }
            }
        }
    }
}

extension FEELValue {
    /// The elements of a list, or the value itself; without `null`.
    var elements: [FEELValue] {
        switch self {
        case .list(let values): values.flatMap(\.elements)
        case .null: []
        default: [self]
        }
    }
}
