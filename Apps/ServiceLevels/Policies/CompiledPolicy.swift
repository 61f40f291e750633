import Base
import DecisionTables
import Decisions
import Governance
import Kernel

/// A domain of a service level, made ready once where it means the same at every moment.
struct PolicyCondition: Sendable {
    private let text: DomainText
    private let predicate: Predicate?
    /// The record's own fields that it looks at.
    let fields: Set<Int>

    init(_ text: String, of model: ModelSchema, _ env: Environment) throws {
        self.text = DomainText(text)
        let superuser = env.asSuperuser("a service level says itself what it looks at")
        let domain = try self.text.domain(DomainNames(superuser))
        let resolved = try superuser.predicate(model, domain)
        predicate = self.text.names.isEmpty && !text.contains("now") && !text.contains("today") ? resolved : nil
        fields = Set(model.fields.filter { domain.mentions($0.name) }.map(\.slot))
    }

    func holds(_ id: Int, _ model: ModelSchema, _ env: Environment) throws -> Bool {
        try ready(model, env).holds(for: id, of: model, in: env)
    }

    private func ready(_ model: ModelSchema, _ env: Environment) throws -> Predicate {
        if let predicate { return predicate }
        return try env.predicate(model, try text.domain(DomainNames(env)))
    }
}

/// A service level made ready to look at records: no table is asked to find out that it does not match.
struct CompiledPolicy: Sendable {
    let id: Int
    let cause: String
    let companies: Set<Int>
    let hours: Policy.Hours
    let calendar: Int?
    let promise: PromiseSource
    let scope: VersionScope
    let start: PolicyCondition
    let pause, resume, stop, void: PolicyCondition?
    /// The fields of which one must change for the clock to change.
    let fields: Set<Int>

    init(_ policy: Record<Policy>, _ scope: VersionScope, _ model: ModelSchema) throws {
        let env = policy.env
        func condition(_ text: String) throws -> PolicyCondition? {
            text.isEmpty ? nil : try PolicyCondition(text, of: model, env)
        }
        id = policy.id
        cause = scope.version.cause
        self.scope = scope
        let paths = policy.inputs.objectValue?.members ?? []
        promise = PromiseSource(
            name: policy.displayedName, key: policy.key, minutes: policy.target, warn: policy.warn, table: policy.table,
            inputs: RecordInputs(Dictionary(paths.map { ($0.key, $0.value.stringValue ?? "") }) { first, _ in first }))
        companies = Set(policy.companies.ids)
        hours = policy.hours ?? .site
        calendar = policy.calendar?.id
        start = try PolicyCondition(policy.start, of: model, env)
        pause = try condition(policy.pause)
        resume = try condition(policy.resume)
        stop = try condition(policy.stop)
        void = try condition(policy.void)
        let own = [start, pause, resume, stop, void].compactMap { $0?.fields }.reduce(into: Set<Int>()) { $0.formUnion($1) }
        fields = own.union(promise.fields(model, env))
    }

}

extension PromiseSource {
    /// The record's own fields at which the paths of the table's inputs begin.
    func fields(_ model: ModelSchema, _ env: Environment) -> [Int] {
        guard !table.isEmpty, let compiled = try? DecisionTables.table(table, in: env).0 else { return [] }
        return compiled.table.inputs.compactMap { input in
            inputs.path(of: input).split(separator: ".").first.flatMap { model.field(String($0))?.slot }
        }
    }
}

/// The service levels in force, by model; made once and remembered until one changes.
struct PolicyTable: Sendable {
    let byModel: [Int: [CompiledPolicy]]

    static func current(_ env: Environment) throws -> PolicyTable {
        let page = env.unit.thing(Page.self) { Page() }
        if let table = page.table { return table }
        if page.isMaking { return PolicyTable(byModel: [:]) }
        page.isMaking = true
        defer { page.isMaking = false }
        let table = try env.remembered(
            "service_levels.policies \(ObjectIdentifier(env.registry).hashValue)", from: [Policy.name] + Definitions.models
        ) { env in
            try PolicyTable(byModel: make(env))
        }
        page.table = table
        return table
    }

    /// What this unit of work has changed is read anew.
    static func changed(_ env: Environment) { env.unit.thing(Page.self) { Page() }.table = nil }

    private static func make(_ env: Environment) throws -> [Int: [CompiledPolicy]] {
        var table: [Int: [CompiledPolicy]] = [:]
        let all = try env.with(context: ["active_test": false])
        for scope in try PolicyShelf.scopes(env) {
            let own = try all.search(Policy.self, .where("version_id", .equal, .int(scope.version.id)), limit: 1)
            guard let policy = own.first, let model = env.registry.model(policy.model) else { continue }
            table[model.index, default: []].append(try CompiledPolicy(policy, scope, model))
        }
        return table
    }

    private final class Page {
        var table: PolicyTable?
        var isMaking = false
    }
}
