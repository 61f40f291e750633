/// One line of the audit trail, before it is chained: who did what to which records.
public struct AuditEntry: Sendable {
    /// What happened; the raw value stands in the trail.
    public enum Kind: String, Sendable, CaseIterable {
        case create, write, unlink, read, action, login, loginFailed = "login_failed", logout, export, definition, system
    }

    /// What happened, or what is to be done.
    public let kind: Kind
    /// The records' model, by technical name.
    public let model: String
    /// The records' ids.
    public let ids: [Int]
    /// Who did it.
    public let userId: Int
    /// What changed, as field names with old and new values, or the action's name; never a secret.
    public let detail: ValueMap

    /// A line for the trail.
    public init(_ kind: Kind, model: String, ids: [Int], userId: Int, detail: ValueMap = [:]) {
        self.kind = kind
        self.model = model
        self.ids = ids
        self.userId = userId
        self.detail = detail
    }
}

extension AuditEntry {
    /// In the detail of a write: the version that the record had before it.
    public static let versionKey = "record_version"
    /// In the detail of a write of values that differ by company: whose values they are.
    public static let companyKey = "for_company"
    /// Names in a detail that are no fields which changed.
    public static let asides: Set<String> = [versionKey, companyKey, "because", "chain"]
}

/// A write that the trail remembers.
public struct RecordWrite: Sendable {
    /// When it was.
    public let at: Instant
    /// Who wrote.
    public let userId: Int
    /// The names of the fields.
    public let fields: [String]

    /// A write from the trail.
    public init(at: Instant, userId: Int, fields: [String]) {
        self.at = at
        self.userId = userId
        self.fields = fields
    }
}

/// Something that others may want to hear of, put into the outbox with the change that it tells of.
public struct OutboxEvent: Sendable {
    /// A dotted type such as `care.referral.stage_changed`.
    public let type: String
    /// The records' model, by technical name.
    public let model: String
    /// The record's id.
    public let recordId: Int
    /// What readers of the event need; never patient data.
    public let data: ValueMap

    /// An event about a record.
    public init(_ type: String, model: String, recordId: Int, data: ValueMap = [:]) {
        self.type = type
        self.model = model
        self.recordId = recordId
        self.data = data
    }
}

/// Work to be done after the commit, at least once, by a worker that holds a lease.
public struct JobRequest: Sendable {
    /// Which workers take it.
    public let queue: String
    /// What happened, or what is to be done.
    public let kind: String
    /// What the worker needs.
    public let payload: ValueMap
    /// Jobs of the same key are made once.
    public let uniqueKey: String?
    /// Not before this moment; nil means at once.
    public let runAt: Instant?
    /// Smaller goes first; 5 is usual.
    public let priority: Int

    /// A job for a queue.
    public init(
        _ kind: String, queue: String = "default", payload: ValueMap = [:], uniqueKey: String? = nil, runAt: Instant? = nil,
        priority: Int = 5
    ) {
        self.kind = kind
        self.queue = queue
        self.payload = payload
        self.uniqueKey = uniqueKey
        self.runAt = runAt
        self.priority = priority
    }
}
