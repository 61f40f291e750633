import Testing

@testable import Kernel

/// A registry of three models with records in a dictionary, without a store.
final class DomainWorld {
    let registry: Registry
    /// Values by model, id and field.
    var records: [String: [Int: [String: Value]]] = [:]
    var user: UserContext
    var rules: [AccessPolicy.Rule] = []
    var rights: [AccessPolicy.Right] = []
    var now = Instant(Day(2026, 3, 2), secondOfDay: 36_000)
    var zones: any ZoneOffsets = UTCOnly()

    init(groups: Set<String> = [], zone: String = "") throws {
        registry = try Registry(apps: [
            App("tests", "Tests") { app in
                app.add(WorldUser.self)
                app.add(WorldTown.self)
                app.add(WorldShop.self)
            }
        ])
        user = UserContext(id: 7, login: "ada", name: "Ada", companyId: 1, companyIds: [1, 2], groups: groups, timeZone: zone)
    }

    init(registry: Registry) throws {
        self.registry = registry
        user = UserContext(id: 7, login: "ada", name: "Ada", companyId: 1, companyIds: [1, 2], groups: [], language: "en_GB")
    }

    func model(_ name: String) throws -> ModelSchema { try registry.requireModel(name) }

    func env(superuser: Bool = true, context: ValueMap = [:]) -> Environment {
        let transaction = DictionaryTransaction(self)
        let policy = AccessPolicy(rights: rights, rules: rules)
        let unit = UnitOfWork(registry: registry, transaction: transaction, now: now, policy: policy, zones: zones)
        return Environment(unit: unit, user: user, context: context, isSuperuser: superuser)
    }

    func resolve(_ model: String, _ domain: DomainText, superuser: Bool = true) throws -> Predicate {
        let env = env(superuser: superuser)
        return try DomainResolver(env: env, model: self.model(model)).resolve(domain.domain(DomainNames(env)))
    }

    /// The ids that a domain means, found in memory.
    func find(_ model: String, _ domain: DomainText, superuser: Bool = true) throws -> [Int] {
        try matching(resolve(model, domain, superuser: superuser), self.model(model))
    }

    func matching(_ predicate: Predicate, _ model: ModelSchema) throws -> [Int] {
        let evaluator = PredicateEvaluator(registry: registry) { [records] model, id, field in
            field.name == "id" ? .int(id) : records[model.name]?[id]?[field.name] ?? .null
        }
        return try records[model.name, default: [:]].keys.sorted().filter { try evaluator.holds(predicate, $0, model) }
    }
}

/// Searches in a world's dictionary, and refuses everything else.
private final class DictionaryTransaction: RecordTransaction {
    private let world: DomainWorld
    var isReadOnly: Bool { true }

    init(_ world: DomainWorld) { self.world = world }

    func search(_ request: SearchRequest) throws -> FetchedRows {
        let ids = try world.matching(request.predicate, request.model)
        return FetchedRows(ids: request.limit > 0 ? Array(ids.prefix(request.limit)) : ids, width: 0, cells: [])
    }

    private var unused: Refusal { Refusal("test.unused", .internalFault, "A test of domains needs no such thing.") }
    func fetch(_ model: ModelSchema, _ fields: [Field], ids: [Int]) throws -> FetchedRows { throw unused }
    func count(_ model: ModelSchema, _ predicate: Predicate, limit: Int) throws -> Int { throw unused }
    func group(_ request: GroupRequest) throws -> [[Value]] { throw unused }
    func reserveIds(_ model: ModelSchema, count: Int) throws -> [Int] { throw unused }
    func insert(_ model: ModelSchema, _ fields: [Field], rows: [[Value]]) throws { throw unused }
    func insertMissing(_ model: ModelSchema, _ fields: [Field], rows: [[Value]]) throws { throw unused }
    func update(_ model: ModelSchema, _ fields: [Field], ids: [Int], rows: [[Value]]) throws { throw unused }
    func delete(_ model: ModelSchema, ids: [Int]) throws { throw unused }
    func companyValues(_ model: ModelSchema, _ field: Field, company: Int, ids: [Int]) throws -> [(id: Int, value: Value)] { throw unused }
    func setCompanyValues(_ model: ModelSchema, _ field: Field, company: Int, _ rows: [(id: Int, value: Value)]) throws { throw unused }
    func writes(of id: Int, in model: ModelSchema, since version: Int, limit: Int) throws -> [RecordWrite] { throw unused }
    func links(_ table: LinkTable, of ids: [Int]) throws -> [(own: Int, other: Int)] { throw unused }
    func addLinks(_ table: LinkTable, _ pairs: [(own: Int, other: Int)]) throws { throw unused }
    func removeLinks(_ table: LinkTable, _ pairs: [(own: Int, other: Int)]) throws { throw unused }
    func clearLinks(_ table: LinkTable, of ids: [Int]) throws { throw unused }
    func storeContent(_ bytes: [UInt8]) throws -> String { throw unused }
    func content(_ digest: String) throws -> [UInt8]? { throw unused }
    func contentSize(_ digest: String) throws -> Int? { throw unused }
    func appendAudit(_ entries: [AuditEntry]) throws { throw unused }
    func emit(_ event: OutboxEvent) throws { throw unused }
    func enqueue(_ job: JobRequest) throws { throw unused }
    func nextNumber(_ counter: String, step: Int) throws -> Int { throw unused }
}

struct WorldUser: Model {
    static let name = "res.users"
    static let title = "User"
    let login = Char("name")
}

struct WorldTown: Model {
    static let name = "world.town"
    static let title = "Town"
    static let order = "rank desc, name"
    let label = Char("name")
    let rank = Integer("rank")
    let secret = Char("secret", .groups("town.hall"))
    let inside = Many2one<WorldTown>("parent_id")
    let shops = One2many<WorldShop>("shop_ids", inverse: \.town)
}

struct WorldShop: Model {
    static let name = "world.shop"
    static let title = "Shop"
    let label = Char("name")
    let opened = DateField("opened")
    let visited = Datetime("visited")
    let turnover = Monetary("turnover")
    let flag = Flag("flag")
    let photo = Binary("photo")
    let town = Many2one<WorldTown>("town_id")
    let townName = Char("town_name", .related("town_id.name"))
    let looped = Char("looped", .related("looping"))
    let looping = Char("looping", .related("looped"))
    let dark = Flag("dark", .computedTogether(on: "name") { $0.ids.map { _ in false } })
    let endless = Flag(
        "endless", .computedTogether(on: "name") { $0.ids.map { _ in false } },
        .search { _, comparison, value in .where("endless", comparison, value) })
}

/// What a body refused, or nil.
func refusal(_ body: () throws -> Void) -> Refusal? {
    do {
        try body()
        return nil
    } catch { return error as? Refusal }
}
