import Kernel

struct Owner: Model {
    static let name = "fuzz.owner"
    static let title = "Owner"
    static let order = "name desc, id"
    let displayedName = Char("name")
    let parent = Many2one<Owner>("parent_id")
    init() {}
}

/// Whom the automatic fields of every model name.
struct Somebody: Model {
    static let name = "res.users"
    static let title = "User"
    let displayedName = Char("name")
    init() {}
}

struct Thing: Model {
    static let name = "fuzz.thing"
    static let title = "Thing"
    let displayedName = Char("name")
    let owner = Many2one<Owner>("owner_id")
    let day = DateField("day")
    let moment = Datetime("moment")
    let amount = Monetary("amount")
    let count = Integer("count")
    let isOn = Flag("flag")
    let bytes = Binary("bytes")
    init() {}
}

let registry: Registry = {
    let app = App("fuzz", "Fuzz") { app in
        app.add(Somebody.self)
        app.add(Owner.self)
        app.add(Thing.self)
    }
    do { return try Registry(apps: [app]) } catch { fatalError("\(error)") }
}()

/// Reads any text as an order, a group, an aggregate and an order of groups; what is accepted names stored fields only.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    let model = registry.schema(Thing.self)
    if let terms = try? OrderClause.parse(text, model: model, registry: registry) {
        if terms.count > OrderClause.Limits.expandedTerms { fatalError("an order is too long") }
        for term in terms {
            if !term.path.allSatisfy(\.hasColumn) { fatalError("an order by what is not stored") }
        }
    }
    if let key = try? GroupClause.key(text, model: model), !key.field.hasColumn { fatalError("a group of what is not stored") }
    if let named = try? GroupClause.aggregate(text, model: model), let field = named.aggregate.field, !field.hasColumn {
        fatalError("a sum of what is not stored")
    }
    let columns = ["day:month", "amount:sum", "__count"]
    if let order = try? GroupClause.order(text, columns: columns), !order.allSatisfy({ columns.indices.contains($0.column) }) {
        fatalError("an order by a column that is not there")
    }
    if let domain = try? DomainText(text).domain(DomainNames(user: .system, now: Instant(seconds: 0))) {
        _ = try? GroupClause.having(domain.value, columns: columns)
    }
    return 0
}
