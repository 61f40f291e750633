import Governance
import Kernel
import Store

/// The compiled rules of a database, remembered between units of work.
///
/// A change of rules or actions raises a version in the database within its own unit of work, and lets go of what is remembered when it
/// commits: the next unit of work compiles anew, here and in every other process that looks at the version. Nothing is restarted.
final class RuleBook: Sendable {
    /// Seconds after which a process looks whether another one has changed the rules.
    static let lookSeconds = 0.5
    private static let key = "automation.version"
    /// Under what changes of rules are counted, for what is remembered of them.
    static let rules = "automation.rules"

    private struct State {
        var rules: CompiledRules?
        var registry: ObjectIdentifier?
        /// What is older must not be remembered any more.
        var least = 0
        var lookedAt: ContinuousClock.Instant?
    }
    private let state = Locked(State())

    /// The rules that hold in a unit of work: those of its database, with what the unit itself has changed.
    static func rules(_ unit: UnitOfWork) throws -> CompiledRules {
        let page = unit.thing(UnitPage.self) { UnitPage() }
        if let rules = page.rules { return rules }
        let env = Environment(unit: unit, user: .system, isSuperuser: true)
        let rules: CompiledRules
        if page.isChanged {
            rules = try CompiledRules(version: -1, env)
        } else {
            rules = try unit.memory.thing(RuleBook.self) { RuleBook() }.current(env)
        }
        page.rules = rules
        return rules
    }

    /// The rules of a model that hold in a unit of work.
    ///
    /// - Parameter draft: Asked for a form's draft, from which nothing else follows.
    static func rules(of model: ModelSchema, _ unit: UnitOfWork, draft: Bool = false) throws -> ModelRules? {
        let page = unit.thing(UnitPage.self) { UnitPage() }
        // While rules are compiled nothing sets them off.
        if page.isCompiling || unit.isDraft != draft { return nil }
        if let rules = page.rules { return rules.models[model.index] }
        page.isCompiling = true
        defer { page.isCompiling = false }
        return try rules(unit).models[model.index]
    }

    /// Lets other rules hold in a unit of work, which tries them out and will be undone.
    static func use(_ rules: CompiledRules, in unit: UnitOfWork) { unit.thing(UnitPage.self) { UnitPage() }.rules = rules }

    /// Notes that rules or actions change in this unit of work.
    static func changed(_ env: Environment) throws {
        let unit = env.unit
        let page = unit.thing(UnitPage.self) { UnitPage() }
        page.rules = nil
        if page.isChanged { return }
        page.isChanged = true
        let next = try RuleBook.version(env) + 1
        try Settings(env)?.set(key, String(next))
        unit.noteChange(of: rules)
        let book = unit.memory.thing(RuleBook.self) { RuleBook() }
        unit.onCommit { book.forget(below: next) }
    }

    private static func version(_ env: Environment) throws -> Int { try Settings(env)?.text(key).flatMap(Int.init) ?? 0 }

    private func forget(below version: Int) {
        state.withLock { state in
            state.least = max(state.least, version)
            state.rules = nil
        }
    }

    private func current(_ env: Environment) throws -> CompiledRules {
        let registry = ObjectIdentifier(env.registry)
        let now = ContinuousClock().now
        let isShared = env.unit.transaction.stamps != nil
        let known = state.withLock { state -> (rules: CompiledRules, isFresh: Bool)? in
            guard let rules = state.rules, state.registry == registry else { return nil }
            // Where several processes share the database each unit of work looks: what one of them activates holds on all at once.
            return (rules, !isShared && state.lookedAt.map { now - $0 < .seconds(RuleBook.lookSeconds) } ?? false)
        }
        if let known, known.isFresh { return known.rules }
        // What holds is what was released: a node with an older program counts changes of versions, if not those of rules.
        let version =
            isShared
            ? try env.remembered(RuleBook.key, from: [RuleBook.rules, DefinitionVersion.name]) { try RuleBook.version($0) }
            : try RuleBook.version(env)
        if let known, known.rules.version == version {
            state.withLock { $0.lookedAt = now }
            return known.rules
        }
        // Another process may have released something: what this one remembers of versions is as old as its rules.
        if known != nil { env.unit.memory.remembered.forget() }
        let fresh = try CompiledRules(version: version, env)
        state.withLock { state in
            guard version >= state.least else { return }
            state.rules = fresh
            state.registry = registry
            state.lookedAt = now
        }
        return fresh
    }
}

/// What a unit of work knows of rules.
private final class UnitPage {
    var rules: CompiledRules?
    var isChanged = false
    var isCompiling = false
}
