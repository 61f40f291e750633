/// The values of one model's records in a unit of work: rows of slots in one array.
///
/// A missing value (nil) has not been read yet, or must be found again. Whether a user may see a row is remembered per row.
final class RecordCache {
    let stride: Int
    private(set) var rows: [Int: Int] = [:]
    private var cells: ContiguousArray<Value?> = []
    private var visibleTo: ContiguousArray<Int32> = []

    init(stride: Int) { self.stride = stride }

    /// The row of a record, if anything of it is known.
    @inline(__always)
    func row(_ id: Int) -> Int? { rows[id] }

    /// The row of a record, made if need be.
    func makeRow(_ id: Int) -> Int {
        if let row = rows[id] { return row }
        let row = visibleTo.count
        rows[id] = row
        cells.append(contentsOf: repeatElement(nil, count: stride))
        cells[row * stride] = .int(id)
        visibleTo.append(0)
        return row
    }

    func reserve(_ count: Int) {
        rows.reserveCapacity(rows.count + count)
        cells.reserveCapacity(cells.count + count * stride)
    }

    @inline(__always)
    subscript(_ row: Int, _ slot: Int) -> Value? {
        get { cells[row * stride + slot] }
        set { cells[row * stride + slot] = newValue }
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
