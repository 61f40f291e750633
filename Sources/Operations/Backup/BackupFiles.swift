import Foundation
import Glibc
import JSON
import Kernel

/// A file that comes out of a backup, for nobody but its owner.
package final class UnpackedFile {
    private let path: String
    private let descriptor: Int32

    package init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Refusal.backupUnwritable(path, String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    package func write(_ bytes: [UInt8]) throws {
        guard Output.write(bytes, to: descriptor) else { throw Refusal.backupUnwritable(path, String(cString: strerror(errno))) }
    }

    package func finish() throws {
        guard fsync(descriptor) == 0 else { throw Refusal.backupUnwritable(path, String(cString: strerror(errno))) }
    }
}

/// A folder for what must not stay: for nobody but its owner, one at a time, and emptied of what a killed run left behind.
package final class Scratch {
    package let path: String
    private let lock: Int32

    /// Takes the folder; another process that has it is a refusal.
    package init(in parent: String, name: String) throws {
        path = parent + "/" + name
        lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Refusal.backupUnwritable(parent, String(cString: strerror(errno))) }
        guard lockf(lock, F_TLOCK, 0) == 0 else { throw Refusal.backupRunning(parent) }
        try? FileManager.default.removeItem(atPath: path)
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Refusal.backupUnwritable(path, error.localizedDescription) }
    }

    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
        unlink(path + ".lock")
    }

    deinit { close(lock) }

    /// Waits until the names in a folder are on the disk.
    package static func sync(_ folder: String) {
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

/// Which backups were made of a folder: a line of JSON for each, for `/metrics` and `baton doctor`.
package struct BackupLog {
    private let path: String

    package init(_ folder: DataFolder) { path = folder.path + "/backups.jsonl" }

    /// When the last verified backup was made, in seconds since 1970.
    package var last: Int? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(separator: "\n").last.flatMap { try? JSON.parse(String($0)) }?["at"]?.intValue
    }

    /// Notes a backup. That it cannot be noted does not undo it.
    package func add(_ file: String, _ bytes: Int) {
        let line: JSON = ["at": JSON(SystemClock().now.seconds), "file": .string(file), "bytes": JSON(bytes)]
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        Output.write(Array((line.text() + "\n").utf8), to: descriptor)
        fsync(descriptor)
        close(descriptor)
    }
}
