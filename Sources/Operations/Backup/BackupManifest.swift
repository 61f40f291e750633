import Crypto
import Foundation
import JSON
import Kernel
import Store
import StoreSQLite

/// What a backup says that it holds: files with their hashes, tables with their counts and hashes, the end of the audit trail.
package struct BackupManifest: Sendable, Equatable {
    package static let name = "manifest.json"
    /// The database file in every backup, whatever the store.
    package static let databaseName = "baton.sqlite"
    package static let checkpoints = "audit/checkpoints.jsonl", publicKey = "keys/audit.pub"
    package static let privateKeys = ["keys/audit.key", "keys/secrets.key", "keys/forms.key"]
    /// The most bytes of a manifest.
    package static let limit = 16 << 20

    package struct File: Sendable, Equatable {
        package let name: String
        package let size: Int
        package let hash: String
    }

    package var madeAt = ""
    package var version = ""
    /// `sqlite` or `postgresql`: where the records were.
    package var store = ""
    package var files: [File] = []
    package var tables: [SQLiteSnapshot.Table] = []
    package var auditEntries = 0
    package var auditSigned = 0
    package var auditIsWhole = true

    package var rows: Int { tables.reduce(0) { $0 + $1.rows } }
    package var hasKeys: Bool { files.contains { Self.privateKeys.contains($0.name) } }

    /// Whether a name may stand in a backup: the few that this program writes, so that none can lead elsewhere.
    package static func isName(_ name: String) -> Bool { ([Self.name, databaseName, checkpoints, publicKey] + privateKeys).contains(name) }

    package init() {}

    package var json: JSON {
        [
            "format": 1, "made_at": .string(madeAt), "version": .string(version), "store": .string(store),
            "files": .array(files.map { ["name": .string($0.name), "size": JSON($0.size), "sha256": .string($0.hash)] }),
            "tables": .array(tables.map { ["name": .string($0.name), "rows": JSON($0.rows), "sha256": .string($0.hash)] }),
            "audit": ["entries": JSON(auditEntries), "signed": JSON(auditSigned), "whole": .bool(auditIsWhole)],
        ]
    }

    /// Reads a manifest; nil when it is none of this program's.
    package init?(_ bytes: [UInt8]) {
        guard let json = try? JSON.parse(bytes), json["format"]?.intValue == 1, let files = json["files"]?.arrayValue,
            let tables = json["tables"]?.arrayValue, let audit = json["audit"]
        else { return nil }
        madeAt = json["made_at"]?.stringValue ?? ""
        version = json["version"]?.stringValue ?? ""
        store = json["store"]?.stringValue ?? ""
        self.files = files.compactMap { file in
            guard let name = file["name"]?.stringValue, Self.isName(name), let size = file["size"]?.intValue,
                let hash = file["sha256"]?.stringValue
            else { return nil }
            return File(name: name, size: size, hash: hash)
        }
        self.tables = tables.compactMap { table in
            guard let name = table["name"]?.stringValue, let rows = table["rows"]?.intValue, let hash = table["sha256"]?.stringValue else {
                return nil
            }
            return SQLiteSnapshot.Table(name: name, rows: rows, hash: hash)
        }
        guard self.files.count == files.count, self.tables.count == tables.count else { return nil }
        auditEntries = audit["entries"]?.intValue ?? 0
        auditSigned = audit["signed"]?.intValue ?? 0
        auditIsWhole = audit["whole"]?.boolValue ?? false
    }

    /// Refuses tables that are not those of the list.
    package func compare(_ found: [SQLiteSnapshot.Table]) throws {
        let known = Dictionary(tables.map { ($0.name, $0) }) { first, _ in first }
        for table in found {
            guard let wanted = known[table.name] else { throw Refusal.backupDiffers("The table \(table.name)", "it is not on the list") }
            guard table.rows == wanted.rows else {
                throw Refusal.backupDiffers("The table \(table.name)", "\(table.rows) rows instead of \(wanted.rows)")
            }
            guard table.hash == wanted.hash else { throw Refusal.backupDiffers("The table \(table.name)", "its content has another hash") }
        }
        guard found.count == tables.count else {
            throw Refusal.backupDiffers("The database", "\(found.count) tables instead of \(tables.count)")
        }
    }
}

/// Hashes a file of the disk.
package enum FileHash {
    package static func of(_ path: String) throws -> (size: Int, hash: String) {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw Refusal.backupUnreadable(path) }
        defer { try? handle.close() }
        var (hash, size) = (SHA256(), 0)
        while let block = try handle.read(upToCount: 1 << 20), !block.isEmpty {
            size += block.count
            hash.update([UInt8](block))
        }
        return (size, hash.finish().hex)
    }
}
