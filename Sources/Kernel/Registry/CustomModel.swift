/// A model, or an addition to one, made at run time; names begin with `x_`.
public struct CustomModel: Sendable, Hashable {
    public let name: String
    public let title: String
    public let nameField: String
    public let hasChatter: Bool
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
    public let name: String
    public let kind: FieldKind
    public let title: String
    public var help = ""
    public var required = false
    public var readonly = false
    public var indexed = false
    public var tracked = false
    public var copied = true
    public var size = 0
    public var groups: [String] = []
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
                    if let path = source.related {
                        traits.related = path
                        traits.stored = false
                    }
                },
            ])
    }
}
