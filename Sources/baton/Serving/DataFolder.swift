import Base
import Crypto
import Foundation
import Glibc
import Kernel
import Store
import StoreSQLite

/// The folder that holds a database: `baton.sqlite`, the keys, the audit checkpoints, and the lock of who uses it.
struct DataFolder: Sendable {
    /// The name by which clients ask for the database.
    static let databaseName = "baton"
    private static let secretBytes = 32

    let path: String
    /// The keys to what is sealed in the database.
    let secrets: SecretFile

    init(_ path: String, secretsKey: String? = nil) {
        self.path = path
        secrets = SecretFile(path: secretsKey ?? path + "/keys/secrets.key")
    }

    var databaseFile: String { path + "/baton.sqlite" }
    var exists: Bool { FileManager.default.fileExists(atPath: databaseFile) }

    var isWritable: Bool { access(path, W_OK) == 0 }

    /// Makes the folder for nobody but its owner.
    func create() throws {
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
    func requireDatabase() throws {
        guard exists else {
            throw Refusal(
                "data.none", .missing, "There is no database in \(path).",
                instruction: "Give the folder that `baton serve --data` was given.")
        }
    }

    /// Makes sure that one process alone writes; the lock ends with the process.
    func lock() throws {
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

    /// A random key of this folder, made when it is asked for the first time.
    func secret(_ name: String) throws -> [UInt8] {
        let file = path + "/keys/\(name).key"
        if let text = try? String(contentsOfFile: file, encoding: .utf8),
            let bytes = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == DataFolder.secretBytes
        {
            return bytes
        }
        let bytes = SystemRandomSource().bytes(DataFolder.secretBytes)
        let text = Data((Hex.encode(bytes) + "\n").utf8)
        guard FileManager.default.createFile(atPath: file, contents: text, attributes: [.posixPermissions: 0o600]) else {
            throw Refusal("data.folder", .unavailable, "The file \(file) cannot be written.", instruction: "Check who may write there.")
        }
        return bytes
    }

    /// Opens the database with all apps; `migrate()` is left to the caller.
    func open() throws -> Database {
        let driver = try SQLiteDriver(path: databaseFile)
        let database = try Database(driver: driver, apps: Apps.all, seal: AuditSeal(directory: path))
        Secrets.use(try secrets.load(), for: database.appMemory)
        return database
    }
}
