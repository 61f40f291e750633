/// A link to one record.
public final class Many2one<Target: Model>: Field, @unchecked Sendable {
    /// Declares a link; a required one restricts deletion of its target unless told otherwise.
    public init(_ name: String, onDelete: DeleteRule? = nil, _ options: FieldOption...) {
        var probe = FieldTraits()
        for option in options { option.apply(&probe) }
        let rule = onDelete ?? (probe.required ? .restrict : .setNull)
        super.init(name, .many2one(Target.name, onDelete: rule), options)
    }
}

/// The records that link here by their `inverse` field.
public final class One2many<Target: Model>: Field, @unchecked Sendable {
    /// Declares the other side of a link.
    public init<Owner: Model>(_ name: String, inverse: KeyPath<Target, Many2one<Owner>>, _ options: FieldOption...) {
        super.init(name, .one2many(Target.name, inverse: ""), options)
        // Which field it is can be asked only when both models are there: each may list the other.
        findInverse = { $0.field(inverse).name }
    }

    /// Declares the other side of a link that an extension or a plain id field gives.
    public init(_ name: String, inverseName: String, _ options: FieldOption...) {
        super.init(name, .one2many(Target.name, inverse: inverseName), options)
    }
}

/// Links to several records, which may have several links back.
public final class Many2many<Target: Model>: Field, @unchecked Sendable {
    /// Declares links in a table of their own; two fields that name the same table with swapped columns are two sides of one relation.
    public init(
        _ name: String, table: String = "", own: String = "", other: String = "", _ options: FieldOption...
    ) {
        super.init(name, .many2many(Target.name, relation: LinkTable(table: table, own: own, other: other)), options)
    }
}
