import Kernel

extension Migrator {
    /// Makes the indexes that are missing, and takes away those of ours that the models want no more: a unique one would go on refusing
    /// what is allowed by now, any other only costs each write.
    func replaceIndexes(_ shape: SchemaShape, _ actual: ActualSchema, _ plan: inout MigrationPlan) throws {
        let wanted = Dictionary(shape.indexes.map { ($0.name, $0) }) { first, _ in first }
        let tables = Set(shape.tables.map(\.name))
        var gone: Set<String> = []
        for (name, index) in actual.indexes.sorted(by: { $0.key < $1.key }) where Naming.isOurs(name) && tables.contains(index.table) {
            if let new = wanted[name] {
                if new.isServed(by: index) { continue }
            } else if index.columns.contains(where: { $0.hasPrefix("x_") }) {
                // Fields made at run time are taken in later, with indexes of their own.
                continue
            }
            gone.insert(name)
            let kind = index.isUnique ? "unique index" : "index"
            plan.add("drop the outdated \(kind) in \(index.table): \(index.columns.joined(separator: ", "))", "DROP INDEX \"\(name)\"")
        }
        try addIndexes(shape.indexes.filter { actual.indexes[$0.name] == nil || gone.contains($0.name) }, &plan)
    }

    private func addIndexes(_ missing: [SchemaShape.Index], _ plan: inout MigrationPlan) throws {
        let canIndexParts = try dialect.canIndexParts(connection)
        var left: [String] = []
        for index in missing {
            let columns = index.columns.map { "\"\($0)\"" }.joined(separator: ", ")
            let place = "\(index.table): \(index.columns.joined(separator: ", "))"
            let sql: String
            switch index.kind {
            case .btree: sql = "(\(columns))"
            case .btreeNotNull: sql = "(\(columns)) WHERE \(columns) IS NOT NULL"
            case .trigram:
                guard canIndexParts, let parts = dialect.indexOfParts(columns) else {
                    left.append("\(index.table).\(index.columns[0])")
                    continue
                }
                sql = parts
            }
            plan.add(
                (index.isUnique ? "make unique in " : index.kind == .trigram ? "index parts of texts in " : "index in ") + place,
                "CREATE \(index.isUnique ? "UNIQUE " : "")INDEX \"\(index.name)\" ON \"\(index.table)\" \(sql)")
        }
        if !left.isEmpty {
            plan.notes.append(
                "searches for a part of a text read the whole table of \(left.joined(separator: ", ")): \(dialect.lackOfParts)")
        }
    }
}

extension SchemaShape.Index {
    /// Whether an index that is there is this one. One of parts of texts is over an expression, which has no column.
    fileprivate func isServed(by other: ActualSchema.Index) -> Bool {
        table == other.table && isUnique == other.isUnique && (kind == .trigram || columns == other.columns)
    }
}
