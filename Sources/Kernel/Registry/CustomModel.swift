/// A model, or an addition to one, made at run time; names begin with `x_`.
public struct CustomModel: Sendable, Hashable {
    /// The technical name.
    public let name: String
    /// What people read.
    public let title: String
    /// The field that names a record.
    public let nameField: String
    /// Whether it has messages, followers and activities.
    public let hasChatter: Bool
    /// Its fields, or those added to a model that exists.
    public var fields: [CustomField]

    /// Names must begin with `x_`, unless the fields are added to a model that exists already.
    public init(name: String, title: String, nameField: String = "x_name", hasChatter: Bool = false, fields: [CustomField]) {
        self.name = name
        self.title = title
        self.nameField = nameField
        self.hasChatter = hasChatter
        self.fields = fields
    }
}

/// A field made at run time, as data.
public struct CustomField: Sendable, Hashable {
    /// The technical name.
    public let name: String
    /// What it is.
    public let kind: FieldKind
    /// What people read.
    public let title: String
    /// What it means, for people.
    public var help = ""
    /// Whether a value must be set.
    public var required = false
    /// Whether clients should not edit it.
    public var readonly = false
    /// Whether the table has an index on it.
    public var indexed = false
    /// Whether changes appear in the chatter.
    public var tracked = false
    /// Whether a copy of the record takes it over.
    public var copied = true
    /// The most characters; 0 means no limit of its own.
    public var size = 0
    /// External ids of the groups that it is for; empty means everybody.
    public var groups: [String] = []
    /// Whether each company has a value of its own.
    public var isByCompany = false
    /// The dotted path whose value it shows.
    public var related: String?

    /// A custom field; the name must begin with `x_`.
    public init(name: String, kind: FieldKind, title: String) {
        self.name = name
        self.kind = kind
        self.title = title
    }

    func field() -> Field {
        let source = self
        return Field(
            name, kind, title: title,
            [
                .custom,
                .traits { traits in
                    traits.help = source.help
                    traits.required = source.required
                    traits.readonly = source.readonly
                    traits.indexed = source.indexed
                    traits.tracked = source.tracked
                    traits.copied = source.copied
                    traits.size = source.size
                    traits.groups = source.groups
                    traits.isByCompany = source.isByCompany
                    if let path = source.related {
                        traits.related = path
                        traits.stored = false
                    }
                },
            ])
    }
}
