import Kernel

/// A line that rules and actions left: calls of their webhooks, and what scripts logged.
public struct LogLine: Model {
    public static let name = "ir.logging"
    public static let title = "Logging"
    public static let order = "id desc"

    /// Lines that are kept; the oldest go when a hundredth more has come.
    static let limit = 10_000

    /// Where a line comes from.
    public enum Origin: String, SelectionValue { case client, server }

    public let displayedName = Char("name", "Name", .required)
    public let origin = Selection<Origin>("type", initial: .server, "Type", .required, .indexed)
    public let level = Char("level", .indexed)
    public let message = Text("message", .required)
    public let path = Char("path", .required, .indexed)
    public let function = Char("func", .required)
    public let line = Char("line", .required)

    public init() {}

    /// Writes a line down.
    static func write(_ message: String, level: String, path: String, function: String, _ env: Environment) throws {
        let env = env.asSuperuser("whatever runs may log")
        let made = try env.create(
            LogLine.self,
            [
                "name": "base_automation", "level": .text(level), "message": .text(String(message.prefix(10_000))), "path": .text(path),
                "func": .text(function), "line": "0",
            ])
        if made.id % (limit / 100) == 0 { try env.search(LogLine.self, .where("id", .lessOrEqual, .int(made.id - limit))).unlink() }
    }
}
