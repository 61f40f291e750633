#if canImport(Glibc)
import Glibc
#endif

/// One transaction with everything that belongs to it: values read and written, what must be computed again, what the trail will say.
///
/// All environments of the unit share it. It is used by one thread and ends with the transaction.
public final class UnitOfWork {
    /// Every model that there is.
    public let registry: Registry
    /// The store's side of it.
    public let transaction: any RecordTransaction
    /// The moment at which it began.
    public let now: Instant
    /// Model rights and record rules in force when the unit began.
    public let policy: AccessPolicy
    let zones: any ZoneOffsets
    /// What apps keep beside the database from one unit of work to the next.
    public let memory: DatabaseMemory
    /// The generation of what is remembered before this unit could see anything.
    let generation: Int
    var things: [ObjectIdentifier: AnyObject] = [:]
    /// Whether the records are a form's draft and will be rolled back: nothing follows from them but what the form shows.
    public var isDraft = false
    private var caches: [RecordCache?]
    var pending = PendingChanges()
    var byCompany = CompanyValues()
    /// The first failure of a read or write by key path, which cannot throw where it happens.
    public private(set) var failure: (any Error)?
    var audit: [AuditEntry] = []
    /// Patient-linked records that were read, by model and user, to be logged once.
    var patientReads: [PatientReadKey: Set<Int>] = [:]
    var isFlushing = false
    var afterCommit: [@Sendable () -> Void] = []
    /// Models that were written, by index.
    package private(set) var touchedModels: Set<Int> = []
    /// What else changed that something is remembered of.
    package private(set) var changedNames: Set<String> = []

    package init(
        registry: Registry, transaction: any RecordTransaction, now: Instant, policy: AccessPolicy, zones: any ZoneOffsets = UTCOnly(),
        memory: DatabaseMemory = DatabaseMemory(), generation: Int? = nil
    ) {
        self.registry = registry
        self.transaction = transaction
        self.now = now
        self.policy = policy
        self.zones = zones
        self.memory = memory
        self.generation = generation ?? memory.remembered.generation
        caches = Array(repeating: nil, count: registry.models.count)
    }

    /// The cache of a model's records.
    @inline(__always)
    func cache(_ model: ModelSchema) -> RecordCache {
        if let cache = caches[model.index] { return cache }
        let cache = RecordCache(fields: model.fields.count)
        caches[model.index] = cache
        return cache
    }

    /// The cache of a model's records, if there is one yet.
    func existingCache(_ model: ModelSchema) -> RecordCache? { caches[model.index] }

    /// Whether a record was made in this unit of work, is not yet in its table, and was not deleted again.
    func isNewAndKnown(_ id: Int, _ model: ModelSchema) -> Bool {
        pending.isNew(id, in: model.index) && existingCache(model)?.row(id) != nil
    }

    /// Remembers the first failure; the unit of work then ends with it.
    func fail(_ error: any Error) { if failure == nil { failure = error } }

    /// Throws the remembered failure, if there is one.
    public func checkFailure() throws { if let failure { throw failure } }

    func touch(_ model: ModelSchema) { touchedModels.insert(model.index) }

    /// Something changed of which more is remembered than its models say: who remembers it names it like a model.
    public func noteChange(of name: String) { changedNames.insert(name) }

    /// Does something after the commit, and nothing on a rollback; never business, which belongs into the outbox.
    public func onCommit(_ body: @escaping @Sendable () -> Void) { afterCommit.append(body) }

    /// What is to be done after the commit.
    package var commitCallbacks: [@Sendable () -> Void] { afterCommit }

    /// Seconds east of UTC of a zone at a moment.
    package func zoneOffset(_ zone: String, at moment: Instant) -> Int { zones.offsetSeconds(zone, at: moment) }

    /// The whole table of an IANA zone, for calendars and schedules; nil for one that is not known.
    public func zoneTable(_ zone: String) -> ZoneTable? { zones.table(zone) }

    /// Writes everything that waits: computed values, inserts, updates, the audit trail. The store calls it before the commit.
    package func finish() throws {
        try checkFailure()
        try flush()
        try reportComputed()
        try checkFailure()
        try logPatientReads()
        if !audit.isEmpty {
            try transaction.appendAudit(audit)
            audit.removeAll()
        }
    }

    /// What a unit that only read must leave in the trail: patient-linked records that were seen.
    package func takeReadLog() -> [AuditEntry] {
        let entries = patientReads.sorted { $0.key.model < $1.key.model }.map { key, ids in
            let detail: ValueMap = key.seenAs.map { ["seen_as": .int($0)] } ?? [:]
            return AuditEntry(.read, model: registry.models[key.model].name, ids: ids.sorted(), userId: key.user, detail: detail)
        }
        patientReads.removeAll()
        return entries
    }

    private func logPatientReads() throws {
        if !transaction.isReadOnly { audit += takeReadLog() }
    }
}

/// Which model was read by whom, and through whose eyes where they are not their own.
struct PatientReadKey: Hashable {
    let model: Int
    let user: Int
    let seenAs: Int?

    init(_ model: ModelSchema, _ user: UserContext) {
        self.model = model.index
        self.user = user.reader
        seenAs = user.onlooker == nil ? nil : user.id
    }
}

/// Knows time zones; the store layer provides the machine's.
public protocol ZoneOffsets: Sendable {
    /// Seconds east of UTC of an IANA zone at a moment; 0 for a zone that is not known.
    func offsetSeconds(_ zone: String, at moment: Instant) -> Int
    /// The whole table of an IANA zone; nil for one that is not known.
    func table(_ zone: String) -> ZoneTable?
}

extension ZoneOffsets {
    public func table(_ zone: String) -> ZoneTable? { zone.isEmpty || zone == "UTC" ? .utc : nil }
}

/// No zones but UTC.
public struct UTCOnly: ZoneOffsets {
    /// Only UTC.
    public init() {}
    public func offsetSeconds(_ zone: String, at moment: Instant) -> Int { 0 }
}
