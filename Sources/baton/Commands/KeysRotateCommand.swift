import Base
import Crypto
import Kernel
import Store
import StoreSQLite

/// `baton keys rotate`: seals the secrets of a database that nobody serves under a fresh key.
enum KeysRotateCommand {
    static let command = Command(
        path: ["keys", "rotate"], summary: "Seals the secrets of a database that nobody serves under a fresh key.",
        details: """
            The keys of webhooks are sealed in the database under a key that lies in a file beside it. The old key stays in the file, so that
            older copies of the database can be opened, unless --forget-old is given. It may be stopped at any time and run again.
            """,
        options: [
            ConfigurationFile.option, Configuration.data, Configuration.secretsKey,
            CommandOption("forget-old", nil, "drop the old keys: older copies of the database no longer open"),
        ]
    ) { try run($0) }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let folder = DataFolder(try arguments.required("data"), secretsKey: arguments.text("secrets-key"))
        try folder.requireDatabase()
        try folder.lock()
        let fresh = try folder.secrets.load().rotated()
        // The new key is on disk before anything is sealed under it.
        try folder.secrets.save(fresh)
        let database = try folder.open()
        let outcome: SecretUpkeep.Outcome
        do {
            defer { database.close() }
            try database.migrate()
            outcome = try SecretUpkeep.run(database)
        }
        try SQLiteDriver.sweep(path: folder.databaseFile)
        Output.line("keys: \(outcome.sealed) secrets are sealed under the key \(fresh.ids[0]).")
        if outcome.closed > 0 {
            Output.line("keys: \(outcome.closed) secrets do not open under any key of \(folder.secrets.path); store them again.")
            return ExitCode.no
        }
        if arguments.has("forget-old") {
            try folder.secrets.save(fresh.newestOnly)
            Output.line("keys: the old keys are gone.")
        }
        return ExitCode.done
    }
}
