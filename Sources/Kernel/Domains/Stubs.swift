public struct DomainText: Sendable { public init(_ t: String) throws {}; func domain(_ n: DomainNames) throws -> Domain { .all } }
public struct DomainNames: Sendable { init(_ env: Environment) {} }
struct DomainResolver { let env: Environment; let model: ModelSchema; func resolve(_ d: Domain) throws -> Predicate { .all } }
enum OrderClause { static func parse(_ t: String, model: ModelSchema, registry: Registry) throws -> [OrderTerm] { [] } }
extension Domain { func mentions(_ f: String) -> Bool { false } }
