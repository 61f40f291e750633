/// Everything that a field may carry beside its name and kind.
public struct FieldTraits: Sendable {
    /// What a new record gets when nothing is given.
    public enum Default: Sendable {
        case none
        case value(Value)
        case computed(@Sendable (Environment) throws -> Value)
    }

    /// The digits of a float.
    public struct Digits: Sendable, Hashable {
        /// All of them.
        public let total: Int
        /// Those behind the point.
        public let places: Int
    }

    /// The label.
    public var title = ""
    /// What it means, for people.
    public var help = ""
    /// Whether a value must be set.
    public var required = false
    /// Whether clients should not edit it.
    public var readonly = false
    /// Whether values stand in the table.
    public var stored = true
    /// Whether the table has an index on it.
    public var indexed = false
    /// What that index is for.
    public var indexKind = FieldIndex.btree
    /// Whether changes appear in the chatter.
    public var tracked = false
    /// Whether a copy of the record takes it over.
    public var copied = true
    /// Whether labels and texts in it may be translated.
    public var translated = false
    /// External ids of the groups that may see the field; empty means everybody.
    public var groups: [String] = []
    /// The longest text in characters; 0 means no limit of its own.
    public var size = 0
    /// Digits of a float, all of them and those behind the point; nil keeps the number as it comes.
    public var digits: Digits?
    /// Whether what could run in a browser is taken out of formatted text.
    public var isSanitised = true
    /// Whether bytes stand in the record's own row instead of the store by content: for a few hundred bytes.
    public var isInline = false
    /// Whether bytes must be a picture.
    public var isImage = false
    /// The type's name for clients, where it is another than the kind's.
    public var typeName: String?
    /// The field that holds the value among those of others; see `FieldOption.sparse`.
    public var sparse: String?
    /// What a new record gets.
    public var defaultValue = Default.none
    /// How the value is found, for computed fields.
    public var compute: Compute?
    /// Writes a computed field back to what it is computed from.
    public var inverse: (@Sendable (Records, Value) throws -> Void)?
    /// Turns a condition on a computed field into one on stored fields.
    public var search: (@Sendable (Environment, DomainOperator, Value) throws -> Domain)?
    /// A dotted path whose value the field shows.
    public var related: String?
    /// `sum`, `avg`, `max`, `min`, `bool_and`, `bool_or`, `count`, `count_distinct`; nil means the field does not add up.
    public var aggregator: String?
    /// Records that may be chosen in a relation; a proposal for clients, not a rule.
    public var domain = Domain.all
    /// Whether each company has a value of its own.
    public var isByCompany = false
    /// Whether the trail, messages and lists of changes must not show the value.
    public var isSecret = false
    /// Whether the record carries the linked one, whose fields become its own: see `FieldOption.delegate`.
    public var isDelegate = false
    /// The link to the record that the value really stands in, for fields that a delegate brought along.
    public var delegatedBy: String?
    /// The model of that record.
    var delegatedTo = ""
    /// Whether an order by the field is one by the column of the record that it really stands in.
    public var isSortedElsewhere = false
    /// Whether a linked record of another company is refused.
    public var checksCompany = false
    /// What clients show in the place of a value that is not set.
    public var falsyLabel = ""
    /// The largest picture that is kept, in pixels; 0 for any.
    public var pictureSize = PictureSize(width: 0, height: 0)
    /// The groups that a grouping shows although no record is in them: those of all choices, or the ids that the closure gives.
    public var groupExpand: GroupExpansion?
    /// Made at run time; the name begins with `x_`.
    public var isCustom = false
}

/// What an index on a field is for, in Odoo's words.
public enum FieldIndex: String, Sendable, Hashable {
    /// Finds values and orders.
    case btree
    /// The same for the records that have a value, where most have none.
    case btreeNotNull = "btree_not_null"
    /// Finds a part of a text, whatever its case and accents; where the database has none such searches read the table.
    case trigram
}

/// Which groups a grouping shows although no record is in them.
public enum GroupExpansion: Sendable {
    /// Every choice of a selection.
    case choices
    /// The ids of linked records, in their order; asked with the eyes of whoever groups.
    case records(@Sendable (Environment) throws -> [Int])
}

/// How a field's value is found, and what it depends on.
///
/// Shape: dependencies are dotted paths from the record's own model; the registry refuses a path that does not exist.
public struct Compute: Sendable {
    /// Dotted paths from the record's own model.
    public let dependencies: [String]
    /// One value per record, in the records' order.
    public let body: @Sendable (Records) throws -> [Value]

    /// A computation over a whole recordset.
    public init(_ dependencies: [String], _ body: @escaping @Sendable (Records) throws -> [Value]) {
        self.dependencies = dependencies
        self.body = body
    }
}

/// One trait, given where a field is declared: `Char("name", "Subject", .required, .tracked)`; a plain text is the field's title.
public struct FieldOption: Sendable, ExpressibleByStringLiteral {
    let apply: @Sendable (inout FieldTraits) -> Void

    public init(stringLiteral title: String) { apply = { $0.title = title } }

    private init(_ apply: @escaping @Sendable (inout FieldTraits) -> Void) { self.apply = apply }

    /// A value must be set.
    public static var required: FieldOption { FieldOption { $0.required = true } }
    /// Clients may not edit it; the server still checks nothing more than rights.
    public static var readonly: FieldOption { FieldOption { $0.readonly = true } }
    /// The table has an index on it.
    public static var indexed: FieldOption { FieldOption { $0.indexed = true } }
    /// The table has an index of a kind on it.
    public static func indexed(_ kind: FieldIndex) -> FieldOption {
        FieldOption {
            $0.indexed = true
            $0.indexKind = kind
        }
    }
    /// Changes appear in the chatter.
    public static var tracked: FieldOption { FieldOption { $0.tracked = true } }
    /// A copy of the record starts without it.
    public static var notCopied: FieldOption { FieldOption { $0.copied = false } }
    /// Labels and texts in it may be translated.
    public static var translated: FieldOption { FieldOption { $0.translated = true } }
    /// What the field means, for people.
    public static func help(_ text: String) -> FieldOption { FieldOption { $0.help = text } }
    /// Only these groups see the field.
    public static func groups(_ names: String...) -> FieldOption { FieldOption { $0.groups = names } }
    /// At most so many characters.
    public static func size(_ characters: Int) -> FieldOption { FieldOption { $0.size = characters } }
    /// A float of so many digits, so many of them behind the point; what is more is rounded away from zero at the half.
    public static func digits(_ total: Int, _ places: Int) -> FieldOption {
        precondition((0...15).contains(places) && total > places, "A float has at most 15 places.")
        return FieldOption { $0.digits = FieldTraits.Digits(total: total, places: places) }
    }
    /// Formatted text that only the program itself writes: it is kept as it comes.
    public static var unsanitised: FieldOption { FieldOption { $0.isSanitised = false } }
    /// Bytes that stand in the record's own row; at most `Field.inlineLimit`.
    public static var inline: FieldOption { FieldOption { $0.isInline = true } }
    /// The value stands beside others in a `Serialized` field: for the many values that few records have.
    public static func sparse(_ container: String) -> FieldOption {
        FieldOption {
            $0.sparse = container
            $0.stored = false
        }
    }
    /// The value of a new record.
    public static func initial(_ value: Value) -> FieldOption { FieldOption { $0.defaultValue = .value(value) } }
    /// The value of a new record, found when it is made.
    public static func initially(_ body: @escaping @Sendable (Environment) throws -> Value) -> FieldOption {
        FieldOption { $0.defaultValue = .computed(body) }
    }
    /// The same value as another field, reached by a dotted path.
    public static func related(_ path: String, stored: Bool = false) -> FieldOption {
        FieldOption {
            $0.related = path
            $0.stored = stored
            $0.readonly = true
            $0.copied = false
        }
    }
    /// Each company has a value of its own; `.initial` is what a company shows in which nothing was written.
    public static var byCompany: FieldOption { FieldOption { $0.isByCompany = true } }
    /// Never shown by the trail: passwords, keys, digests of them. Says nothing of who may read the field.
    public static var secret: FieldOption { FieldOption { $0.isSecret = true } }
    /// A many2one whose record belongs to this one alone and is made with it; its fields are read, written and searched as this model's.
    ///
    /// The link must be required and restrict or cascade. Deleting the record leaves the linked one. What the linked model's rights and
    /// rules refuse is refused here too.
    public static var delegate: FieldOption {
        FieldOption {
            $0.isDelegate = true
            $0.copied = false
        }
    }
    /// A linked record of another company than this record's is refused.
    public static var companyChecked: FieldOption { FieldOption { $0.checksCompany = true } }
    /// What clients show where nothing is set.
    public static func falsyLabel(_ text: String) -> FieldOption { FieldOption { $0.falsyLabel = text } }
    /// A grouping by the field shows these groups too when no record is in them.
    public static func groupExpand(_ expansion: GroupExpansion) -> FieldOption { FieldOption { $0.groupExpand = expansion } }
    /// How groups add the field up.
    public static func aggregator(_ name: String?) -> FieldOption { FieldOption { $0.aggregator = name } }
    /// Which records a client proposes.
    public static func domain(_ domain: Domain) -> FieldOption { FieldOption { $0.domain = domain } }

    /// Computed from other fields, one record at a time.
    public static func computed<M: Model, Content: FieldContent>(
        on dependencies: String..., stored: Bool = false, _ body: @escaping @Sendable (Record<M>) throws -> Content
    ) -> FieldOption {
        FieldOption {
            $0.compute = Compute(dependencies) { records in try Recordset<M>(records).map { try body($0).fieldValue } }
            $0.stored = stored
            $0.readonly = true
            $0.copied = false
        }
    }
    /// Computed from other fields, the whole recordset at once.
    public static func computedTogether(
        on dependencies: String..., stored: Bool = false, _ body: @escaping @Sendable (Records) throws -> [Value]
    ) -> FieldOption {
        FieldOption {
            $0.compute = Compute(dependencies, body)
            $0.stored = stored
            $0.readonly = true
            $0.copied = false
        }
    }
    /// Writes a computed field back.
    public static func inverse(_ body: @escaping @Sendable (Records, Value) throws -> Void) -> FieldOption {
        FieldOption {
            $0.inverse = body
            $0.readonly = false
        }
    }
    /// Finds records by a computed field.
    public static func search(_ body: @escaping @Sendable (Environment, DomainOperator, Value) throws -> Domain) -> FieldOption {
        FieldOption { $0.search = body }
    }
    /// Made at run time.
    static var custom: FieldOption { FieldOption { $0.isCustom = true } }
    /// Any change of the traits, for code that builds fields from data.
    package static func traits(_ change: @escaping @Sendable (inout FieldTraits) -> Void) -> FieldOption { FieldOption(change) }
}
