import Kernel

/// How a column keeps its values, whichever database it stands in; the raw value is written into the schema's state.
public enum ColumnForm: String, Sendable, CaseIterable {
    case boolean, integer, float, amount, text, day, instant, json, bytes
    /// A list of ids that an aggregate made; never a column.
    case ids
    /// Whatever the database says: for system tables and tests.
    case plain

    /// The form of a field's column.
    public init(_ kind: FieldKind) {
        switch kind {
        case .boolean: self = .boolean
        case .integer, .many2one, .many2oneReference, .one2many, .many2many: self = .integer
        case .float: self = .float
        case .monetary: self = .amount
        case .char, .text, .html, .selection, .reference, .binary: self = .text
        case .date: self = .day
        case .datetime: self = .instant
        case .json: self = .json
        }
    }
}

extension Field {
    /// How the field's column keeps its values.
    public var form: ColumnForm { traits.isInline && kind == .binary ? .bytes : ColumnForm(kind) }
}
