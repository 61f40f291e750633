import Crypto
import Foundation
import Glibc
import Kernel
import Store
import StorePostgres
import StoreSQLite

/// Makes a backup of a database that may be served meanwhile.
package struct BackupMaker {
    package let folder: DataFolder
    package let key: BackupKey
    /// Whether the private keys go into it.
    package let hasKeys: Bool

    package init(folder: DataFolder, key: BackupKey, hasKeys: Bool) {
        self.folder = folder
        self.key = key
        self.hasKeys = hasKeys
    }

    /// What was made.
    package struct Outcome {
        package let manifest: BackupManifest
        package let bytes: Int
        /// Tables and columns that no model wants any more; a copy from PostgreSQL leaves them out.
        package let leftOut: [String]
    }

    /// Writes, reads what was written, and only then gives the file its name.
    package func run(to path: String) throws -> Outcome {
        guard !FileManager.default.fileExists(atPath: path) else { throw Refusal.backupExists(path) }
        let scratch = try Scratch(in: folder.path, name: "backup.scratch")
        defer { scratch.remove() }
        // Read before the snapshot: every checkpoint in it then signs what the snapshot has.
        let checkpoints = FileManager.default.contents(atPath: folder.path + "/" + BackupManifest.checkpoints) ?? Data()
        let copy = scratch.path + "/" + BackupManifest.databaseName
        let leftOut = try snapshot(to: copy)
        var manifest = BackupManifest()
        manifest.madeAt = SystemClock().now.iso8601
        manifest.version = ProgramVersion.text
        manifest.store = folder.database == nil ? "sqlite" : "postgresql"
        manifest.tables = try SQLiteSnapshot.tables(of: copy)
        try audit(copy, String(decoding: checkpoints, as: UTF8.self), &manifest)
        var sources = [(BackupManifest.databaseName, copy)]
        let kept = scratch.path + "/checkpoints"
        guard FileManager.default.createFile(atPath: kept, contents: checkpoints) else { throw Refusal.backupUnwritable(kept, "no room") }
        sources.append((BackupManifest.checkpoints, kept))
        sources += keyFiles
        for (name, file) in sources {
            let (size, hash) = try FileHash.of(file)
            manifest.files.append(BackupManifest.File(name: name, size: size, hash: hash))
        }
        let bytes = try write(manifest, sources.map(\.1), to: path)
        BackupLog(folder).add(path, bytes)
        return Outcome(manifest: manifest, bytes: bytes, leftOut: leftOut)
    }

    private var keyFiles: [(String, String)] {
        var files = [(BackupManifest.publicKey, folder.path + "/" + BackupManifest.publicKey)]
        if hasKeys {
            files += BackupManifest.privateKeys.map { name in
                (name, name == "keys/secrets.key" ? folder.secrets.path : folder.path + "/" + name)
            }
        }
        return files.filter { FileManager.default.fileExists(atPath: $0.1) }
    }

    /// Puts the records as they stand now into a SQLite file; gives what was left out.
    private func snapshot(to copy: String) throws -> [String] {
        guard let address = folder.database else {
            try SQLiteSnapshot.write(of: folder.databaseFile, to: copy)
            return []
        }
        // One transaction reads everything, and waits while its rows are written here.
        var options = PostgresOptions()
        options.idleTransactionSeconds = 0
        options.statementSeconds = 300
        let source = try Database(driver: try PostgresDriver(address, options: options), apps: Apps.all)
        defer { source.close() }
        guard try source.migrationPlan().isEmpty else { throw Refusal.backupOldTables() }
        try source.adoptCustomModels()
        let target = try Database(driver: try SQLiteDriver(path: copy), apps: Apps.all)
        defer { target.close() }
        try target.migrate()
        if source.registry.custom != target.registry.custom { try target.replaceRegistry(custom: source.registry.custom) }
        try DatabaseCopy(from: source, to: target).run { _ in }
        return try source.migrationPlan().kept
    }

    private func audit(_ copy: String, _ checkpoints: String, _ manifest: inout BackupManifest) throws {
        let key = AuditVerifier.publicKey(in: folder.path)
        let report = try SQLiteDriver.readOnly(path: copy) {
            AuditVerifier($0, SQLiteDriver.words, key: key, checkpoints: checkpoints).verify()
        }
        (manifest.auditEntries, manifest.auditSigned, manifest.auditIsWhole) = (report.entries, report.sealedThrough, report.isGood)
    }

    private func write(_ manifest: BackupManifest, _ sources: [String], to path: String) throws -> Int {
        let draft = path + ".partial"
        unlink(draft)
        var isDone = false
        defer { if !isDone { unlink(draft) } }
        let writer = try BackupWriter(draft, key: key)
        try writer.add(BackupManifest.name, manifest.json.serialized())
        for (file, source) in zip(manifest.files, sources) { try writer.add(file.name, file: source, size: file.size) }
        try writer.finish()
        let found = try BackupCheck(path: draft, key: key).run()
        guard found == manifest else { throw Refusal.backupDiffers("The list of the backup", "it reads otherwise than it was written") }
        guard link(draft, path) == 0 else {
            if errno == EEXIST { throw Refusal.backupExists(path) }
            throw Refusal.backupUnwritable(path, String(cString: strerror(errno)))
        }
        unlink(draft)
        isDone = true
        Scratch.sync((path as NSString).deletingLastPathComponent)
        return writer.bytes
    }
}

/// Reads a whole backup and holds every file against the list.
package struct BackupCheck {
    package let path: String
    package let key: BackupKey

    package init(path: String, key: BackupKey) {
        self.path = path
        self.key = key
    }

    /// Gives the list; with a folder, the files are put there.
    @discardableResult package func run(unpackTo folder: String? = nil) throws -> BackupManifest {
        let reader = try BackupReader(path, key: key)
        guard let first = try reader.nextFile(), first.name == BackupManifest.name, first.size <= BackupManifest.limit else {
            throw Refusal.backupNotOne(path, "its list does not come first")
        }
        var bytes: [UInt8] = []
        try reader.read(first.size) { bytes += $0 }
        guard let manifest = BackupManifest(bytes) else { throw Refusal.backupNotOne(path, "its list cannot be read") }
        for file in manifest.files {
            guard let next = try reader.nextFile(), next.name == file.name, next.size == file.size else {
                throw Refusal.backupDiffers(file.name, "it is not at its place")
            }
            let found = try take(file, reader, folder)
            guard found == file.hash else { throw Refusal.backupDiffers(file.name, "its content has another hash") }
        }
        guard try reader.nextFile() == nil else { throw Refusal.backupDiffers("The backup", "it holds more than its list") }
        return manifest
    }

    private func take(_ file: BackupManifest.File, _ reader: BackupReader, _ folder: String?) throws -> String {
        let target = try folder.map { try UnpackedFile($0 + "/" + file.name) }
        var hash = SHA256()
        try reader.read(file.size) { bytes in
            let bytes = Array(bytes)
            hash.update(bytes)
            try target?.write(bytes)
        }
        try target?.finish()
        return hash.finish().hex
    }
}
