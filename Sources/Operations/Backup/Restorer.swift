import Foundation
import Glibc
import Kernel
import Store
import StorePostgres
import StoreSQLite

/// Brings a backup back into an empty place.
package struct Restorer {
    package let path: String
    package let key: BackupKey

    package init(path: String, key: BackupKey) {
        self.path = path
        self.key = key
    }

    /// How long each part took, and what was found there.
    package struct Outcome {
        package let manifest: BackupManifest
        package let unpackSeconds: Double
        package let checkSeconds: Double
        /// Seconds of the copy into PostgreSQL, where there was one.
        package let copySeconds: Double?
        package let audit: AuditReport
    }

    /// Where everything is unpacked and checked; a restore that was killed may leave it behind.
    private static let scratch = ".restore"
    /// What may stand in an empty folder: what a killed restore left, and what a file system makes.
    private static let leftovers: Set<String> = [scratch, scratch + ".lock", "lost+found"]

    /// Unpacks, checks everything, and only then gives the folder its files: the database last.
    package func run(into folder: DataFolder) throws -> Outcome {
        try requireEmpty(folder)
        try folder.create()
        let scratch = try Scratch(in: folder.path, name: Self.scratch)
        defer { scratch.remove() }
        let start = ContinuousClock.now
        let manifest = try BackupCheck(path: path, key: key).run(unpackTo: scratch.path)
        let unpacked = ContinuousClock.now
        let audit = try check(manifest, scratch.path)
        let checked = ContinuousClock.now
        var copied: Double?
        if let address = folder.database {
            try copy(from: scratch.path, to: address)
            copied = Self.seconds(checked)
        }
        try move(manifest, from: scratch.path, to: folder)
        return Outcome(
            manifest: manifest, unpackSeconds: Self.seconds(start, unpacked), checkSeconds: Self.seconds(unpacked, checked),
            copySeconds: copied, audit: audit)
    }

    /// Refuses a folder in which anything stands.
    private func requireEmpty(_ folder: DataFolder) throws {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard files.allSatisfy(Self.leftovers.contains) else { throw Refusal.restoreNotEmpty(folder.path) }
        if FileManager.default.fileExists(atPath: folder.path), access(folder.path, W_OK) != 0 {
            throw Refusal.backupUnwritable(folder.path, "you may not write there")
        }
    }

    /// Holds the unpacked database against the list: SQLite's own check, counts and hashes of every table, the audit trail.
    private func check(_ manifest: BackupManifest, _ place: String) throws -> AuditReport {
        let file = place + "/" + BackupManifest.databaseName
        if let problem = try SQLiteSnapshot.problems(of: file, limit: 1).first { throw Refusal.backupDiffers("The database", problem) }
        try manifest.compare(try SQLiteSnapshot.tables(of: file))
        let report = try SQLiteDriver.readOnly(path: file) { AuditVerifier($0, SQLiteDriver.words, directory: place).verify() }
        guard report.entries == manifest.auditEntries else {
            throw Refusal.backupDiffers("The audit trail", "\(report.entries) entries instead of \(manifest.auditEntries)")
        }
        if manifest.auditIsWhole, let finding = report.findings.first { throw Refusal.backupDiffers("The audit trail", finding.sentence) }
        return report
    }

    private func copy(from place: String, to address: PostgresAddress) throws {
        let source = try Database(driver: try SQLiteDriver(path: place + "/" + BackupManifest.databaseName), apps: Apps.all)
        defer { source.close() }
        guard try source.migrationPlan().isEmpty else { throw Refusal.backupOldTables() }
        try source.migrate()
        let target = try Database(driver: try PostgresDriver(address), apps: Apps.all)
        defer { target.close() }
        try target.exclusively {
            try target.migrate()
            if source.registry.custom != target.registry.custom { try target.replaceRegistry(custom: source.registry.custom) }
            try DatabaseCopy(from: source, to: target).run { _ in }
        }
    }

    /// Gives the folder its files, the database last: a restore that was stopped leaves a folder without one, which nothing serves.
    private func move(_ manifest: BackupManifest, from place: String, to folder: DataFolder) throws {
        let names = manifest.files.map(\.name).filter { folder.database == nil || $0 != BackupManifest.databaseName }
        for name in names.filter({ $0 != BackupManifest.databaseName }) + names.filter({ $0 == BackupManifest.databaseName }) {
            let target = folder.path + "/" + name
            try FileManager.default.createDirectory(
                atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            guard rename(place + "/" + name, target) == 0 else { throw Refusal.backupUnwritable(target, String(cString: strerror(errno))) }
            Scratch.sync((target as NSString).deletingLastPathComponent)
        }
    }

    package static func seconds(_ start: ContinuousClock.Instant, _ end: ContinuousClock.Instant = .now) -> Double {
        let took = start.duration(to: end).components
        return ((Double(took.seconds) + Double(took.attoseconds) / 1e18) * 100).rounded() / 100
    }
}
