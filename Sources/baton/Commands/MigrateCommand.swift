import Kernel
import Operations
import Store

/// `baton migrate`: shows or does what brings the tables up to date.
enum MigrateCommand {
    static let command = Command(
        path: ["migrate"], summary: "Brings the tables of a database up to date, or shows what that would do.",
        details: """
            Nothing is ever dropped: tables and columns that no model wants any more stay, with their data. All steps run in one
            transaction. Exit codes: 0 done or nothing to do; 1 a change needs a person first; 2 it could not be done.
            """,
        options: [
            ConfigurationFile.option, Configuration.data, Configuration.database, Configuration.secretsKey,
            CommandOption("plan", nil, "only print what would be done"),
            CommandOption("sql", nil, "print the statements, too"),
        ]
    ) { try run($0) }

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let folder = try DataFolder(arguments)
        try folder.requireDatabase()
        // A plan only reads, and may be made while the program serves.
        if !arguments.has("plan") { try folder.lock() }
        let database = try folder.open()
        defer { database.close() }
        return try database.exclusively { try migrate(database, arguments) }
    }

    private static func migrate(_ database: Database, _ arguments: Arguments) throws -> Int32 {
        let plan = try database.migrationPlan()
        let lines = plan.lines(withSQL: arguments.has("sql"))
        if !lines.isEmpty { Output.line(lines.joined(separator: "\n")) }
        if plan.isEmpty { Output.line("The tables are up to date: nothing to do.") }
        guard plan.refused.isEmpty else { return ExitCode.no }
        if arguments.has("plan") { return ExitCode.done }
        let done = try database.migrate()
        try database.seed()
        Output.line("Done: \(done.steps.count) steps.")
        return ExitCode.done
    }
}
