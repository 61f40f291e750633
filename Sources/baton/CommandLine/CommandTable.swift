import Kernel
import Operations

/// All commands, and how one of them is found and run.
enum CommandTable {
    // The first whose words begin the line is taken: longer paths stand before their beginnings.
    static let commands = [
        ServeCommand.command, ConfigCommand.command, DoctorCommand.command, MigrateCommand.command, DatabaseCopyCommand.command,
        BackupVerifyCommand.command, BackupKeyCommand.command, BackupCommand.command, RestoreDrillCommand.command, RestoreCommand.command,
        KeysRotateCommand.command, AuditVerifyCommand.command, InspectCommand.command, SampleCommand.command, SendHL7Command.command,
        VersionCommand.command, PageWorkerCommand.command, ScriptWorkerCommand.command, BenchStoreCommand.command,
        BenchDecisionsCommand.command, BenchScriptsCommand.command, BenchRulesCommand.command,
        BenchReadingCommand.command,
    ]

    /// Runs what the arguments say.
    ///
    /// - Returns: The exit code: 0 done, 1 the answer is no, 2 it could not be done, 64 a mistake on the command line.
    static func run(_ arguments: [String]) -> Int32 {
        guard let first = arguments.first, first != "--help", first != "-h", first != "help" else {
            Output.line(overview)
            return arguments.isEmpty ? ExitCode.usage : ExitCode.done
        }
        if first == "--version" { return run(["version"]) }
        guard let command = commands.first(where: { arguments.starts(with: $0.path) }) else {
            Output.complain("there is no command `\(arguments.prefix(2).joined(separator: " "))`. Run `baton --help` to see all.")
            return ExitCode.usage
        }
        return run(command, Array(arguments.dropFirst(command.path.count)))
    }

    private static func run(_ command: Command, _ words: [String]) -> Int32 {
        if command.takesRawWords { return command.run(Arguments(rest: words)) }
        if words.contains("--help") || words.contains("-h") {
            Output.line(command.help)
            return ExitCode.done
        }
        do {
            return try command.body(try Arguments.parse(words, command.options, takesOperands: command.operands != nil))
        } catch let mistake as UsageMistake {
            Output.complain("\(mistake.sentence) Run `baton \(command.name) --help` to see how.")
            return ExitCode.usage
        } catch let refusal as Refusal {
            Output.complain("\(refusal.sentence) [\(refusal.code)]")
            return ExitCode.failed
        } catch {
            Output.complain("\(command.name) could not go on: \(error)")
            return ExitCode.failed
        }
    }

    private static var overview: String {
        let visible = commands.filter { !$0.isHidden }
        let width = visible.map(\.name.count).max() ?? 0
        let lines = visible.map { "  baton " + $0.name.padded(to: width) + "   " + $0.summary }
        return """
            Baton runs the operations of a healthcare organisation.

            \(lines.joined(separator: "\n"))

            `baton COMMAND --help` explains a command.
            """
    }
}
