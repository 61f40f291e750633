import Kernel
import Operations
import Store

/// `baton audit verify`: checks an audit trail offline.
enum AuditVerifyCommand {
    static let command = Command(
        path: ["audit", "verify"], summary: "Checks the audit trail of a database that nobody serves, or of a copy.",
        details: """
            Reads every entry, link and signed checkpoint, and writes nothing. Exit codes: 0 the trail is whole; 1 it is damaged, and the
            first damaged entry is named; 2 it could not be checked.
            """,
        options: [ConfigurationFile.option, Configuration.data, Configuration.database]
    ) { try run($0) }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let folder = try DataFolder(arguments)
        try folder.requireDatabase()
        let report = try folder.readOnly { AuditVerifier($0, $1, directory: folder.path).verify() }
        Output.line(text(of: report))
        return report.isGood ? ExitCode.done : ExitCode.no
    }

    private static func text(of report: AuditReport) -> String {
        let signed = report.sealedThrough > 0 ? "signed through entry \(report.sealedThrough)" : "none of them signed yet"
        let seconds = (report.seconds * 100).rounded() / 100
        var lines = ["audit: \(report.entries) entries, \(report.checkpoints) checkpoints, \(signed), read in \(seconds) s"]
        if !report.lastAt.isEmpty { lines.append("audit: the last entry was made on \(report.lastAt) UTC") }
        lines += report.findings.map { "audit: \($0.kind.rawValue): \($0.sentence)" }
        if let first = report.firstBad {
            lines.append("audit: DAMAGED from entry \(first) on. Keep this copy and compare it with a backup.")
        } else {
            lines.append("audit: the trail is whole.")
        }
        return lines.joined(separator: "\n")
    }
}
