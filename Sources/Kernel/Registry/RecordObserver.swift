/// Sees every change of records in its unit of work: chatter, automation rules and events hang here.
///
/// Calls come after the change stands in the cache and before it is flushed; an error undoes the unit of work.
public protocol RecordObserver: Sendable {
    /// Records were made.
    func created(_ records: Records, values: [ValueMap]) throws
    /// Records are about to be written; what is returned comes back in `written`, per record, for the fields asked for.
    func watched(in model: ModelSchema) -> [Field]
    /// Records were written: the old values of the watched fields that really changed.
    func written(_ records: Records, changes: [RecordChange]) throws
    /// Records are about to be deleted.
    func deleting(_ records: Records) throws
}

/// What changed in one record.
public struct RecordChange: Sendable {
    /// The record.
    public let id: Int
    /// The field.
    public let field: Field
    /// What it was.
    public let old: Value
    /// What it is now.
    public let new: Value
}

extension RecordObserver {
    public func created(_ records: Records, values: [ValueMap]) throws {}
    public func watched(in model: ModelSchema) -> [Field] { [] }
    public func written(_ records: Records, changes: [RecordChange]) throws {}
    public func deleting(_ records: Records) throws {}
}
