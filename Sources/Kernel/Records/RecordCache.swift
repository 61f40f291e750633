/// The values of one model's records in a unit of work: a column for each field that was asked for, a row for each record.
///
/// A missing value (nil) has not been read yet, or must be found again. Whether a user may see a row is remembered per row.
final class RecordCache {
    /// A place for a value. An optional would do, were it not copied and destroyed by way of the runtime.
    private enum Cell {
        case unknown
        case known(Value)

        var value: Value? { if case .known(let value) = self { value } else { nil } }
    }

    private(set) var rows: [Int: Int] = [:]
    /// By slot; a column ends with the last row of which it knows the value.
    private var columns: ContiguousArray<ContiguousArray<Cell>>
    private var visibleTo: ContiguousArray<Int32> = []

    init(fields: Int) { columns = ContiguousArray(repeating: [], count: fields) }

    /// The row of a record, if anything of it is known.
    @inline(__always)
    func row(_ id: Int) -> Int? { rows[id] }

    /// The row of a record, made if need be.
    func makeRow(_ id: Int) -> Int {
        let fresh = visibleTo.count
        let row = RecordCache.taken(&rows[id, default: fresh])
        guard row == fresh else { return row }
        visibleTo.append(0)
        self[row, ModelSchema.Slot.id] = .int(id)
        return row
    }

    /// Looks a record up and puts it in with one search of the table.
    @inline(__always)
    private static func taken(_ row: inout Int) -> Int { row }

    func reserve(_ count: Int) { rows.reserveCapacity(rows.count + count) }

    subscript(_ row: Int, _ slot: Int) -> Value? {
        get {
            guard row < columns[slot].count else { return nil }
            return columns[slot][row].value
        }
        set {
            let known = columns[slot].count
            guard row >= known else { return columns[slot][row] = newValue.map { .known($0) } ?? .unknown }
            guard let newValue else { return }
            if known == 0 { columns[slot].reserveCapacity(visibleTo.count) }
            if row > known { columns[slot].append(contentsOf: repeatElement(.unknown, count: row - known)) }
            columns[slot].append(.known(newValue))
        }
    }

    /// Takes a fetched column for the rows whose value is not known; what is not set becomes the field's word for that.
    func complete(_ field: Field, _ rows: [Int], from fetched: FetchedRows, _ column: Int) {
        let (empty, width) = (field.empty, fetched.width)
        var cells: ContiguousArray<Cell> = []
        swap(&cells, &columns[field.slot])
        let end = (rows.max() ?? -1) + 1
        if cells.isEmpty { cells.reserveCapacity(end) }
        if cells.count < end { cells.append(contentsOf: repeatElement(.unknown, count: end - cells.count)) }
        for (index, row) in rows.enumerated() {
            guard case .unknown = cells[row] else { continue }
            let value = fetched.cells[index * width + column]
            cells[row] = .known(value.isNull ? empty : value)
        }
        swap(&cells, &columns[field.slot])
    }

    /// Appends the values of a row's slots, all or nothing; false when one of them is not known.
    func append(_ row: Int, _ slots: [Int], to values: inout ContiguousArray<Value>) -> Bool {
        for (place, slot) in slots.enumerated() {
            guard row < columns[slot].count, case .known(let value) = columns[slot][row] else {
                values.removeLast(place)
                return false
            }
            values.append(value)
        }
        return true
    }

    /// The value of a record's field, if it is known.
    func value(_ id: Int, _ slot: Int) -> Value? { rows[id].flatMap { self[$0, slot] } }

    /// Sets the value of a record's field.
    func set(_ id: Int, _ slot: Int, _ value: Value?) { self[makeRow(id), slot] = value }

    /// Forgets a field of the given records.
    func forget(_ slot: Int, of ids: [Int]) { for id in ids { if let row = rows[id] { self[row, slot] = nil } } }

    /// Forgets a record.
    func remove(_ id: Int) { rows[id] = nil }

    /// Whether the row was found to be in a user's reach.
    @inline(__always)
    func isVisible(_ row: Int, to user: Int) -> Bool { visibleTo[row] == Int32(truncatingIfNeeded: user) }

    func markVisible(_ row: Int, to user: Int) { visibleTo[row] = Int32(truncatingIfNeeded: user) }

    /// Ids of known records whose field satisfies a test.
    func ids(where slot: Int, _ test: (Value) -> Bool) -> [Int] {
        rows.compactMap { id, row in
            guard let value = self[row, slot], test(value) else { return nil }
            return id
        }
    }
}
