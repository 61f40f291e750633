import Foundation
import Kernel

/// What the commands about backups have in common.
package enum BackupArguments {
    /// Codes that say: the file is not what was written.
    private static let damage: Set<String> = ["backup.damaged", "backup.cut", "backup.differs", "backup.not_one"]

    package static func read(_ arguments: Arguments) throws -> (path: String, key: BackupKey) {
        guard arguments.rest.count == 1 else { throw UsageMistake("Give the one backup to read.") }
        return (arguments.rest[0], try BackupKey(arguments))
    }

    /// Runs a body; a damaged file is an answer and no failure to answer.
    package static func answering(_ body: () throws -> Void) throws -> Int32 {
        do { try body() } catch let refusal as Refusal where damage.contains(refusal.code) {
            Output.complain("\(refusal.sentence) [\(refusal.code)]")
            return ExitCode.no
        }
        return ExitCode.done
    }

    package static func tell(_ outcome: Restorer.Outcome) {
        let manifest = outcome.manifest
        Output.line("restore: made \(manifest.madeAt) by \(manifest.version) from \(manifest.store)")
        Output.line("restore: \(manifest.files.count) files unpacked and hashed in \(outcome.unpackSeconds) s")
        Output.line(
            "restore: \(manifest.tables.count) tables, \(manifest.rows) rows, counts and hashes agree, in \(outcome.checkSeconds) s")
        let trail = outcome.audit.isGood ? "whole" : "DAMAGED, as it was when the backup was made"
        Output.line(
            "restore: the audit trail of \(outcome.audit.entries) entries is \(trail), signed through \(outcome.audit.sealedThrough)")
        if let seconds = outcome.copySeconds { Output.line("restore: copied into PostgreSQL and compared in \(seconds) s") }
    }
}

/// The folder of a drill, which goes with it.
package struct DrillFolder {
    package let path: String

    package init(_ parent: String?) throws {
        path = (parent ?? NSTemporaryDirectory()) + "/baton-drill-" + UUID().uuidString
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Refusal.backupUnwritable(path, error.localizedDescription) }
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
