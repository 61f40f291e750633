import Foundation
import Glibc

/// The data folder, its keys, its disk and its backups.
package struct FolderChecks {
    package let folder: DataFolder
    package let arguments: Arguments

    package init(folder: DataFolder, arguments: Arguments) {
        self.folder = folder
        self.arguments = arguments
    }

    /// Free bytes below which writing soon fails, and below which it is time to act.
    package static let leastFree = 100 << 20, wantedFree = 1 << 30
    /// Hours after which a backup is too old.
    package static let backupHours = 26

    package func run() -> [Finding] { [rights] + keys + secretFiles + [disk, backups] }

    private var rights: Finding {
        var status = stat()
        guard stat(folder.path, &status) == 0 else {
            return .bad("folder", "\(folder.path) is not there.", "Give the folder that `baton serve --data` was given.")
        }
        guard access(folder.path, W_OK | X_OK) == 0 else {
            return .bad(
                "folder", "\(folder.path) cannot be written by this user.",
                "Run as the user of the service, or: chown -R baton \(folder.path)")
        }
        guard status.st_mode & 0o077 == 0 else {
            return .warning("folder", "\(folder.path) can be entered by others.", "Run: chmod 700 \(folder.path)")
        }
        return .good("folder", "\(folder.path) belongs to this user alone.")
    }

    private var keys: [Finding] {
        let names = [folder.path + "/keys/audit.key", folder.secrets.path]
        let found = names.filter { FileManager.default.fileExists(atPath: $0) }
        var findings = found.filter { Self.mode($0) & 0o077 != 0 }.map {
            Finding.bad("keys", "\($0) can be read by others.", "Run: chmod 600 \($0) — and make new keys if others use this machine.")
        }
        let isNew = folder.database == nil && !folder.exists
        for name in names where !found.contains(name) && !isNew {
            findings.append(.bad("keys", "\(name) is missing.", "Bring it back from where the keys are saved, before the next start."))
        }
        if found.contains(folder.secrets.path), Self.mode(folder.secrets.path) & 0o077 == 0 {
            do { _ = try folder.secrets.load() } catch {
                findings.append(.bad("keys", "\(folder.secrets.path) holds no keys.", "Bring it back from where it was saved."))
            }
        }
        return findings.isEmpty ? [.good("keys", "\(found.count) key files, readable by this user alone.")] : findings
    }

    /// Files that settings name and that hold a secret.
    private var secretFiles: [Finding] {
        var files = ["tls-key", "backup-key"].compactMap { arguments.text($0) }
        let environment = ProcessInfo.processInfo.environment
        files += Configuration.settings.compactMap { $0.fileVariable.flatMap { environment[$0] } }
        let open = files.filter { Self.mode($0) & 0o007 != 0 }
        return open.map { .bad("secret files", "\($0) can be read by everybody.", "Run: chmod o-rwx \($0)") }
    }

    private var disk: Finding {
        guard let free = MachineFigures.freeBytes(folder.path) else { return .note("disk", "The free space is not known.") }
        let words = "\(free >> 20) MiB are free for \(folder.path)."
        let remedy = "Free space or enlarge the disk; nothing needs to be restarted afterwards."
        if free < Self.leastFree { return .bad("disk", words, remedy) }
        return free < Self.wantedFree ? .warning("disk", words, remedy) : .good("disk", words)
    }

    private var backups: Finding {
        guard let last = BackupLog(folder).last else {
            return .warning("backup", "No backup of this folder is known.", "Run `baton backup` daily, and `baton restore drill` monthly.")
        }
        let hours = (Int(Date().timeIntervalSince1970) - last) / 3_600
        guard hours < Self.backupHours else {
            return .warning("backup", "The last verified backup is \(hours) hours old.", "Look why the daily backup did not run.")
        }
        return .good("backup", "The last verified backup is \(hours) hours old.")
    }

    /// The rights of a file; none when it is not there.
    private static func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}
