import Foundation
import Operations
import StorePostgres

/// `baton config`: shows the settings in force with where each comes from.
enum ConfigCommand {
    static let command = Command(
        path: ["config"], summary: "Shows the settings in force, and where each comes from.",
        details: """
            The command line wins over the environment, and that over the configuration file. Secrets are shown as (set). A setting that
            `baton serve` would refuse is named. Exit codes: 0 the settings are good; 64 one of them is not.
            """,
        options: [ConfigurationFile.option] + Configuration.settings + [
            CommandOption("reference", nil, "print the table of all settings instead"),
            CommandOption("figures", nil, "print the table of the figures on /metrics instead"),
        ]
    ) { arguments in
        if arguments.has("reference") {
            Output.line(Configuration.reference)
            return ExitCode.done
        }
        if arguments.has("figures") {
            Output.line(MetricTable.reference)
            return ExitCode.done
        }
        for line in lines(arguments) { Output.line(line) }
        if arguments.text("data") != nil { _ = try ServeConfiguration(arguments) }
        return ExitCode.done
    }

    private static func lines(_ arguments: Arguments) -> [String] {
        let rows = Configuration.settings.map { option -> (name: String, value: String, source: String) in
            guard let given = arguments.given(option.name) else {
                return (option.name, option.preset ?? "(not set)", option.preset == nil ? "" : "default")
            }
            return (option.name, shown(given.text, option), words(given.source))
        }
        let names = rows.map(\.name.count).max() ?? 0
        let values = min(60, rows.map(\.value.count).max() ?? 0)
        return rows.map { row in
            let line = row.name.padded(to: names) + "  " + row.value.padded(to: values) + "  " + row.source
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func words(_ source: Arguments.Source) -> String {
        switch source {
        case .file(let path): path
        case .environment(let variable): variable
        case .fileOfVariable(let variable): variable
        case .commandLine: "command line"
        }
    }

    private static func shown(_ text: String, _ option: CommandOption) -> String {
        switch option.secrecy {
        case .open: return text
        case .secret: return "(set)"
        case .address:
            if PostgresAddress.isOne(text) { return (try? PostgresAddress(text))?.description ?? "(set)" }
            guard var parts = URLComponents(string: text), parts.scheme != nil, parts.query == nil else { return "(set)" }
            guard parts.password != nil else { return text }
            parts.password = nil
            return (parts.string ?? "") + " with a password (set)"
        }
    }
}
