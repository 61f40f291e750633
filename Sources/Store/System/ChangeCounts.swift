import Kernel

/// How often models were changed of which some process remembers something: what one node made from records is made again when another
/// changed them, and units of work that decide by it are kept apart from those that change it.
///
/// Shape: a row of `baton_change` for each such model. A driver for several processes reads all rows as a transaction begins.
public enum ChangeCounts {
    /// The table.
    public static let table = "baton_change"

    /// Has changes of models counted for certain: while tables are made, when nobody changes them yet.
    static func begin(_ models: Set<String>, _ connection: any SQLConnection, _ dialect: any SQLDialect) throws {
        guard dialect.chainsLater else { return }
        let sql = "INSERT INTO \(table) (model, at) VALUES (\(dialect.placeholder(1)), '-infinity') ON CONFLICT DO NOTHING"
        try connection.run(sql, rows: models.sorted().map { [.text($0)] })
    }

    /// The row that counts changes which a program older than they are would misread.
    static let form = "baton.form"

    /// Counts such a change when there was one, and gives how many there were in all.
    static func countForms(_ isChanged: Bool, _ connection: any SQLConnection, _ dialect: any SQLDialect) throws -> Int? {
        guard dialect.chainsLater else { return nil }
        // Every unit of work reads the row: it is left alone while nothing changed.
        let change = isChanged ? "(model) DO UPDATE SET stamp = \(table).stamp + 1" : "DO NOTHING"
        try connection.run("INSERT INTO \(table) (model, stamp, at) VALUES ('\(form)', 0, '-infinity') ON CONFLICT \(change)")
        return try connection.first("SELECT stamp FROM \(table) WHERE model = '\(form)'", [], .integer)?.intValue
    }

    /// Counts a change of models in the transaction that makes it.
    static func count(_ models: [String], _ connection: any SQLConnection, _ dialect: any SQLDialect) throws {
        guard let stamps = connection.stamps else { return }
        let counted = models.filter(stamps.counted.contains).sorted()
        if counted.isEmpty { return }
        let sql = "UPDATE \(table) SET stamp = stamp + 1 WHERE model IN (\(dialect.placeholders(counted.count)))"
        try connection.run(sql, rows: [counted.map { .text($0) }])
    }
}

extension Database {
    /// Has changes of models counted from now on that something was remembered of.
    func countWishes() {
        let wishes = appMemory.remembered.takeWishes().sorted()
        if wishes.isEmpty { return }
        let sql = "INSERT INTO \(ChangeCounts.table) (model) VALUES (\(dialect.placeholder(1))) ON CONFLICT DO NOTHING"
        driver.submit(WriteWork(.rows, run: { try $0.run(sql, rows: wishes.map { [.text($0)] }) }, done: { _ in }))
    }
}
