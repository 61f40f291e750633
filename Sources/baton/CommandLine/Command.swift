/// One command of the program: its words, its options and what it does.
struct Command: Sendable {
    /// The words that name it: `["audit", "verify"]`.
    let path: [String]
    /// One line for the overview.
    let summary: String
    /// Sentences under the usage line.
    var details = ""
    /// What stands after the options, as `FILE…`; nil when nothing may.
    var operands: String?
    var options: [CommandOption] = []
    /// Whether the overview leaves it out.
    var isHidden = false
    /// Whether its words are handed over unread, `--help` included.
    var takesRawWords = false
    let body: @Sendable (Arguments) throws -> Int32

    var name: String { path.joined(separator: " ") }

    /// Runs a command that takes raw words and cannot fail otherwise than by its code.
    func run(_ arguments: Arguments) -> Int32 { (try? body(arguments)) ?? ExitCode.failed }

    /// What `--help` prints.
    var help: String {
        var usage = "Usage: baton \(name)"
        if !options.isEmpty { usage += " [options]" }
        if let operands { usage += " " + operands }
        let width = (options.map(\.label.count) + ["--help".count]).max() ?? 0
        var lines = [summary, "", usage, ""]
        if !details.isEmpty { lines += [details, ""] }
        lines += options.map { "  " + $0.label.padded(to: width) + "   " + $0.explanation }
        lines.append("  " + "--help".padded(to: width) + "   print this")
        return lines.joined(separator: "\n")
    }
}

/// One option of a command: on the command line, as an environment variable and, where it is a setting, as a key of the configuration file.
struct CommandOption: Sendable {
    /// How much of a value may be shown.
    enum Secrecy: Sendable {
        case open
        /// Nothing of it.
        case secret
        /// An address that may hold a password, which is left out.
        case address
    }

    /// Without its dashes.
    let name: String
    /// What its value is called, as `DIR`; nil for a switch.
    let value: String?
    /// The environment variable that stands in for it.
    let variable: String?
    let text: String
    /// What holds when nothing is said.
    let preset: String?
    let secrecy: Secrecy

    /// An option with a value, or, without `value`, a switch.
    init(
        _ name: String, _ value: String? = nil, _ text: String, variable: String? = nil, preset: String? = nil, secrecy: Secrecy = .open
    ) {
        self.name = name
        self.value = value
        self.variable = variable
        self.text = text
        self.preset = preset
        self.secrecy = secrecy
    }

    /// A setting: its variable is its name in capitals behind `BATON_`.
    static func setting(
        _ name: String, _ value: String? = nil, _ text: String, preset: String? = nil, secrecy: Secrecy = .open
    ) -> CommandOption {
        let variable = "BATON_" + name.uppercased().replacing("-", with: "_")
        return CommandOption(name, value, text, variable: variable, preset: preset, secrecy: secrecy)
    }

    /// The variable that names a file with the value; for what is secret.
    var fileVariable: String? { secrecy == .open ? nil : variable.map { $0 + "_FILE" } }

    var label: String { "--" + name + (value.map { " " + $0 } ?? "") }
    var sentence: String { text + (preset.map { "; default " + $0 } ?? "") }
    var explanation: String { sentence + (variable.map { " [\($0)]" } ?? "") }
}

/// A mistake on the command line, in a sentence.
struct UsageMistake: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
