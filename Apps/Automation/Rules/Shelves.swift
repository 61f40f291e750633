import Kernel

/// The actions that are in force, by the rule or the action that they belong to.
struct ActionShelf {
    private let byRule: [Int: [Content]]

    /// The actions of all rules.
    init(_ env: Environment) throws {
        byRule = try Dictionary(grouping: Governed.contents(Governed.action, env), by: { try $0.link("base_automation_id") ?? 0 })
            .mapValues { try ActionShelf.inOrder($0) }
    }

    /// The actions of a rule, in the order in which they run.
    func actions(of rule: Int) -> [Content] { byRule[rule] ?? [] }

    /// The actions that an action contains, in the order in which they run.
    static func children(of action: Content) throws -> [Content] {
        try inOrder(Governed.contents(Governed.action, action.env).filter { try $0.link("parent_id") == action.id })
    }

    static func inOrder(_ actions: [Content]) throws -> [Content] {
        let keyed = try actions.map { (try $0.number("sequence"), try $0.text("name"), $0) }
        return keyed.sorted { ($0.0, $0.1, $0.2.id) < ($1.0, $1.1, $1.2.id) }.map(\.2)
    }
}
