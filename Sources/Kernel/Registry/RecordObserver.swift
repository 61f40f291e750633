/// Sees every change of records in its unit of work: chatter, automation rules and events hang here.
///
/// Calls come after the change stands in the cache and before it is flushed; an error undoes the unit of work.
public protocol RecordObserver: Sendable {
    /// What it wants to hear of a model; asked once, when the registry is built, so that what is not wanted costs nothing.
    func events(of model: ModelSchema) -> RecordEvents
    /// Records were made.
    func created(_ records: Records, values: [ValueMap]) throws
    /// The fields whose changes `written` is told; asked once, when the registry is built.
    func watched(in model: ModelSchema) -> [Field]
    /// Records were written: the old values of the watched fields that really changed.
    func written(_ records: Records, changes: [RecordChange]) throws
    /// Records are about to be written, and have their old values still; what is returned is told when the write stands in cache and trail.
    func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)?
    /// Whether changes of a stored computed field are to be told; asked for each change, so it must be quick.
    func follows(_ field: Field, in model: ModelSchema, _ unit: UnitOfWork) -> Bool
    /// Stored computed values changed; told when the unit of work ends, in the environment of the change that led to it.
    func recomputed(_ records: Records, changes: [RecordChange]) throws
    /// Records are about to be deleted.
    func deleting(_ records: Records) throws
    /// Fields of a draft were edited in a form; what is written to the draft is what the form will show.
    ///
    /// - Returns: A sentence to warn the person with, or nil.
    func edited(_ draft: Records, fields: [String]) throws -> String?
}

/// What follows a write that an observer saw begin.
public protocol WriteFollower {
    /// The write stands: values, checks and the trail's line.
    func written() throws
}

/// What an observer wants to hear of a model.
public struct RecordEvents: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int
    /// A set of bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// `created` is told.
    public static let created = RecordEvents(rawValue: 1)
    /// `written` is told of the watched fields.
    public static let written = RecordEvents(rawValue: 2)
    /// `writing` is asked.
    public static let writing = RecordEvents(rawValue: 4)
    /// `recomputed` is told of the fields that it follows.
    public static let recomputed = RecordEvents(rawValue: 8)
    /// `deleting` is told.
    public static let deleting = RecordEvents(rawValue: 16)
    /// `edited` is told.
    public static let edited = RecordEvents(rawValue: 32)
    /// Everything.
    public static let all: RecordEvents = [.created, .written, .writing, .recomputed, .deleting, .edited]
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
    public func events(of model: ModelSchema) -> RecordEvents { [.created, .written, .deleting] }
    public func created(_ records: Records, values: [ValueMap]) throws {}
    public func watched(in model: ModelSchema) -> [Field] { [] }
    public func written(_ records: Records, changes: [RecordChange]) throws {}
    public func writing(_ records: Records, fields: [Field]) throws -> (any WriteFollower)? { nil }
    public func follows(_ field: Field, in model: ModelSchema, _ unit: UnitOfWork) -> Bool { false }
    public func recomputed(_ records: Records, changes: [RecordChange]) throws {}
    public func deleting(_ records: Records) throws {}
    public func edited(_ draft: Records, fields: [String]) throws -> String? { nil }
}

extension Records {
    /// Tells observers that fields of these drafts were edited in a form, and gives the sentences to warn with.
    public func noteEdit(_ fields: [String]) throws -> [String] {
        try model.observers.edited.compactMap { try $0.edited(self, fields: fields) }
    }
}

/// A model's observers, sorted by what they want when the registry is built.
struct ModelObservers {
    var created: [any RecordObserver] = []
    var written: [(observer: any RecordObserver, fields: [Field])] = []
    var writing: [any RecordObserver] = []
    var recomputed: [any RecordObserver] = []
    var deleting: [any RecordObserver] = []
    var edited: [any RecordObserver] = []

    init() {}

    init(_ observers: [any RecordObserver], of model: ModelSchema) {
        for observer in observers {
            let events = observer.events(of: model)
            if events.contains(.created) { created.append(observer) }
            if events.contains(.writing) { writing.append(observer) }
            if events.contains(.recomputed) { recomputed.append(observer) }
            if events.contains(.deleting) { deleting.append(observer) }
            if events.contains(.edited) { edited.append(observer) }
            guard events.contains(.written) else { continue }
            let fields = observer.watched(in: model)
            if !fields.isEmpty { written.append((observer, fields)) }
        }
    }
}
