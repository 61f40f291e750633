import Foundation

/// What was said on the command line and, where that is silent, in the environment, then in the configuration file.
package struct Arguments: Sendable {
    /// Where a value comes from, the weakest first.
    package enum Source: Sendable, Equatable {
        case file(String), environment(String), fileOfVariable(String), commandLine
    }

    /// A value with its source; a switch has the text `true` or `false`.
    package struct Given: Sendable, Equatable {
        package let text: String
        package let source: Source
    }

    private var values: [String: Given] = [:]
    /// The words that are no options.
    package private(set) var rest: [String] = []

    package init(rest: [String]) { self.rest = rest }

    /// Reads the words after the command's name; `--name value` and `--name=value` mean the same, `--` ends the options.
    ///
    /// - Parameter takesOperands: Whether words that are no options may stand behind them.
    package static func parse(
        _ words: [String], _ options: [CommandOption], takesOperands: Bool,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Arguments {
        var arguments = Arguments(rest: [])
        var words = words[...]
        while let word = words.popFirst() {
            if word == "--" {
                arguments.rest += words
                break
            }
            if word.hasPrefix("-"), word != "-" { try arguments.take(word, &words, options) } else { arguments.rest.append(word) }
        }
        if !takesOperands, let extra = arguments.rest.first { throw UsageMistake("`\(extra)` is not expected here.") }
        for option in options { try arguments.fill(option, environment) }
        if options.contains(where: { $0.name == ConfigurationFile.option.name }),
            let path = arguments.text(ConfigurationFile.option.name)
        {
            let file = try ConfigurationFile(path)
            for option in options { arguments.fill(option, file) }
        }
        return arguments
    }

    private mutating func take(_ word: String, _ words: inout ArraySlice<String>, _ options: [CommandOption]) throws {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard word.hasPrefix("--"), let option = options.first(where: { "--" + $0.name == parts[0] }) else {
            throw UsageMistake("There is no option `\(parts[0])`.")
        }
        guard let placeholder = option.value else {
            guard parts.count == 1 else { throw UsageMistake("The option `--\(option.name)` takes no value.") }
            values[option.name] = Given(text: "true", source: .commandLine)
            return
        }
        guard let value = parts.count == 2 ? String(parts[1]) : words.popFirst() else {
            throw UsageMistake("The option `--\(option.name)` needs a value: `\(option.label)`, where \(placeholder) is yours to give.")
        }
        values[option.name] = Given(text: value, source: .commandLine)
    }

    private mutating func fill(_ option: CommandOption, _ environment: [String: String]) throws {
        guard let variable = option.variable else { return }
        let value = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        let file = option.fileVariable.flatMap { environment[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        if value != nil, file != nil {
            throw UsageMistake("Both \(variable) and \(variable)_FILE are set; keep one of them.")
        }
        guard values[option.name] == nil else { return }
        if let file {
            values[option.name] = Given(
                text: try SecretText.read(file, for: variable + "_FILE"), source: .fileOfVariable(variable + "_FILE"))
        } else if let value {
            let isOff = option.value == nil && ["0", "false", "no"].contains(value.lowercased())
            values[option.name] = Given(
                text: option.value == nil ? (isOff ? "false" : "true") : value, source: .environment(variable))
        }
    }

    private mutating func fill(_ option: CommandOption, _ file: ConfigurationFile) {
        guard values[option.name] == nil, let text = file.values[option.name] else { return }
        values[option.name] = Given(text: text, source: .file(file.path))
    }

    /// Whether a switch was given.
    package func has(_ name: String) -> Bool { values[name]?.text == "true" }

    /// The value of an option.
    package func text(_ name: String) -> String? { values[name]?.text }

    /// The value of an option with where it comes from.
    package func given(_ name: String) -> Given? { values[name] }

    /// The parts of a value that is a list, separated by commas.
    package func list(_ name: String) -> [String] { (text(name) ?? "").split(separator: ",").map(String.init) }

    /// The value of an option that must be given.
    package func required(_ name: String) throws -> String {
        guard let value = text(name), !value.isEmpty else { throw UsageMistake("The option `--\(name)` is missing.") }
        return value
    }

    /// The whole number of an option.
    package func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageMistake(
                "`\(text)` is no value for `--\(name)`: give a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// One of a few words.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Choice.Type) throws -> Choice? {
        guard let text = text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw UsageMistake("`\(text)` is no value for `--\(name)`: use \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return choice
    }
}
