import JSON
import Kernel
import Operations
import StorePostgres

/// `baton doctor`: looks at everything that the program stands on, and says what to do.
enum DoctorCommand {
    static let command = Command(
        path: ["doctor"], summary: "Checks what the program stands on, and says what to do.",
        details: """
            Looks at the folder and its keys, the database's pages, tables and audit trail, the disk, the backups, PostgreSQL and Patroni, the
            certificate, and whether mail, traces and the public address are reached. Nothing is written, and the program may be served. Exit
            codes: 0 nothing is wrong (warnings are printed); 1 something is; 64 a setting is wrong.
            """,
        options: [ConfigurationFile.option] + Configuration.settings + [CommandOption("json", nil, "print JSON, one object a line")]
    ) { arguments in
        let folder = try DataFolder(arguments)
        _ = try ServeConfiguration(arguments)
        var findings = FolderChecks(folder: folder, arguments: arguments).run()
        if let address = folder.database {
            findings += PostgresChecks(address: address, patroni: arguments.text("patroni")).run()
        } else if let patroni = arguments.text("patroni") {
            findings.append(PatroniCheck(url: patroni).run())
        }
        findings += RecordChecks(folder: folder).run() + NetworkChecks(arguments: arguments).run()
        for finding in findings { Output.line(arguments.has("json") ? finding.json.text() : finding.line) }
        let bad = findings.count { $0.grade == .bad }
        let warnings = findings.count { $0.grade == .warning }
        if !arguments.has("json") { Output.line("doctor: \(findings.count) checks, \(bad) bad, \(warnings) warnings.") }
        return bad == 0 ? ExitCode.done : ExitCode.no
    }
}
