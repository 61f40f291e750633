/// Records of one Swift model.
///
/// A collection: `for`, `map`, `filter`, `first` and the rest work as expected; what is read of one is read for all.
public struct Recordset<M: Model> {
    /// The records, by name.
    public let records: Records

    /// Records by name as records of their Swift model.
    public init(_ records: Records) { self.records = records }

    /// The record ids, in order.
    public var ids: [Int] { records.ids }
    /// Who, when, and in which unit of work.
    public var env: Environment { records.env }

    /// Deletes the records.
    public func unlink() throws { try records.unlink() }

    /// Writes the same values to all of them.
    public func write(_ values: ValueMap) throws { try records.write(values) }

    /// The records that pass a test.
    public func filtered(_ test: (Record<M>) throws -> Bool) rethrows -> Recordset<M> {
        Recordset(Records(group: records.group, ids: try filter(test).map(\.id)))
    }

    /// The sum of an amount.
    public func sum(_ path: KeyPath<M, Monetary>) -> Amount { reduce(.zero) { $0 + $1[dynamicMember: path] } }

    /// The sum of a measure.
    public func sum(_ path: KeyPath<M, Float>) -> Double { reduce(0) { $0 + $1[dynamicMember: path] } }

    /// The sum of whole numbers.
    public func sum(_ path: KeyPath<M, Integer>) -> Int { reduce(0) { $0 + $1[dynamicMember: path] } }

    /// Runs an action by name, as a door would.
    @discardableResult
    public func call(_ action: String, _ arguments: ValueMap = [:]) throws -> Value { try records.call(action, arguments) }
}

extension Recordset: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { records.ids.count }
    public subscript(position: Int) -> Record<M> { Record(id: records.ids[position], group: records.group) }
}
