/// What a field holds, with what that kind needs to know.
public enum FieldKind: Sendable, Hashable {
    case boolean
    case integer
    case float
    /// Exact money in the currency that the named field gives.
    case monetary(currency: String)
    case char
    case text
    case html
    case selection([SelectionItem])
    case date
    case datetime
    /// Bytes, kept by content outside the table.
    case binary
    case many2one(String, onDelete: DeleteRule)
    case one2many(String, inverse: String)
    case many2many(String, relation: LinkTable)
    /// `model,id` of any model.
    case reference
    /// An id whose model stands in another field of the record.
    case many2oneReference(modelField: String)
    case json
}

/// One choice of a selection: what is stored, and what is shown.
public struct SelectionItem: Sendable, Hashable {
    /// What is stored.
    public let value: String
    /// What people read.
    public let title: String

    /// A choice.
    public init(_ value: String, _ title: String) {
        self.value = value
        self.title = title
    }
}

/// What happens to a record when the record that it points at is deleted.
public enum DeleteRule: String, Sendable {
    case setNull = "set null", restrict, cascade
}

/// The table of a many2many relation and its two columns.
public struct LinkTable: Sendable, Hashable {
    /// Empty until the registry has filled in the table's name.
    public var table: String
    /// The column that holds this side's id.
    public var own: String
    /// The column that holds the other side's id.
    public var other: String

    /// A table with its two columns.
    public init(table: String, own: String, other: String) {
        self.table = table
        self.own = own
        self.other = other
    }
}

extension FieldKind {
    /// Odoo's name of the type, as `fields_get` gives it.
    public var type: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .float: "float"
        case .monetary: "monetary"
        case .char: "char"
        case .text: "text"
        case .html: "html"
        case .selection: "selection"
        case .date: "date"
        case .datetime: "datetime"
        case .binary: "binary"
        case .many2one: "many2one"
        case .one2many: "one2many"
        case .many2many: "many2many"
        case .reference: "reference"
        case .many2oneReference: "many2one_reference"
        case .json: "json"
        }
    }

    /// The related model's name, for relations of a fixed model.
    public var comodel: String? {
        switch self {
        case .many2one(let name, _), .one2many(let name, _), .many2many(let name, _): name
        default: nil
        }
    }

    /// Whether the field holds several records.
    public var isToMany: Bool {
        switch self {
        case .one2many, .many2many: true
        default: false
        }
    }

    /// Whether the field links to one record, so that the record may list this one.
    var isLink: Bool {
        switch self {
        case .many2one, .many2oneReference: true
        default: false
        }
    }

    /// Whether values add up.
    public var isNumber: Bool {
        switch self {
        case .integer, .float, .monetary: true
        default: false
        }
    }

    /// Whether the field holds text.
    public var isText: Bool {
        switch self {
        case .char, .text, .html: true
        default: false
        }
    }
}
