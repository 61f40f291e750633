import Kernel

extension SQLTransaction {
    package func reserveIds(_ model: ModelSchema, count: Int) throws -> [Int] {
        try requireWriting("Creating records")
        guard count > 0 else { return [] }
        return try guarded { try connection.reserveIds(table: model.table, count: count) }
    }

    package func insert(_ model: ModelSchema, _ fields: [Field], rows: [[Value]]) throws { try insert(model, fields, rows, "") }

    package func insertMissing(_ model: ModelSchema, _ fields: [Field], rows: [[Value]]) throws {
        try insert(model, fields, rows, " ON CONFLICT DO NOTHING")
    }

    private func insert(_ model: ModelSchema, _ fields: [Field], _ rows: [[Value]], _ tail: String) throws {
        try requireWriting("Creating records")
        noteWriting(model)
        var sql = SQLCompiler(registry: registry, dialect: dialect)
        sql.text += "INSERT INTO \"" + model.table + "\" "
        for (index, field) in fields.enumerated() {
            sql.text += index == 0 ? "(\"" : "\", \""
            sql.text += field.name
        }
        sql.text += "\") VALUES (" + dialect.placeholders(fields.count) + ")" + tail
        try guarded { try connection.run(sql.text, rows: rows) }
    }

    package func update(_ model: ModelSchema, _ fields: [Field], ids: [Int], rows: [[Value]]) throws {
        try requireWriting("Writing records")
        noteWriting(model)
        guard !ids.isEmpty, !fields.isEmpty else { return }
        var sql = SQLCompiler(registry: registry, dialect: dialect)
        sql.text += "UPDATE \"" + model.table + "\" SET "
        for (index, field) in fields.enumerated() {
            if index > 0 { sql.text += ", " }
            sql.text += "\"" + field.name + "\" = " + dialect.placeholder(index + 1)
        }
        precondition(rows.count == ids.count, "an update needs one row of values for each id")
        sql.text += ", \"record_version\" = coalesce(\"record_version\", 0) + 1 WHERE "
        // Records that get the same values, as most writes of several do, are named by few statements.
        if ids.count > 1, rows.allSatisfy({ $0 == rows[0] }) {
            sql.arguments = rows[0]
            return try inChunks(ids) { slice in
                var chunk = sql
                chunk.member("\"id\"", ids: Array(slice))
                try guarded { try connection.run(chunk.text, rows: [chunk.arguments]) }
            }
        }
        sql.text += "\"id\" = " + dialect.placeholder(fields.count + 1)
        try guarded { try connection.run(sql.text, rows: zip(rows, ids).map { $0 + [.int($1)] }) }
    }

    package func delete(_ model: ModelSchema, ids: [Int]) throws {
        try requireWriting("Deleting records")
        noteDeleting(model)
        try inChunks(ids) { slice in
            guard !slice.isEmpty else { return }
            var sql = SQLCompiler(registry: registry, dialect: dialect)
            sql.text += "DELETE FROM \"" + model.table + "\" WHERE "
            sql.member("\"id\"", ids: Array(slice))
            try guarded { try connection.run(sql.text, rows: [sql.arguments]) }
        }
    }
}
