import Kernel
import Operations
import Store
import StorePostgres
import StoreSQLite

/// `baton database copy`: moves everything from a folder's database to PostgreSQL.
enum DatabaseCopyCommand {
    static let command = Command(
        path: ["database", "copy"], summary: "Copies the database of a folder into an empty PostgreSQL database and compares both.",
        details: """
            Nobody may serve the folder meanwhile. All is copied in one transaction, then read again on both sides: rows and hashes of
            every table must agree, or nothing is kept. The folder stays as it is; serve it with --database from then on, because it has
            the keys. Exit codes: 0 everything arrived; 2 it could not be done.
            """,
        options: [
            CommandOption("from", "DIR", "the folder of the database"),
            CommandOption("to", "URL", "the empty database: postgres://user@host:port/name", variable: "BATON_DATABASE"),
        ]
    ) { try run($0) }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let folder = DataFolder(try arguments.required("from"))
        let address = try PostgresAddress(try arguments.required("to"))
        try folder.requireDatabase()
        try folder.lock()
        let source = try folder.open()
        defer { source.close() }
        let plan = try source.migrationPlan()
        guard plan.isEmpty else {
            throw Refusal(
                "store.copy_old_tables", .conflict, "The tables in \(folder.path) are not up to date.",
                instruction: "Run `baton migrate` on the folder first.")
        }
        try source.migrate()
        let target = try Database(driver: try PostgresDriver(address), apps: Apps.all)
        defer { target.close() }
        try target.exclusively {
            try target.migrate()
            if source.registry.custom != target.registry.custom { try target.replaceRegistry(custom: source.registry.custom) }
            try copy(source, target, folder, plan.kept)
        }
        Output.line("Done. Serve it with: baton serve --data \(folder.path) --database \(address)")
        return ExitCode.done
    }

    private static func copy(_ source: Database, _ target: Database, _ folder: DataFolder, _ kept: [String]) throws {
        var rows = 0
        try DatabaseCopy(from: source, to: target).run { table in
            rows += table.rows
            if table.rows > 0 { Output.line("\(table.name): \(table.rows) rows, \(table.hash.prefix(16)), the same on both sides") }
        }
        for what in kept { Output.line("not copied, because no model wants it: \(what)") }
        let report = try target.inspectBlocking { AuditVerifier($0, target.dialect, directory: folder.path).verify() }
        guard report.isGood else { throw Refusal.corrupt("the audit trail is not whole, on neither side") }
        Output.line("\(rows) rows; the audit trail of \(report.entries) entries is whole.")
    }
}
