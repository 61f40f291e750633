/// One field of a model: its name, its kind and its traits.
///
/// Fields of Swift models are the typed subclasses; custom fields made at run time are plain ones. A field belongs to one registry: its
/// slot is the place of its values in a record and is set once, when the registry takes the model in.
public class Field: @unchecked Sendable {
    /// The technical name, as in Odoo: `partner_id`.
    public let name: String
    /// What it is.
    public final internal(set) var kind: FieldKind
    /// Everything beside the name and the kind.
    public let traits: FieldTraits
    /// The place of the field's value in a record of its model; -1 until registered.
    public final internal(set) var slot = -1
    /// Finds the name of the other side's field in its model, where it was declared by key path.
    var findInverse: ((ModelSchema) -> String)?
    /// Names of groups that may see the field, resolved lazily by access; see `FieldTraits.groups`.
    public var groups: [String] { traits.groups }
    /// Whether reading asks more than to see the record: a mask, lists of records that are filtered, a value that differs by company.
    final var isGuarded: Bool
    /// Whether the field's values stand in a column of the model's table.
    public let hasColumn: Bool
    /// Whether the store keeps the values, in a column or in a table of one value for each company.
    public let isKept: Bool
    /// Whether the value depends on the current company: kept for each one, or found from values that are.
    public final internal(set) var isByCompany: Bool
    /// The company whose values are meant, in conditions, orders and groups; nil for a field as the model declares it.
    public let companyId: Int?
    /// The table of the values for each company; empty where there is none.
    public final internal(set) var companyTable = ""
    /// What records show for a company in which nothing was ever written; null where nothing was declared.
    public final internal(set) var fallback = Value.null
    /// Whether the value is found from other fields.
    public let isComputed: Bool
    /// Whether a stored value is found from other fields.
    public let isStoredComputed: Bool
    /// Whether the field links to one record, so that the record may list this one.
    let isLink: Bool
    /// Whether the trail must not show the value.
    public let isSecret: Bool

    /// A field as data: for custom fields and for the automatic ones.
    public init(_ name: String, _ kind: FieldKind, title: String? = nil, _ options: [FieldOption] = []) {
        self.name = name
        self.kind = kind
        var traits = FieldTraits()
        traits.title = title ?? Field.title(from: name)
        if kind.isNumber { traits.aggregator = "sum" }
        if kind == .boolean { traits.aggregator = "bool_or" }
        if case .one2many = kind {
            traits.copied = false
            traits.stored = false
        }
        for option in options { option.apply(&traits) }
        if let container = traits.sparse { Field.keepSparse(name, kind, in: container, &traits) }
        if case .one2many = kind { traits.stored = false }
        self.traits = traits
        isByCompany = traits.isByCompany
        companyId = nil
        isGuarded = !traits.groups.isEmpty || kind.isToMany || traits.isByCompany || !traits.delegatedTo.isEmpty
        hasColumn = traits.stored && !kind.isToMany && !traits.isByCompany
        isKept = hasColumn || traits.isByCompany
        isComputed = traits.compute != nil || traits.related != nil
        isStoredComputed = isComputed && traits.stored
        isLink = kind.isLink
        // Apps declare their secrets; whoever makes a field at run time cannot, so that its name decides.
        let soundsSecret = traits.isCustom && ["password", "secret", "token"].contains { name.contains($0) }
        isSecret = kind == .binary || traits.isSecret || soundsSecret
    }

    /// A field with the values of one company, for conditions, orders and groups: it has its slot and its name.
    private init(_ field: Field, company: Int) {
        name = field.name
        kind = field.kind
        traits = field.traits
        slot = field.slot
        isGuarded = field.isGuarded
        hasColumn = field.hasColumn
        isKept = field.isKept
        isByCompany = true
        companyId = company
        companyTable = field.companyTable
        fallback = field.fallback
        isComputed = field.isComputed
        isStoredComputed = field.isStoredComputed
        isLink = field.isLink
        isSecret = field.isSecret
    }

    /// The field as one company has it; itself where companies make no difference.
    public func seen(by company: Int) -> Field { isByCompany && companyId != company ? Field(self, company: company) : self }

    /// The type's name, as `fields_get` gives it.
    public var type: String { traits.typeName ?? kind.type }

    /// The value that stands for "not set" in this field when it is read.
    public var empty: Value {
        switch kind {
        case .boolean: .bool(false)
        case .integer: .int(0)
        case .float: .double(0)
        case .monetary: .amount(.zero)
        case .one2many, .many2many: .ids([])
        default: .null
        }
    }

    private static func title(from name: String) -> String {
        var words = name.split(separator: "_").map(String.init)
        if words.count > 1, words.last == "id" || words.last == "ids" { words.removeLast() }
        let joined = words.joined(separator: " ")
        return joined.prefix(1).uppercased() + joined.dropFirst()
    }
}

extension Field: CustomStringConvertible {
    public var description: String { "\(name): \(kind.type)" }
}
