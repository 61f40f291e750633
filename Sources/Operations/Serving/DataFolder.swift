import Base
import Crypto
import Foundation
import Glibc
import Kernel
import Store
import StorePostgres
import StoreSQLite

/// The folder that holds a database: `baton.sqlite`, the keys, the audit checkpoints, and the lock of who uses it. With an address of a
/// PostgreSQL database it holds all but the first.
package struct DataFolder: Sendable {
    /// The name by which clients ask for the database.
    package static let databaseName = "baton"

    package let path: String
    /// The PostgreSQL database that stands in for the file.
    package let database: PostgresAddress?
    /// The keys to what is sealed in the database.
    package let secrets: SecretFile

    package init(_ path: String, database: PostgresAddress? = nil, secretsKey: String? = nil) {
        self.path = path
        self.database = database
        secrets = SecretFile(path: secretsKey ?? path + "/keys/secrets.key")
    }

    /// What the options `--data`, `--database` and `--secrets-key` say.
    package init(_ arguments: Arguments) throws {
        self.init(
            try arguments.required("data"), database: try arguments.text("database").map(PostgresAddress.init),
            secretsKey: arguments.text("secrets-key"))
    }

    /// Where the records are, for people; without a password.
    package var place: String { database?.description ?? path }

    package var databaseFile: String { path + "/baton.sqlite" }
    package var exists: Bool { FileManager.default.fileExists(atPath: databaseFile) }

    package var isWritable: Bool { access(path, W_OK) == 0 }

    /// Makes the folder for nobody but its owner.
    package func create() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Refusal(
                "data.folder", .unavailable, "The folder \(path) cannot be made.",
                instruction: "Check the path and who may write there.")
        }
    }

    /// Refuses a folder without a database.
    package func requireDatabase() throws {
        guard database != nil || exists else {
            throw Refusal(
                "data.none", .missing, "There is no database in \(path).",
                instruction: "Give the folder that `baton serve --data` was given.")
        }
    }

    /// Makes sure that one process alone writes; the lock ends with the process.
    package func lock() throws {
        let descriptor = Glibc.open(path + "/baton.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Refusal(
                "data.folder", .unavailable, "The folder \(path) cannot be written.", instruction: "Check who may write there.")
        }
        guard lockf(descriptor, F_TLOCK, 0) == 0 else {
            Glibc.close(descriptor)
            throw Refusal(
                "data.in_use", .unavailable, "Another process uses the database in \(path).",
                instruction: "Stop it first, or give another folder.")
        }
    }

    /// Opens the database with all apps; `migrate()` is left to the caller.
    package func open() throws -> Database {
        let driver: any StoreDriver =
            if let database { try PostgresDriver(database) } else { try SQLiteDriver(path: databaseFile) }
        let database = try Database(driver: driver, apps: Apps.all, seal: AuditSeal(directory: path))
        Secrets.use(try secrets.load(), for: database.appMemory)
        return database
    }

    /// Reads the database without writing anything, not even beside the file.
    package func readOnly<Result>(_ body: (any SQLConnection, any SQLDialect) throws -> Result) throws -> Result {
        if let database { return try PostgresDriver.readOnly(database) { try body($0, PostgresDriver.words) } }
        return try SQLiteDriver.readOnly(path: databaseFile, immutable: !isWritable) { try body($0, SQLiteDriver.words) }
    }
}
