import Kernel
import Operations
import StorePostgres

/// `baton backup`: one sealed and verified file of everything, while the database is served.
enum BackupCommand {
    static let command = Command(
        path: ["backup"], summary: "Backs up a database, served or not, into one sealed and verified file.",
        details: """
            The records are taken as they stand at one moment; attachments are among them. The file is read again before it gets its name.
            Private keys stay out unless --with-keys is given: keep a copy of DIR/keys apart. Exit codes: 0 done; 1 done, but the audit trail
            in it is damaged; 2 it could not be done.
            """,
        options: Configuration.place + [
            CommandOption("to", "FILE", "the file to make; it must not be there"), Configuration.backupKey, Configuration.backupPassphrase,
            CommandOption("with-keys", nil, "the private keys of DIR/keys, too"),
        ]
    ) { arguments in
        let folder = try DataFolder(arguments)
        try folder.requireDatabase()
        let path = try arguments.required("to")
        let start = ContinuousClock.now
        let outcome = try BackupMaker(folder: folder, key: try BackupKey(arguments), hasKeys: arguments.has("with-keys")).run(to: path)
        let manifest = outcome.manifest
        Output.line(
            "backup: \(manifest.tables.count) tables, \(manifest.rows) rows, \(outcome.bytes) bytes, in \(Restorer.seconds(start)) s")
        Output.line("backup: the audit trail has \(manifest.auditEntries) entries, signed through \(manifest.auditSigned)")
        for what in outcome.leftOut { Output.line("backup: left out, because no model wants it: \(what)") }
        if !manifest.hasKeys { Output.line("backup: without private keys; keep a copy of \(folder.path)/keys apart from it") }
        guard manifest.auditIsWhole else {
            Output.line("backup: the audit trail is DAMAGED; run `baton audit verify`")
            return ExitCode.no
        }
        Output.line("backup: \(path) is written and verified.")
        return ExitCode.done
    }
}

/// `baton backup key`: makes a key file.
enum BackupKeyCommand {
    static let command = Command(
        path: ["backup", "key"], summary: "Makes a key for backups.",
        details: "Whoever has it can read every backup sealed under it; without it they are of no use. Keep a copy where no backup is.",
        operands: "FILE"
    ) { arguments in
        guard arguments.rest.count == 1 else { throw UsageMistake("Give the one file to make.") }
        try BackupKey.make(arguments.rest[0])
        Output.line("backup: the key is in \(arguments.rest[0]).")
        return ExitCode.done
    }
}

/// `baton backup verify`: reads a whole backup and holds it against its own list.
enum BackupVerifyCommand {
    static let command = Command(
        path: ["backup", "verify"], summary: "Reads a backup and checks every byte of it.",
        details: """
            Each piece and each file is held against what was written; nothing is unpacked. `baton restore drill` checks the records, too. Exit
            codes: 0 sound; 1 damaged, and the place is named; 2 it could not be checked.
            """,
        operands: "FILE", options: [ConfigurationFile.option, Configuration.backupKey, Configuration.backupPassphrase]
    ) { arguments in
        let (path, key) = try BackupArguments.read(arguments)
        return try BackupArguments.answering {
            let manifest = try BackupCheck(path: path, key: key).run()
            Output.line(
                "backup: \(path) is sound: made \(manifest.madeAt) by \(manifest.version) from \(manifest.store), \(manifest.rows) rows, "
                    + "\(manifest.auditEntries) audit entries, \(manifest.hasKeys ? "with" : "without") private keys")
        }
    }
}

/// `baton restore`: brings a backup back into an empty place.
enum RestoreCommand {
    static let command = Command(
        path: ["restore"], summary: "Brings a backup back into an empty folder, or an empty PostgreSQL database.",
        details: """
            Everything is unpacked and checked before the folder gets it: hashes, counts, SQLite's own check, the audit
            trail. A backup of either store can be restored into either. Exit codes: 0 done; 1 the backup is damaged, nothing was changed; 2 it
            could not be done.
            """,
        operands: "FILE", options: Configuration.place + [Configuration.backupKey, Configuration.backupPassphrase]
    ) { arguments in
        let folder = try DataFolder(arguments)
        let (path, key) = try BackupArguments.read(arguments)
        return try BackupArguments.answering {
            let outcome = try Restorer(path: path, key: key).run(into: folder)
            BackupArguments.tell(outcome)
            if !outcome.manifest.hasKeys {
                Output.line("restore: the private keys are not in it. Put your copy of keys/ into \(folder.path)/keys before you serve it.")
            }
            Output.line(
                "restore: done. Serve it with: baton serve --data \(folder.path)\(folder.database.map { " --database \($0)" } ?? "")")
        }
    }
}

/// `baton restore drill`: restores elsewhere, checks, tells how long it took, and leaves nothing.
enum RestoreDrillCommand {
    static let command = Command(
        path: ["restore", "drill"], summary: "Restores a backup elsewhere, checks it, tells how long it took, and leaves nothing.",
        details: """
            The scratch folder must be on a disk with room for the database; with --database the records go into that empty database, too, and
            stay there. Exit codes: 0 it can be relied on; 1 it cannot; 2 the drill could not be done.
            """,
        operands: "FILE",
        options: [
            ConfigurationFile.option, CommandOption("scratch", "DIR", "where to restore; default the system's folder for temporary files"),
            CommandOption("database", "URL", "an empty PostgreSQL database to restore into, too"), Configuration.backupKey,
            Configuration.backupPassphrase,
        ]
    ) { arguments in
        let (path, key) = try BackupArguments.read(arguments)
        let start = ContinuousClock.now
        let drill = try DrillFolder(arguments.text("scratch"))
        defer { drill.remove() }
        let folder = DataFolder(drill.path + "/data", database: try arguments.text("database").map(PostgresAddress.init))
        return try BackupArguments.answering {
            let outcome = try Restorer(path: path, key: key).run(into: folder)
            BackupArguments.tell(outcome)
            Output.line("drill: restored and verified in \(Restorer.seconds(start)) s; nothing is kept.")
        }
    }
}
