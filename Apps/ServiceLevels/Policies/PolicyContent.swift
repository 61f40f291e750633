import DecisionTables
import Decisions
import JSON
import Kernel

/// What a service level's definition says, read and checked without touching anything.
public struct PolicyContent: Sendable {
    /// The most minutes of a promise: ten years.
    static let minutesLimit = 5_256_000

    /// The key by which its versions belong together: `referral-urgent`.
    public let key: String
    let name: String
    let model: String
    let domains: [String: String]
    let hours: Policy.Hours
    let calendar: String
    let companies: [String]
    let target: Int
    /// The decision table that names the minutes of a record; `target` holds where it has no row. Empty for none.
    let table: String
    let inputs: RecordInputs
    let warn: Int
    let escalationUser: String
    let escalationGroup: String
    let raisesException: Bool

    private static let members: Set<String> = [
        "key", "name", "model", "start", "pause", "resume", "stop", "void", "hours", "calendar", "sites", "minutes", "warn", "tell_user",
        "tell_group", "exception", "table", "inputs",
    ]

    /// Reads a definition's content.
    ///
    /// - Parameter key: The definition's key, which the content need not repeat.
    /// - Throws: `sla.definition` with the place and what belongs there.
    public init(_ json: JSON, key given: String? = nil) throws {
        guard let object = json.objectValue else { throw Refusal.policy("", "a map of the service level's parts") }
        if let odd = object.keys.first(where: { !PolicyContent.members.contains($0) }) {
            throw Refusal.policy(odd, "one of: " + PolicyContent.members.sorted().joined(separator: ", "))
        }
        func text(_ name: String) -> String { json[name]?.stringValue ?? "" }
        key = text("key").isEmpty ? given ?? "" : text("key")
        if let given, given != key { throw Refusal.policy("key", "'\(given)', as its definition has it, or nothing") }
        name = text("name")
        model = text("model")
        let parts = ["start", "pause", "resume", "stop", "void"]
        domains = Dictionary(uniqueKeysWithValues: parts.map { ($0, text($0)) })
        guard let hours = Policy.Hours(rawValue: json["hours"]?.stringValue ?? "site") else {
            throw Refusal.policy("hours", "site, calendar or always")
        }
        self.hours = hours
        calendar = text("calendar")
        companies = (json["sites"]?.arrayValue ?? []).compactMap(\.stringValue)
        target = json["minutes"]?.intValue ?? 0
        warn = json["warn"]?.intValue ?? 0
        table = text("table")
        let paths = json["inputs"]?.objectValue?.members ?? []
        inputs = RecordInputs(Dictionary(paths.map { ($0.key, $0.value.stringValue ?? "") }) { first, _ in first })
        escalationUser = text("tell_user")
        escalationGroup = text("tell_group")
        raisesException = json["exception"]?.boolValue ?? true
        try checkBounds()
    }

    private func checkBounds() throws {
        let signs = Set("-._".utf8)
        let isPlain = key.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || signs.contains($0) }
        guard isPlain, !key.isEmpty, key.utf8.count <= 100 else {
            throw Refusal.policy("key", "small letters, digits, dots, dashes and underscores")
        }
        guard !name.isEmpty, name.count <= 120 else { throw Refusal.policy("name", "a name") }
        guard domains["start"]?.isEmpty == false else { throw Refusal.policy("start", "the domain of records whose clock runs") }
        guard (1...PolicyContent.minutesLimit).contains(target) else {
            throw Refusal.policy("minutes", "a number from 1 to \(PolicyContent.minutesLimit)")
        }
        guard !table.isEmpty || inputs.paths.isEmpty else { throw Refusal.policy("inputs", "nothing without 'table'") }
        guard (0...100).contains(warn) else { throw Refusal.policy("warn", "a percentage from 0 to 100") }
        guard (hours == .calendar) == !calendar.isEmpty else {
            throw Refusal.policy("calendar", "a calendar's external id, with 'hours: calendar' only")
        }
    }

    /// Checks names against the database: the model and its fields, calendars, sites, people.
    ///
    /// - Throws: `sla.definition`, and what a domain that cannot be read throws.
    public func check(_ env: Environment) throws {
        guard let schema = env.registry.model(model) else { throw Refusal.policy("model", "a model; there is no '\(model)'") }
        for (part, domain) in domains.sorted(by: { $0.key < $1.key }) where !domain.isEmpty {
            do { _ = try PolicyCondition(domain, of: schema, env) } catch let refusal as Refusal {
                throw Refusal.policy(part, "a domain on \(model): \(refusal.message)")
            }
        }
        _ = try values(env)
        try checkTable(schema, env)
    }

    /// The table must be in force, and its inputs must stand where the definition says.
    private func checkTable(_ model: ModelSchema, _ env: Environment) throws {
        if table.isEmpty { return }
        let compiled: CompiledTable
        do { compiled = try DecisionTables.table(table, in: env).0 } catch let refusal as Refusal {
            throw Refusal.policy("table", "a decision table in force: \(refusal.message)")
        }
        if let problem = inputs.problems("inputs", compiled.table, model, env.registry).first {
            throw Refusal.policy(problem.place, "a path that fits: \(problem.message)")
        }
        for (name, isNeeded) in [("minutes", true), ("warn", false)] {
            guard let output = compiled.table.outputs.first(where: { $0.name == name }) else {
                if isNeeded { throw Refusal.policy("table", "a table with the output 'minutes'") }
                continue
            }
            guard [.integer, .number].contains(output.type) else { throw Refusal.policy("table", "numbers in the output '\(name)'") }
        }
    }
}

extension Refusal {
    /// A part of a service level's definition that does not fit.
    static func policy(_ place: String, _ expected: String) -> Refusal {
        Refusal(
            "sla.definition", .validation, "The service level's definition does not fit at '\(place)': expected \(expected).",
            instruction: "Correct the definition.", details: ["place": .text(place)])
    }
}
