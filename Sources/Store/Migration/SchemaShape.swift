import Crypto
import JSON
import Kernel

/// The tables that the models want, as far as migrations compare them.
struct SchemaShape {
    /// A column of a model's table.
    struct Column: Hashable {
        let name: String
        let form: ColumnForm
        /// The table that a many2one leads to.
        var target: String?
        var rule: DeleteRule?
    }

    /// A model's table, the table of a relation's links, or that of values for each company.
    struct Table {
        let name: String
        var columns: [Column] = []
        /// The columns of the primary key; empty for the table of a model, which has an `id`.
        var key: [String] = []
    }

    /// An index, unique or not.
    struct Index: Hashable {
        let name: String
        let table: String
        let columns: [String]
        let isUnique: Bool
        var kind = FieldIndex.btree
    }

    private(set) var tables: [Table] = []
    private(set) var indexes: [Index] = []

    /// What a registry wants.
    init(_ registry: Registry) {
        var links: Set<String> = []
        for model in registry.models {
            tables.append(SchemaShape.table(model, registry))
            addIndexes(of: model, registry)
            for field in model.fields where field.traits.isByCompany { addCompanyTable(field, of: model, registry) }
            for field in model.fields {
                guard field.traits.stored, case .many2many(let target, let relation) = field.kind, links.insert(relation.table).inserted,
                    let other = registry.model(target)
                else { continue }
                addLinks(relation, model.table, other.table)
            }
        }
    }

    private static func table(_ model: ModelSchema, _ registry: Registry) -> Table {
        var table = Table(name: model.table)
        for field in model.columns {
            var column = Column(name: field.name, form: field.form)
            if case .many2one(let target, let rule) = field.kind {
                column.target = registry.model(target)?.table
                column.rule = rule
            }
            table.columns.append(column)
        }
        return table
    }

    private mutating func addLinks(_ relation: LinkTable, _ own: String, _ other: String) {
        tables.append(
            Table(
                name: relation.table,
                columns: [
                    Column(name: relation.own, form: .integer, target: own, rule: .cascade),
                    Column(name: relation.other, form: .integer, target: other, rule: .cascade),
                ], key: [relation.own, relation.other]))
        addIndex(relation.table, [relation.other, relation.own])
    }

    /// A value of a field for each record and company that one was written for.
    private mutating func addCompanyTable(_ field: Field, of model: ModelSchema, _ registry: Registry) {
        var value = Column(name: "value", form: field.form)
        if case .many2one(let target, let rule) = field.kind {
            value.target = registry.model(target)?.table
            value.rule = rule
        }
        let company = registry.model("res.company")?.table
        tables.append(
            Table(
                name: field.companyTable,
                columns: [
                    Column(name: "record_id", form: .integer, target: model.table, rule: .cascade),
                    Column(name: "company_id", form: .integer, target: company, rule: .cascade), value,
                ], key: ["record_id", "company_id"]))
        addIndex(field.companyTable, ["company_id"])
        if value.target != nil || field.traits.indexed { addIndex(field.companyTable, ["value"]) }
    }

    /// Every many2one but the users who made and changed a record gets an index: lists, one2many fields and deletions follow them.
    private mutating func addIndexes(of model: ModelSchema, _ registry: Registry) {
        for unique in model.unique where unique.fields.allSatisfy({ model.field($0)?.hasColumn ?? false }) {
            addIndex(model.table, unique.fields, isUnique: true)
        }
        for names in model.indexes where names.allSatisfy({ model.field($0)?.hasColumn ?? false }) { addIndex(model.table, names) }
        if let order = ownOrder(of: model, registry) { addIndex(model.table, order) }
        for field in model.columns where field.slot > ModelSchema.Slot.version {
            var wanted = field.traits.indexed
            if case .many2one = field.kind { wanted = true }
            // An index that begins with the column does as well.
            let isCovered = indexes.contains { $0.table == model.table && $0.columns.first == field.name }
            let kind = field.kind.isText || field.traits.indexKind != .trigram ? field.traits.indexKind : .btree
            if wanted, !isCovered || kind == .trigram { addIndex(model.table, [field.name], kind: kind) }
        }
    }

    /// The columns of the model's own order, when one index can serve it: then the first page of a list reads only its rows.
    private func ownOrder(of model: ModelSchema, _ registry: Registry) -> [String]? {
        guard let terms = try? OrderClause.parse(model.order, model: model, registry: registry), let first = terms.first,
            terms.allSatisfy({ $0.path.count == 1 && $0.descending == first.descending && ($0.path.first?.hasColumn ?? false) })
        else { return nil }
        let names = terms.compactMap { $0.path.first?.name }
        return names.first == "id" ? nil : names
    }

    private mutating func addIndex(_ table: String, _ columns: [String], isUnique: Bool = false, kind: FieldIndex = .btree) {
        let name = isUnique ? Naming.unique(table, columns) : Naming.index(table, columns, kind)
        if !indexes.contains(where: { $0.name == name }) {
            indexes.append(Index(name: name, table: table, columns: columns, isUnique: isUnique, kind: kind))
        }
    }
}

extension SchemaShape {
    /// The forms of all columns, as they are remembered: `{"table":{"column":"form"}}`, links' tables included.
    func state(keeping old: [String: [String: String]]) -> [String: [String: String]] {
        var state = old
        for table in tables { for column in table.columns { state[table.name, default: [:]][column.name] = column.remembered } }
        return state
    }

    /// A text by which the same wish is recognised.
    var fingerprint: String {
        var hash = SHA256()
        // Rises when migrations learn to do more, so that databases of older programs are looked at once again.
        hash.update("rules 2\n")
        for table in tables {
            hash.update(table.name + "\n")
            for column in table.columns { hash.update(" \(column.name) \(column.remembered)\n") }
        }
        for index in indexes { hash.update(index.name + (index.isUnique ? " unique" : "") + "\n") }
        return hash.finish().hex
    }
}

extension SchemaShape.Column {
    /// The form, and where a link leads: `integer` or `integer>res_partner`.
    var remembered: String { target.map { form.rawValue + ">" + $0 } ?? form.rawValue }
}
