import JSON
import Kernel

/// Brings a database's tables to what the models want: computed, transactional, safe to run again, and dropping nothing.
public struct Migrator {
    static let shapeKey = "schema.shape"
    static let stateKey = "schema.state"

    let connection: any SQLConnection
    let dialect: any SQLDialect

    /// A migrator on a connection that has begun a transaction.
    public init(_ connection: any SQLConnection, _ dialect: any SQLDialect) {
        self.connection = connection
        self.dialect = dialect
    }

    /// What would be done.
    public func plan(for registry: Registry) throws -> MigrationPlan { try plan(SchemaShape(registry)) }

    /// Does it.
    ///
    /// - Throws: `store.migration_refused` when a change needs a person, `store.migration_duplicates` when a new unique combination occurs twice.
    @discardableResult public func migrate(to registry: Registry, at now: Instant) throws -> MigrationPlan {
        let shape = SchemaShape(registry)
        try SystemTables.create(connection, dialect)
        let settings = Settings(connection, dialect)
        // What the database could not do then it may be able to do now.
        let fingerprint = try shape.fingerprint + (dialect.canIndexParts(connection) ? "" : " without trigrams")
        if try settings.text(Migrator.shapeKey) == fingerprint { return MigrationPlan() }
        let plan = try plan(shape)
        guard plan.refused.isEmpty else { throw Refusal.migrationRefused(plan.refused) }
        for step in plan.steps { try run(step) }
        try settings.set(Migrator.stateKey, Migrator.text(shape.state(keeping: try remembered())))
        try settings.set(Migrator.shapeKey, fingerprint)
        return plan
    }

    private func run(_ step: MigrationPlan.Step) throws {
        do {
            for sql in step.sql { try connection.run(sql) }
        } catch let failure as SQLFailure {
            guard case .unique(let table, let columns, _) = failure.kind else { throw failure }
            throw Refusal.migrationDuplicates(table, columns)
        }
    }

    private func plan(_ shape: SchemaShape) throws -> MigrationPlan {
        let actual = try dialect.inspect(connection)
        let old = actual.own.contains("baton_setting") ? try remembered() : [:]
        var plan = MigrationPlan()
        var links: [MigrationPlan.Step] = []
        for table in shape.tables {
            guard let columns = actual.columns[table.name] else {
                plan.add("make the table \(table.name)", create(table))
                plan.made.insert(table.name)
                links += table.columns.compactMap { link($0, of: table.name) }
                continue
            }
            for column in table.columns where column.name != "id" {
                if !columns.contains(column.name) {
                    let sql = "ALTER TABLE \"\(table.name)\" ADD COLUMN " + definition(column)
                    plan.add("add the column \(column.name) to \(table.name)", sql)
                    if let step = link(column, of: table.name) { links.append(step) }
                } else if let before = old[table.name]?[column.name], before != column.remembered {
                    change(column, of: table.name, from: before, &plan)
                }
            }
            let wanted = Set(table.columns.map(\.name)).union(["id"])
            plan.kept += columns.subtracting(wanted).sorted().map { "the column \($0) of \(table.name)" }
        }
        plan.steps += links
        let wanted = Set(shape.tables.map(\.name))
        plan.kept += actual.columns.keys.filter { !wanted.contains($0) && !$0.hasPrefix("baton_") }.sorted().map { "the table \($0)" }
        try replaceIndexes(shape, actual, &plan)
        return plan
    }

    private func create(_ table: SchemaShape.Table) -> String {
        var parts = table.columns.filter { $0.name != "id" }.map(definition)
        if table.key.isEmpty {
            parts.insert("\"id\" " + dialect.identity, at: 0)
        } else {
            parts.append("PRIMARY KEY (" + table.key.map { "\"\($0)\"" }.joined(separator: ", ") + ")")
        }
        let sql = "CREATE TABLE \"\(table.name)\" (" + parts.joined(separator: ", ") + ")"
        return !table.key.isEmpty ? (sql + " " + dialect.linkTableOptions).trimmed : sql
    }

    private func definition(_ column: SchemaShape.Column) -> String {
        let type = "\"\(column.name)\" " + dialect.type(of: column.form)
        return dialect.linksInPlace ? reference(column).map { type + " " + $0 } ?? type : type
    }

    private func reference(_ column: SchemaShape.Column) -> String? {
        guard let target = column.target, let rule = column.rule else { return nil }
        let action =
            switch rule {
            case .setNull: "SET NULL"
            case .restrict: "NO ACTION"
            case .cascade: "CASCADE"
            }
        return "REFERENCES \"\(target)\" (\"id\") ON DELETE \(action) DEFERRABLE INITIALLY DEFERRED"
    }

    /// The step that makes a new column lead to its table, where that is one of its own.
    private func link(_ column: SchemaShape.Column, of table: String) -> MigrationPlan.Step? {
        guard !dialect.linksInPlace, let reference = reference(column), let target = column.target else { return nil }
        let name = Naming.link(table, column.name)
        let sql = "ALTER TABLE \"\(table)\" ADD CONSTRAINT \"\(name)\" FOREIGN KEY (\"\(column.name)\") \(reference)"
        return MigrationPlan.Step(words: "link \(column.name) of \(table) to \(target)", sql: [sql])
    }

    private func change(_ column: SchemaShape.Column, of table: String, from before: String, _ plan: inout MigrationPlan) {
        let after = column.remembered
        guard let old = ColumnForm(rawValue: before), Migrator.widenings[old]?.contains(column.form) ?? false, column.target == nil else {
            plan.refused.append(
                "the column \(column.name) of \(table) would change from \(before) to \(after). Give the field a new name and copy the values with an action, or undo the change."
            )
            return
        }
        var sql: [String] = []
        if let statement = dialect.conversion(table: table, column: column.name, from: old, to: column.form) { sql = [statement] }
        let words = "turn the column \(column.name) of \(table) from \(before) into \(after)"
        plan.steps.append(MigrationPlan.Step(words: words, sql: sql, isBreaking: true))
    }

    /// Changes that lose nothing.
    static let widenings: [ColumnForm: Set<ColumnForm>] = [
        .boolean: [.integer], .integer: [.float, .amount], .float: [.amount], .day: [.instant], .json: [.text],
    ]
}

extension Migrator {
    private func remembered() throws -> [String: [String: String]] {
        guard let text = try? Settings(connection, dialect).text(Migrator.stateKey),
            case .object(let tables) = try JSON.parse(text)
        else { return [:] }
        var state: [String: [String: String]] = [:]
        for table in tables.members {
            for column in table.value.objectValue?.members ?? [] { state[table.key, default: [:]][column.key] = column.value.stringValue }
        }
        return state
    }

    private static func text(_ state: [String: [String: String]]) -> String {
        let tables = state.sorted { $0.key < $1.key }.map { table in
            let columns = table.value.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
            return JSONObject.Member(key: table.key, value: .object(JSONObject(columns)))
        }
        return JSON.object(JSONObject(tables)).text()
    }
}

extension String {
    fileprivate var trimmed: String { last == " " ? String(dropLast()) : self }
}

extension Refusal {
    static func migrationRefused(_ reasons: [String]) -> Refusal {
        Refusal(
            "store.migration_refused", .conflict, "The database cannot be brought up to date: " + reasons.joined(separator: " "),
            instruction: "Nothing was changed. Follow the sentence and start again.")
    }

    static func migrationDuplicates(_ table: String, _ columns: [String]) -> Refusal {
        Refusal(
            "store.migration_duplicates", .conflict,
            "Records of \(table) share the same \(columns.joined(separator: ", ")), which must be unique from now on.",
            instruction: "Nothing was changed. Make the values differ and start again.")
    }
}
