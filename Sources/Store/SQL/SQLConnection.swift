import Kernel

/// One connection to a database, used by one thread at a time, inside one transaction.
///
/// Statements are prepared once and remembered by their text. Failures are thrown as `SQLFailure`.
public protocol SQLConnection: AnyObject {
    /// Runs a statement and gives its rows as one flat array, row after row; `forms` says how each column is read.
    func query(_ sql: String, _ arguments: [Value], _ forms: [ColumnForm]) throws -> ContiguousArray<Value>
    /// Runs a statement whose first column is an id; `forms` are those of the other columns.
    func fetch(_ sql: String, _ arguments: [Value], _ forms: [ColumnForm]) throws -> FetchedRows
    /// The same for a statement of which more is known.
    func fetch(_ question: SQLQuestion) throws -> FetchedRows
    /// Runs several such statements, together where each journey to the database costs.
    func fetch(_ questions: [SQLQuestion]) throws -> [FetchedRows]
    /// Runs a statement and gives how many rows it changed.
    @discardableResult func run(_ sql: String, _ arguments: [Value]) throws -> Int
    /// Runs a statement once for each row of arguments. What it breaks may be told by a later call, or by the commit.
    func run(_ sql: String, rows: [[Value]]) throws
    /// Takes ids of a table that are never given again, rising, with gaps where others took some meanwhile.
    func reserveIds(table: String, count: Int) throws -> [Int]
    /// Groups in one scan: per group the keys, then the aggregates, in no order; nil when the driver leaves that to the database.
    func group(_ scan: GroupScan) throws -> [[Value]]?
    /// How often models were changed, as the present transaction sees it; nil where one process has the database to itself.
    var stamps: ChangeStamps? { get }
    /// Runs what still waits of the above, so that what it breaks is told.
    func sendWaiting() throws
    /// Checks constraints that wait for the end of the transaction.
    func checkDeferred() throws
    /// The transaction put a job into a queue: whoever else works on the database is told when it is committed.
    func announceJobs()
}

/// A statement that reads ids and columns, its arguments, and the forms of the columns.
public struct SQLQuestion {
    package let sql: String
    package let arguments: [Value]
    package let forms: [ColumnForm]
    /// How the database is to plan it.
    package var plan = SQLPlan.any
}

/// Whether a plan depends on the arguments of a statement.
package enum SQLPlan {
    /// There is only one.
    case any
    /// One is as good for all arguments, so that a database need not plan anew each time.
    case settled
    /// The database is to look at the arguments.
    case open
}

extension SQLConnection {
    /// Whatever is known of it.
    public func fetch(_ question: SQLQuestion) throws -> FetchedRows { try fetch(question.sql, question.arguments, question.forms) }
    /// One after the other.
    public func fetch(_ questions: [SQLQuestion]) throws -> [FetchedRows] {
        try questions.map { try fetch($0.sql, $0.arguments, $0.forms) }
    }
    public var stamps: ChangeStamps? { nil }
    /// Nothing waits.
    public func sendWaiting() throws {}
    /// Nobody else works on the database.
    public func announceJobs() {}

    /// The first column of the first row.
    public func first(_ sql: String, _ arguments: [Value] = [], _ form: ColumnForm = .plain) throws -> Value? {
        try query(sql, arguments, [form]).first
    }

    /// Runs a statement without arguments.
    @discardableResult public func run(_ sql: String) throws -> Int { try run(sql, []) }
}
