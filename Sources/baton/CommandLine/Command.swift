import Operations

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
