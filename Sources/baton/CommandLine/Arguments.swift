import Foundation

/// What was said on the command line and, where that is silent, in the environment.
struct Arguments: Sendable {
    private var values: [String: String] = [:]
    private var switches: Set<String> = []
    /// The words that are no options.
    private(set) var rest: [String] = []

    init(rest: [String]) { self.rest = rest }

    /// Reads the words after the command's name; `--name value` and `--name=value` mean the same, `--` ends the options.
    static func parse(
        _ words: [String], _ command: Command, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Arguments {
        var arguments = Arguments(rest: [])
        var words = words[...]
        while let word = words.popFirst() {
            if word == "--" {
                arguments.rest += words
                break
            }
            if word.hasPrefix("-"), word != "-" { try arguments.take(word, &words, command) } else { arguments.rest.append(word) }
        }
        if command.operands == nil, let extra = arguments.rest.first { throw UsageMistake("`\(extra)` is not expected here.") }
        for option in command.options { arguments.fill(option, environment) }
        return arguments
    }

    private mutating func take(_ word: String, _ words: inout ArraySlice<String>, _ command: Command) throws {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard word.hasPrefix("--"), let option = command.options.first(where: { "--" + $0.name == parts[0] }) else {
            throw UsageMistake("There is no option `\(parts[0])`.")
        }
        guard let placeholder = option.value else {
            guard parts.count == 1 else { throw UsageMistake("The option `--\(option.name)` takes no value.") }
            switches.insert(option.name)
            return
        }
        guard let value = parts.count == 2 ? String(parts[1]) : words.popFirst() else {
            throw UsageMistake("The option `--\(option.name)` needs a value: `\(option.label)`, where \(placeholder) is yours to give.")
        }
        values[option.name] = value
    }

    private mutating func fill(_ option: CommandOption, _ environment: [String: String]) {
        guard let variable = option.variable, let value = environment[variable], !value.isEmpty else { return }
        if option.value == nil {
            if !["0", "false", "no"].contains(value.lowercased()) { switches.insert(option.name) }
        } else if values[option.name] == nil {
            values[option.name] = value
        }
    }

    /// Whether a switch was given.
    func has(_ name: String) -> Bool { switches.contains(name) }

    /// The value of an option.
    func text(_ name: String) -> String? { values[name] }

    /// The parts of a value that is a list, separated by commas.
    func list(_ name: String) -> [String] { (values[name] ?? "").split(separator: ",").map(String.init) }

    /// The value of an option that must be given.
    func required(_ name: String) throws -> String {
        guard let value = values[name], !value.isEmpty else { throw UsageMistake("The option `--\(name)` is missing.") }
        return value
    }

    /// The whole number of an option.
    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageMistake(
                "`\(text)` is no value for `--\(name)`: give a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Choice.Type) throws -> Choice? {
        guard let text = values[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw UsageMistake("`\(text)` is no value for `--\(name)`: use \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return choice
    }
}
