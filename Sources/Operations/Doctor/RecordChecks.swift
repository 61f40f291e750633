import Foundation
import Kernel
import Store
import StoreSQLite

/// The records: the file's pages, the tables' shape, the audit trail. Everything is read, nothing written.
package struct RecordChecks {
    package let folder: DataFolder

    package init(folder: DataFolder) { self.folder = folder }

    package func run() -> [Finding] {
        guard folder.database != nil || folder.exists else {
            return [.note("records", "There is no database in \(folder.path) yet.")]
        }
        var findings: [Finding] = []
        if folder.database == nil {
            let pages = pages()
            findings.append(pages)
            // What is read from damaged pages says nothing.
            guard pages.grade == .good else { return findings }
        }
        do {
            try folder.readOnly { connection, dialect in
                findings.append(try shape(connection, dialect))
                findings.append(trail(connection, dialect))
            }
        } catch {
            let refusal = error as? Refusal
            let instruction = refusal?.instruction ?? ""
            findings.append(
                .bad(
                    "records", refusal?.message ?? "The database cannot be read.",
                    instruction.isEmpty ? "Look into the server's log." : instruction))
        }
        return findings
    }

    private func pages() -> Finding {
        let problems = (try? SQLiteSnapshot.problems(of: folder.databaseFile)) ?? ["the file cannot be opened"]
        guard let first = problems.first else { return .good("pages", "Every page and index of the database is sound.") }
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        return .bad(
            "pages", "The database file is damaged: \(first)\(more).",
            "Stop the server, keep the file, run `baton restore drill` on the last backup, then `baton restore` it into a new folder.")
    }

    private func shape(_ connection: any SQLConnection, _ dialect: any SQLDialect) throws -> Finding {
        let plan = try Database.migrationPlan(for: Apps.all, connection, dialect)
        if let refused = plan.refused.first {
            return .bad("tables", "A change of the tables needs a person: \(refused).", "Run `baton migrate --plan` and decide.")
        }
        guard plan.steps.isEmpty else {
            return .warning(
                "tables", "\(plan.steps.count) steps bring the tables up to this version.",
                "The next start does them; `baton migrate --plan` shows them.")
        }
        return .good("tables", "They are those of this version.")
    }

    private func trail(_ connection: any SQLConnection, _ dialect: any SQLDialect) -> Finding {
        let report = AuditVerifier(connection, dialect, directory: folder.path).verify()
        guard let finding = report.findings.first else {
            return .good("audit trail", "\(report.entries) entries are whole, signed through \(report.sealedThrough).")
        }
        return .bad(
            "audit trail", finding.sentence, "Run `baton audit verify`, keep this copy, and compare it with a backup.")
    }
}
