/// What the kernel asks of a store inside one unit of work: rows and links by meaning, never SQL.
///
/// Every call is synchronous and runs on the unit's own thread and connection. A store that cannot do a thing throws a `Refusal`.
public protocol RecordTransaction: AnyObject {
    /// Whether writing is refused.
    var isReadOnly: Bool { get }
    /// How often models were changed, as this transaction sees it; nil where one process has the database to itself.
    var stamps: ChangeStamps? { get }

    /// The values of columns of records; missing ids are left out. Rows come in no particular order.
    func fetch(_ model: ModelSchema, _ fields: [Field], ids: [Int]) throws -> FetchedRows
    /// The same for several models at once, on one journey where the store is far away.
    func fetch(_ requests: [FetchRequest]) throws -> [FetchedRows]
    /// The ids, and columns asked for, of the records that meet a predicate.
    func search(_ request: SearchRequest) throws -> FetchedRows
    /// How many records meet a predicate, counted no further than `limit` (0 for no limit).
    func count(_ model: ModelSchema, _ predicate: Predicate, limit: Int) throws -> Int
    /// Groups and their aggregates: per row the group values, then the aggregates.
    func group(_ request: GroupRequest) throws -> [[Value]]

    /// Ids for records about to be inserted; never given twice.
    func reserveIds(_ model: ModelSchema, count: Int) throws -> [Int]
    /// Inserts rows whose first field is the id.
    func insert(_ model: ModelSchema, _ fields: [Field], rows: [[Value]]) throws
    /// The same, leaving out rows that a unique key forbids because they are there.
    func insertMissing(_ model: ModelSchema, _ fields: [Field], rows: [[Value]]) throws
    /// Writes the same fields of several records, one row of values per id, and raises each record's version by one.
    func update(_ model: ModelSchema, _ fields: [Field], ids: [Int], rows: [[Value]]) throws
    /// Deletes records; links in relation tables go with them.
    func delete(_ model: ModelSchema, ids: [Int]) throws

    /// What records hold in a field for one company; those in which nothing was written for it are left out.
    func companyValues(_ model: ModelSchema, _ field: Field, company: Int, ids: [Int]) throws -> [(id: Int, value: Value)]
    /// Keeps what records hold in a field for one company; null is kept too and means "not set".
    func setCompanyValues(_ model: ModelSchema, _ field: Field, company: Int, _ rows: [(id: Int, value: Value)]) throws

    /// The other side's ids of a many2many relation, for records of one side, in order of id.
    func links(_ table: LinkTable, of ids: [Int]) throws -> [(own: Int, other: Int)]
    func addLinks(_ table: LinkTable, _ pairs: [(own: Int, other: Int)]) throws
    func removeLinks(_ table: LinkTable, _ pairs: [(own: Int, other: Int)]) throws
    /// Removes all links of records of one side.
    func clearLinks(_ table: LinkTable, of ids: [Int]) throws

    /// Keeps bytes by content and gives the digest under which they are found again.
    func storeContent(_ bytes: [UInt8]) throws -> String
    /// The bytes under a digest.
    func content(_ digest: String) throws -> [UInt8]?
    /// How many bytes stand under a digest.
    func contentSize(_ digest: String) throws -> Int?

    /// Appends to the audit trail, in this unit of work.
    func appendAudit(_ entries: [AuditEntry]) throws
    /// The writes of a record that the trail has since it had a version, the newest first: at most `limit`, and none from far back.
    func writes(of id: Int, in model: ModelSchema, since version: Int, limit: Int) throws -> [RecordWrite]
    /// Puts an event into the outbox, in this unit of work.
    func emit(_ event: OutboxEvent) throws
    /// Puts a job into a queue, in this unit of work.
    func enqueue(_ job: JobRequest) throws
    /// The next number of a counter without gaps: rolled back with the unit of work.
    func nextNumber(_ counter: String, step: Int) throws -> Int
}

/// Columns of records of one model.
public struct FetchRequest {
    package let model: ModelSchema
    package let fields: [Field]
    package let ids: [Int]
}

extension RecordTransaction {
    public var stamps: ChangeStamps? { nil }
    /// One after the other.
    public func fetch(_ requests: [FetchRequest]) throws -> [FetchedRows] {
        try requests.map { try fetch($0.model, $0.fields, ids: $0.ids) }
    }
}

/// How often models were changed of which some process remembers something, as one transaction sees it.
public struct ChangeStamps: Sendable {
    /// By model, only those that every running transaction counts.
    public let counts: [String: Int]
    /// All that are counted, also those that not every running transaction knows of yet.
    public let counted: Set<String>

    /// Which of several servers counted, one after the other: what was counted by one that is gone means nothing.
    public let epoch: Int

    /// Stamps by model.
    public init(counts: [String: Int], counted: Set<String>, epoch: Int = 0) {
        self.counts = counts
        self.counted = counted
        self.epoch = epoch
    }

    /// How often models were changed, for comparing; nil when that is not counted of all.
    public func counts(of models: [String]) -> [Int]? {
        var found = [epoch]
        found.reserveCapacity(models.count + 1)
        for model in models {
            guard let count = counts[model] else { return nil }
            found.append(count)
        }
        return found
    }
}

/// Rows of a few columns in one flat array.
public struct FetchedRows: Sendable {
    /// The record ids, in order.
    public let ids: [Int]
    /// Columns per row, the id not counted.
    public let width: Int
    /// `ids.count * width` values, row after row.
    public let cells: ContiguousArray<Value>

    /// Rows of `width` columns.
    public init(ids: [Int], width: Int, cells: ContiguousArray<Value>) {
        self.ids = ids
        self.width = width
        self.cells = cells
    }

    /// A value of a row.
    @inlinable public subscript(_ row: Int, _ column: Int) -> Value { cells[row * width + column] }
}

/// A search: which records, in what order, and which columns to bring along.
public struct SearchRequest {
    /// The model.
    public let model: ModelSchema
    /// Which records.
    public let predicate: Predicate
    /// How the result is ordered.
    public let order: [OrderTerm]
    /// How many to skip.
    public var offset = 0
    /// 0 means no limit.
    public var limit = 0
    /// Columns to fetch beside the id.
    public var fields: [Field] = []

    /// A search for ids.
    public init(model: ModelSchema, predicate: Predicate, order: [OrderTerm]) {
        self.model = model
        self.predicate = predicate
        self.order = order
    }
}

/// One term of an order: a path of many2one fields that ends in a column.
public struct OrderTerm: Sendable {
    /// The fields on the way, the last one a column.
    public let path: [Field]
    /// Whether the largest come first.
    public let descending: Bool
    /// Where unset values go; nil means last when ascending and first when descending, as PostgreSQL does.
    public let nullsFirst: Bool?
    /// For each link of the path, which of the records behind it count; the others order as if nothing were linked. Empty for all.
    public var reach: [Predicate] = []
}

/// Groups of records and what is added up in them.
public struct GroupRequest {
    /// What a group is: a field, or a part of a date.
    public struct Key: Sendable {
        /// The field; for an aggregate nil means the records themselves.
        public let field: Field
        /// The period that a date is cut to, or the number that is taken from it.
        public let part: DatePart?
    }

    /// What is added up: `count` of records when there is no field.
    public struct Aggregate: Sendable {
        /// The field; for an aggregate nil means the records themselves.
        public let field: Field?
        /// `sum`, `avg`, `min`, `max`, `count`, `count_distinct`, `bool_and`, `bool_or`, `array_agg`.
        public let function: String
    }

    /// How groups are ordered: by the key or the aggregate at a place.
    public struct Order: Sendable {
        /// The place among keys and aggregates, keys first.
        public let column: Int
        /// Whether the largest come first.
        public let descending: Bool

        /// An order by the key or aggregate at a place, keys first.
        public init(column: Int, descending: Bool) {
            self.column = column
            self.descending = descending
        }
    }

    /// The model.
    public let model: ModelSchema
    /// Which records.
    public let predicate: Predicate
    /// What makes a group.
    public let keys: [Key]
    /// What is added up per group.
    public let aggregates: [Aggregate]
    /// Conditions on keys and aggregates.
    public var having: [(column: Int, comparison: DomainOperator, value: Value)] = []
    /// How the result is ordered.
    public var order: [Order] = []
    /// How many to skip.
    public var offset = 0
    /// How many at most; 0 means no limit.
    public var limit = 0
    /// Minutes east of UTC for cutting datetimes into days and months; summer time is not followed inside one request.
    public var zoneMinutes = 0

    /// Groups of the records that meet a predicate.
    public init(model: ModelSchema, predicate: Predicate, keys: [Key], aggregates: [Aggregate]) {
        self.model = model
        self.predicate = predicate
        self.keys = keys
        self.aggregates = aggregates
    }
}

/// A part of a date: to cut periods (`month`) or to number them (`month_number`).
public enum DatePart: String, Sendable, CaseIterable {
    case hour, day, week, month, quarter, year
    case yearNumber = "year_number", quarterNumber = "quarter_number", monthNumber = "month_number"
    case isoWeekNumber = "iso_week_number", dayOfYear = "day_of_year", dayOfMonth = "day_of_month", dayOfWeek = "day_of_week"
    case hourNumber = "hour_number", minuteNumber = "minute_number", secondNumber = "second_number"
}
