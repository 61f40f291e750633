import Kernel

/// What differs between databases in the SQL that they understand.
///
/// Every text given and returned is SQL; identifiers arrive quoted. Both databases quote with `"`, know `RETURNING`, `ON CONFLICT`,
/// `NULLS FIRST` and recursive common table expressions, and are asked for nothing else.
public protocol SQLDialect: Sendable {
    /// `sqlite` or `postgresql`.
    var name: String { get }
    /// The mark of the n-th argument, counted from 1.
    func placeholder(_ number: Int) -> String
    /// The column type that keeps a form.
    func type(of form: ColumnForm) -> String
    /// The type and constraints of a table's `id`.
    var identity: String { get }
    /// Whether a column may name a table that is not there yet; otherwise links are added when all tables are.
    var linksInPlace: Bool { get }
    /// Appended to the table definition of a relation's links.
    var linkTableOptions: String { get }
    /// A column in a condition that must not choose the index, because an index on the order finds a page sooner.
    func withoutIndex(_ column: String) -> String
    /// A truth value.
    func literal(_ bool: Bool) -> String
    /// A value written into a statement, for what an app declares; what callers send is always an argument.
    func literal(_ value: Value, as form: ColumnForm) -> String
    /// Whether a text column matches the pattern at a placeholder.
    func like(_ column: String, _ pattern: String, ignoringCase: Bool) -> String
    /// A part of a date or moment: periods as text `YYYY-MM-DD` (`hour`: `YYYY-MM-DD HH:00:00`), numbers as integers.
    func part(_ part: DatePart, of column: String, isMoment: Bool, zoneMinutes: Int) -> String
    /// Whether a column is in the list that one argument carries.
    func isMember(_ column: String, _ placeholder: String, _ form: ColumnForm) -> String
    /// The one argument that carries a long list.
    func listArgument(_ values: [Value]) -> Value
    /// An aggregate over a column.
    func aggregate(_ function: Aggregation, _ column: String, _ form: ColumnForm) -> String
    /// The pattern that `like` is given for a pattern of the kernel.
    func pattern(_ pattern: String, ignoringCase: Bool) -> String
    /// The bytes of a column as they stand, or of its text when it is not one.
    func bytes(_ column: String, _ form: ColumnForm) -> String
    /// At the end of a select: its rows are locked, those that others hold are waited for.
    var lockingRows: String { get }
    /// At the end of a select: its rows are locked, those that others hold are left out.
    var skippingLocked: String { get }
    /// Whether entries of the trail wait in a table of their own until one transaction chains them: where many write at once, a chain
    /// that each of them extends would make them wait for each other.
    var chainsLater: Bool { get }
    /// Makes what statements of this dialect rely on beside tables; safe to run again.
    func prepare(_ connection: any SQLConnection) throws
    /// Selects the highest id that a table ever gave, its name being the argument; nil when that is not kept.
    func lastId(_ table: String) -> String?
    /// Forgets which ids a table gave, before `raiseIds` says it; nil when it needs no word for it.
    func forgetIds(_ table: String) -> String?
    /// Sees to it that a table never gives an id up to the argument again; nil when it needs no word for it.
    func raiseIds(_ table: String) -> String?
    /// The statement that turns a column's values into another form, or nil when the column can stay as it is.
    func conversion(table: String, column: String, from: ColumnForm, to: ColumnForm) -> String?
    /// Whether the database has, or `prepare` may give it, what an index over parts of texts needs.
    func canIndexParts(_ connection: any SQLConnection) throws -> Bool
    /// How an index over parts of a text column, without case and accents, is made of it; nil when there is none.
    func indexOfParts(_ column: String) -> String?
    /// Why there is no such index, and what to do about it.
    var lackOfParts: String { get }
    /// The name, columns and forms of what the database has: for migrations.
    func inspect(_ connection: any SQLConnection) throws -> ActualSchema
}

extension SQLDialect {
    public func pattern(_ pattern: String, ignoringCase: Bool) -> String { pattern }
    public func bytes(_ column: String, _ form: ColumnForm) -> String { "CAST(" + column + " AS " + type(of: .bytes) + ")" }
    public var linksInPlace: Bool { true }
    public var lockingRows: String { "" }
    public var skippingLocked: String { "" }
    public var chainsLater: Bool { false }
    public func lastId(_ table: String) -> String? { nil }
    public func forgetIds(_ table: String) -> String? { nil }
    public func raiseIds(_ table: String) -> String? { nil }
    public func prepare(_ connection: any SQLConnection) throws {}
    public func canIndexParts(_ connection: any SQLConnection) throws -> Bool { false }
    public func indexOfParts(_ column: String) -> String? { nil }
    public var lackOfParts: String { "this database has no index for that." }
    /// Standard SQL: a text with its quotes doubled, cast to the column's type; truth values and whole numbers as they are.
    public func literal(_ value: Value, as form: ColumnForm) -> String {
        switch value {
        case .bool(let bool): return literal(bool)
        case .int(let int): return String(int)
        case .double(let double): return cast(String(double), form)
        case .text(let text): return cast(text, form)
        case .day(let day): return cast(day.description, form)
        case .instant(let instant): return cast(instant.description, form)
        default: return "NULL"
        }
    }

    private func cast(_ text: String, _ form: ColumnForm) -> String {
        var quoted = ""
        for character in text.unicodeScalars { quoted += character == "'" ? "''" : String(character) }
        return "CAST('" + quoted + "' AS " + type(of: form) + ")"
    }
}

/// What can be computed over a group.
public enum Aggregation: String, Sendable, CaseIterable {
    case sum, avg, min, max, count
    case countDistinct = "count_distinct"
    case boolAnd = "bool_and"
    case boolOr = "bool_or"
    case arrayAgg = "array_agg"
    case arrayAggDistinct = "array_agg_distinct"

    /// The form of the result over a column of some form.
    public func form(over form: ColumnForm) -> ColumnForm {
        switch self {
        case .count, .countDistinct: .integer
        case .boolAnd, .boolOr: .boolean
        case .arrayAgg, .arrayAggDistinct: .ids
        case .avg: form == .amount ? .amount : .float
        case .sum: form == .boolean ? .integer : form
        case .min, .max: form
        }
    }
}

/// The tables and indexes that a database really has.
public struct ActualSchema: Sendable {
    /// Column names by table.
    public var columns: [String: Set<String>] = [:]
    /// All indexes by name.
    public var indexes: [String: Index] = [:]
    /// Names of the tables and indexes that the store and its driver keep for themselves.
    public var own: Set<String> = []

    /// An index that is there.
    public struct Index: Sendable, Hashable {
        /// The table that it is on.
        public let table: String
        /// Its columns in their order; empty names stand for expressions.
        public internal(set) var columns: [String]
        /// Whether no two rows may share its values.
        public let isUnique: Bool
    }

    /// An empty database.
    public init() {}

    /// Takes in indexes from rows of name, table, whether it is unique, and column, the columns of one index in their order.
    public mutating func addIndexes(_ cells: ContiguousArray<Value>) {
        for start in stride(from: 0, to: cells.count, by: 4) {
            guard let name = cells[start].textValue, let table = cells[start + 1].textValue else { continue }
            let fresh = Index(table: table, columns: [], isUnique: cells[start + 2] == true)
            indexes[name, default: fresh].columns.append(cells[start + 3].textValue ?? "")
        }
    }
}
