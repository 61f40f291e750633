import Kernel

extension SQLTransaction {
    package func links(_ table: LinkTable, of ids: [Int]) throws -> [(own: Int, other: Int)] {
        var found: [(own: Int, other: Int)] = []
        try inChunks(ids) { slice in
            guard !slice.isEmpty else { return }
            var sql = SQLCompiler(registry: registry, dialect: dialect)
            sql.text += "SELECT \"" + table.own + "\", \"" + table.other + "\" FROM \"" + table.table + "\" WHERE "
            sql.member("\"" + table.own + "\"", ids: Array(slice))
            sql.text += " ORDER BY \"" + table.own + "\", \"" + table.other + "\""
            let cells = try guarded { try connection.query(sql.text, sql.arguments, [.integer, .integer]) }
            for start in stride(from: 0, to: cells.count, by: 2) {
                if case .int(let own) = cells[start], case .int(let other) = cells[start + 1] { found.append((own, other)) }
            }
        }
        return found
    }

    package func addLinks(_ table: LinkTable, _ pairs: [(own: Int, other: Int)]) throws {
        try requireWriting("Linking records")
        noteLinks()
        let sql =
            "INSERT INTO \"" + table.table + "\" (\"" + table.own + "\", \"" + table.other + "\") VALUES (" + dialect.placeholder(1) + ", "
            + dialect.placeholder(2) + ") ON CONFLICT DO NOTHING"
        try guarded { try connection.run(sql, rows: pairs.map { [.int($0.own), .int($0.other)] }) }
    }

    package func removeLinks(_ table: LinkTable, _ pairs: [(own: Int, other: Int)]) throws {
        try requireWriting("Unlinking records")
        noteLinks()
        let sql =
            "DELETE FROM \"" + table.table + "\" WHERE \"" + table.own + "\" = " + dialect.placeholder(1) + " AND \"" + table.other
            + "\" = "
            + dialect.placeholder(2)
        try guarded { try connection.run(sql, rows: pairs.map { [.int($0.own), .int($0.other)] }) }
    }

    package func clearLinks(_ table: LinkTable, of ids: [Int]) throws {
        try requireWriting("Unlinking records")
        noteLinks()
        try inChunks(ids) { slice in
            guard !slice.isEmpty else { return }
            var sql = SQLCompiler(registry: registry, dialect: dialect)
            sql.text += "DELETE FROM \"" + table.table + "\" WHERE "
            sql.member("\"" + table.own + "\"", ids: Array(slice))
            try guarded { try connection.run(sql.text, rows: [sql.arguments]) }
        }
    }
}
