import Kernel

/// Where rules that are in force come from.
enum RuleShelf {
    /// Every active rule, in the order of ids.
    static func rules(_ env: Environment) throws -> [Content] {
        let found = try env.search(AutomationRule.self, .where("active", .equal, true), order: "id")
        return try found.map { try Content($0.records, kind: "rule") }
    }
}

/// Where actions that are in force come from.
struct ActionShelf {
    private let byRule: [Int: [Content]]

    /// The actions of all rules.
    init(_ env: Environment) throws {
        let found = try env.search(ServerAction.self, .where("base_automation_id", .notEqual, false))
        byRule = try Dictionary(grouping: found, by: { $0.rule?.id ?? 0 }).mapValues { actions in
            try ActionShelf.inOrder(actions.map { try Content($0.records, kind: "action") })
        }
    }

    /// The actions of a rule, in the order in which they run.
    func actions(of rule: Int) -> [Content] { byRule[rule] ?? [] }

    /// The actions that an action contains, in the order in which they run.
    static func children(of action: Content) throws -> [Content] {
        let found = try action.env.search(ServerAction.self, .where("parent_id", .equal, .int(action.id)))
        return try inOrder(found.map { try Content($0.records, kind: "action") })
    }

    private static func inOrder(_ actions: [Content]) throws -> [Content] {
        let keyed = try actions.map { (try $0.number("sequence"), try $0.text("name"), $0) }
        return keyed.sorted { ($0.0, $0.1, $0.2.id) < ($1.0, $1.1, $1.2.id) }.map(\.2)
    }
}
