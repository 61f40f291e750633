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
    /// The statement that turns a column's values into another form, or nil when the column can stay as it is.
    func conversion(table: String, column: String, from: ColumnForm, to: ColumnForm) -> String?
    /// The name, columns and forms of what the database has: for migrations.
    func inspect(_ connection: any SQLConnection) throws -> ActualSchema
}

extension SQLDialect {
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
    /// Names of all indexes.
    public var indexes: Set<String> = []

    /// An empty database.
    public init() {}
}
