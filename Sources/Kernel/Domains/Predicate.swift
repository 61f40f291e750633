/// A domain that was checked against the registry: fields instead of paths, values of the column's type, dates found out.
///
/// A predicate is two-valued: `not` turns around exactly what its inside says, also for values that are not set. A store compiles it to SQL;
/// `Predicate.holds` evaluates it in memory; both must always agree.
public indirect enum Predicate: Sendable {
    case all
    case none
    case and([Predicate])
    case or([Predicate])
    case not(Predicate)
    /// The column is set and compares so with a value that is set.
    case compare(Field, Comparison, Value)
    /// The column is not set; for text the empty text counts as not set, for booleans false, for numbers nothing but null.
    case unset(Field)
    /// The column is set and one of the values.
    case contained(Field, [Value])
    /// The column is text that matches a pattern of `%`, `_` and `\`-escapes.
    case like(Field, pattern: String, ignoringCase: Bool)
    /// A part of the date in the column compares so with a number; the zone is given in minutes east of UTC.
    case part(Field, DatePart, Comparison, Int, zoneMinutes: Int)
    /// At least one record that a relation (many2one, one2many, many2many) leads to meets the inside.
    case linked(Field, Predicate)
    /// The record (field `id`) or the record that a many2one leads to lies in the trees below, or above, the ids, these included.
    case inTree(Field, [Int], direction: TreeDirection, parent: Field)

    /// The record belongs, by an id field and a field that names the model, to a record of the model that meets the inside.
    case owned(Field, modelField: Field, ModelSchema, Predicate)

    /// How two set values compare.
    public enum Comparison: String, Sendable {
        case equal = "=", notEqual = "<>", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    }

    /// Which way a tree is followed.
    public enum TreeDirection: Sendable { case down, up }

    /// Both predicates.
    public static func both(_ left: Predicate, _ right: Predicate) -> Predicate {
        switch (left, right) {
        case (.all, let other), (let other, .all): other
        case (.none, _), (_, .none): .none
        case (.and(let first), .and(let second)): .and(first + second)
        case (.and(let first), let other): .and(first + [other])
        default: .and([left, right])
        }
    }
}
