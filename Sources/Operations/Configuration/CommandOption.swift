/// One option of a command: on the command line, as an environment variable and, where it is a setting, as a key of the configuration file.
package struct CommandOption: Sendable {
    /// How much of a value may be shown.
    package enum Secrecy: Sendable {
        case open
        /// Nothing of it.
        case secret
        /// An address that may hold a password, which is left out.
        case address
    }

    /// Without its dashes.
    package let name: String
    /// What its value is called, as `DIR`; nil for a switch.
    package let value: String?
    /// The environment variable that stands in for it.
    package let variable: String?
    package let text: String
    /// What holds when nothing is said.
    package let preset: String?
    package let secrecy: Secrecy

    /// An option with a value, or, without `value`, a switch.
    package init(
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
    package static func setting(
        _ name: String, _ value: String? = nil, _ text: String, preset: String? = nil, secrecy: Secrecy = .open
    ) -> CommandOption {
        let variable = "BATON_" + name.uppercased().replacing("-", with: "_")
        return CommandOption(name, value, text, variable: variable, preset: preset, secrecy: secrecy)
    }

    /// The variable that names a file with the value; for what is secret.
    package var fileVariable: String? { secrecy == .open ? nil : variable.map { $0 + "_FILE" } }

    package var label: String { "--" + name + (value.map { " " + $0 } ?? "") }
    package var sentence: String { text + (preset.map { "; default " + $0 } ?? "") }
    package var explanation: String { sentence + (variable.map { " [\($0)]" } ?? "") }
}

/// A mistake on the command line, in a sentence.
package struct UsageMistake: Error {
    package let sentence: String

    package init(_ sentence: String) { self.sentence = sentence }
}
