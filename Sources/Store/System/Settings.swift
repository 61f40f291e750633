import Kernel

/// Small named texts that the store and its users keep: schema state, versions of seeds, cursors.
public struct Settings {
    let connection: any SQLConnection
    let dialect: any SQLDialect

    /// Settings seen through a connection.
    public init(_ connection: any SQLConnection, _ dialect: any SQLDialect) {
        self.connection = connection
        self.dialect = dialect
    }

    /// The text under a key.
    public func text(_ key: String) throws -> String? {
        try connection.first("SELECT value FROM baton_setting WHERE key = " + dialect.placeholder(1), [.text(key)], .text)?.textValue
    }

    /// Locks the row of a key until the transaction ends, where others could hold it; false when there is none.
    func lock(_ key: String) throws -> Bool {
        let sql = "SELECT 1 FROM baton_setting WHERE key = " + dialect.placeholder(1) + dialect.lockingRows
        return try connection.first(sql, [.text(key)], .integer) != nil
    }

    /// Keeps a text under a key.
    public func set(_ key: String, _ text: String) throws {
        let sql = "INSERT INTO baton_setting (key, value) VALUES (" + dialect.placeholders(2) + ")"
        try connection.run(sql + " ON CONFLICT (key) DO UPDATE SET value = excluded.value", [.text(key), .text(text)])
    }
}

extension Settings {
    /// Settings seen in a unit of work; nil when the store behind it is not a SQL database.
    public init?(_ env: Environment) {
        guard let transaction = env.unit.transaction as? SQLTransaction else { return nil }
        self.init(transaction.connection, transaction.dialect)
    }
}
