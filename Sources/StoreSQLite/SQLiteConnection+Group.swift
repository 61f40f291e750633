import CSQLite
import Kernel
import Store

extension SQLiteConnection {
    func group(_ scan: GroupScan) throws -> [[Value]]? {
        if try readsInGroups(scan) { return nil }
        let statement = try prepared(scan.sql)
        defer { statement.reset() }
        try check(statement.bind(scan.arguments))
        var groups = Groups(keys: scan.keys.count, aggregates: scan.aggregates.count)
        while try step(statement) {
            let group = groups.find(statement.pointer)
            var place = group * scan.aggregates.count
            for aggregate in scan.aggregates {
                if let column = aggregate.column {
                    let cell = Int32(scan.keys.count + column)
                    if sqlite3_column_type(statement.pointer, cell) != SQLITE_NULL {
                        try groups.add(statement.pointer, cell, aggregate.function, isFloat: aggregate.form == .float, at: place)
                    }
                } else {
                    groups.counts[place] += 1
                }
                place += 1
            }
        }
        return (0..<groups.count).map { groups.row($0, scan) }
    }
}

extension SQLiteConnection {
    /// Whether an index gives the rows group by group: then SQLite adds them up itself and hands out nothing but the groups.
    private func readsInGroups(_ scan: GroupScan) throws -> Bool {
        if let known = groupPlans[scan.sql] { return known }
        let places = (1...scan.keys.count).map(String.init).joined(separator: ", ")
        let steps = try query(
            "EXPLAIN QUERY PLAN " + scan.sql + " GROUP BY " + places, scan.arguments, [.integer, .integer, .integer, .text])
        let sorts = steps.contains { $0.textValue?.contains("TEMP B-TREE") ?? false }
        if groupPlans.count >= SQLiteConnection.statementLimit { groupPlans.removeAll() }
        groupPlans[scan.sql] = !sorts
        return !sorts
    }
}

/// The groups that a scan has found so far, in flat arrays.
private struct Groups {
    private let keys: Int
    private let aggregates: Int
    private(set) var count = 0
    /// Key values, `keys` for each group.
    private var values: [Value] = []
    var counts: [Int] = []
    private var whole: [Int] = []
    private var real: [Double] = []
    private var places = PairTable()
    private var texts: [String: Int] = [:]

    init(keys: Int, aggregates: Int) {
        self.keys = keys
        self.aggregates = aggregates
    }

    /// The group of the present row, made if need be: from key to key, each pair of a prefix and a value leads to the next prefix.
    mutating func find(_ row: OpaquePointer) -> Int {
        var node = -1
        for key in 0..<keys {
            let isLast = key == keys - 1
            let (found, isNew) = places.find(node, code(row, Int32(key)), level: key)
            node = found
            if isLast, isNew { append(row) }
        }
        return node
    }

    /// A number that stands for the key: the integer itself, or the place of a text among those seen.
    private mutating func code(_ row: OpaquePointer, _ column: Int32) -> Int {
        switch sqlite3_column_type(row, column) {
        case SQLITE_NULL: return Int.min
        case SQLITE_INTEGER: return Int(sqlite3_column_int64(row, column))
        default:
            guard let start = sqlite3_column_text(row, column) else { return Int.min }
            let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, column)))
            let text = String(decoding: bytes, as: UTF8.self)
            if let known = texts[text] { return known }
            texts[text] = texts.count
            return texts.count - 1
        }
    }

    private mutating func append(_ row: OpaquePointer) {
        for key in 0..<keys {
            switch sqlite3_column_type(row, Int32(key)) {
            case SQLITE_NULL: values.append(.null)
            case SQLITE_INTEGER: values.append(.int(Int(sqlite3_column_int64(row, Int32(key)))))
            default: values.append(.text(sqlite3_column_text(row, Int32(key)).map { String(cString: $0) } ?? ""))
            }
        }
        count += 1
        counts.append(contentsOf: repeatElement(0, count: aggregates))
        whole.append(contentsOf: repeatElement(0, count: aggregates))
        real.append(contentsOf: repeatElement(0, count: aggregates))
    }

    @inline(__always)
    mutating func add(_ row: OpaquePointer, _ column: Int32, _ function: Aggregation, isFloat: Bool, at place: Int) throws {
        let isFirst = counts[place] == 0
        counts[place] += 1
        if isFloat {
            let value = sqlite3_column_double(row, column)
            switch function {
            case .min: real[place] = isFirst ? value : min(real[place], value)
            case .max: real[place] = isFirst ? value : max(real[place], value)
            default: real[place] += value
            }
        } else {
            let value = Int(sqlite3_column_int64(row, column))
            switch function {
            case .min, .boolAnd: whole[place] = isFirst ? value : min(whole[place], value)
            case .max, .boolOr: whole[place] = isFirst ? value : max(whole[place], value)
            default:
                let (sum, overflow) = whole[place].addingReportingOverflow(value)
                if overflow { throw SQLFailure(.other, code: Int(SQLITE_TOOBIG), message: "a sum is out of range") }
                whole[place] = sum
            }
        }
    }

    func row(_ group: Int, _ scan: GroupScan) -> [Value] {
        var row: [Value] = []
        row.reserveCapacity(keys + aggregates)
        for key in 0..<keys { row.append(Groups.key(values[group * keys + key], scan.keys[key])) }
        for (index, aggregate) in scan.aggregates.enumerated() {
            row.append(result(aggregate.function, aggregate.form, aggregate.column, at: group * aggregates + index))
        }
        return row
    }

    private static func key(_ value: Value, _ form: ColumnForm) -> Value {
        switch (value, form) {
        case (.int(let int), .boolean): .bool(int != 0)
        case (.text(let text), .day): Day(text).map { .day($0) } ?? .null
        case (.text(let text), .instant): Instant(text).map { .instant($0) } ?? .null
        default: value
        }
    }

    private func result(_ function: Aggregation, _ form: ColumnForm, _ column: Int?, at place: Int) -> Value {
        if column == nil || function == .count { return .int(counts[place]) }
        if counts[place] == 0, function != .sum { return .null }
        switch (function, form) {
        case (.avg, .float): return .double(real[place] / Double(counts[place]))
        case (.avg, .amount): return .amount(Amount(units: Int((Double(whole[place]) / Double(counts[place])).rounded())))
        case (.avg, _): return .double(Double(whole[place]) / Double(counts[place]))
        case (.boolAnd, _), (.boolOr, _): return .bool(whole[place] != 0)
        case (_, .float): return .double(real[place])
        case (_, .amount): return .amount(Amount(units: whole[place]))
        default: return .int(whole[place])
        }
    }
}
