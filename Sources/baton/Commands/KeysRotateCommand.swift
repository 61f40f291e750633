import Base
import Crypto
import Kernel
import Operations
import Store
import StoreSQLite

/// `baton keys rotate`: seals the secrets of a database that nobody serves under a fresh key.
enum KeysRotateCommand {
    static let command = Command(
        path: ["keys", "rotate"], summary: "Seals the secrets of a database that nobody serves under a fresh key.",
        details: """
            The keys of webhooks are sealed in the database under a key that lies in a file beside it. The old key stays in the file, so that
            older copies of the database can be opened, unless --forget-old is given. It may be stopped at any time and run again. With
            --database no node may serve meanwhile, and the folder keys/ is copied to every other node before that one starts.
            """,
        options: [
            ConfigurationFile.option, Configuration.data, Configuration.database, Configuration.secretsKey,
            CommandOption("forget-old", nil, "drop the old keys: older copies of the database no longer open"),
        ]
    ) { try run($0) }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let folder = try DataFolder(arguments)
        try folder.requireDatabase()
        try folder.lock()
        let database = try folder.open()
        let (outcome, fresh) = try {
            defer { database.close() }
            // A node that starts meanwhile waits, and then finds that it has the old keys.
            return try database.exclusively { try rotate(database, folder) }
        }()
        if folder.database == nil { try SQLiteDriver.sweep(path: folder.databaseFile) }
        Output.line("keys: \(outcome.sealed) secrets are sealed under the key \(fresh.ids[0]).")
        if outcome.closed > 0 {
            Output.line("keys: \(outcome.closed) secrets do not open under any key of \(folder.secrets.path); store them again.")
            return ExitCode.no
        }
        if arguments.has("forget-old") {
            try folder.secrets.save(fresh.newestOnly)
            Output.line("keys: the old keys are gone.")
        }
        if folder.database != nil { Output.line("keys: copy \(folder.secrets.path) to every other node before it starts.") }
        return ExitCode.done
    }

    private static func rotate(_ database: Database, _ folder: DataFolder) throws -> (SecretUpkeep.Outcome, KeyRing) {
        guard try database.liveNodes().isEmpty else { throw Refusal.keysInUse(folder.place) }
        try database.migrate()
        // Keys that are not the database's open nothing, and must not take the place of those that do.
        try NodeKeys.check(database, folder)
        // The new key is on disk before anything is sealed under it.
        let fresh = try folder.secrets.load().rotated()
        try folder.secrets.save(fresh)
        Secrets.use(fresh, for: database.appMemory)
        // From now on nodes with the old keys do not start.
        try NodeKeys.check(database, folder)
        return (try SecretUpkeep.run(database), fresh)
    }
}

extension Refusal {
    fileprivate static func keysInUse(_ place: String) -> Refusal {
        Refusal(
            "keys.in_use", .unavailable, "Nodes use the database \(place): they would not know the new key.",
            instruction: "Stop every node, rotate, copy the folder keys/ to each, then start them again.")
    }
}
