import Testing

@testable import Kernel

@Suite("Orders and groupings as text") struct OrderClauseTests {
    private let registry: Registry

    init() throws { registry = try DomainWorld().registry }

    private func order(_ text: String, _ model: String = "world.shop") throws -> [String] {
        try OrderClause.parse(text, model: registry.requireModel(model), registry: registry).map { term in
            let nulls = term.nullsFirst.map { $0 ? " nulls first" : " nulls last" } ?? ""
            return term.path.map(\.name).joined(separator: ".") + (term.descending ? " desc" : "") + nulls
        }
    }

    @Test("directions and places of unset values")
    func directions() throws {
        #expect(try order("name, opened DESC ,turnover asc nulls last") == ["name", "opened desc", "turnover nulls last"])
        #expect(try order("name desc NULLS FIRST") == ["name desc nulls first"])
        #expect(try order("name nulls first") == ["name nulls first"])
        #expect(try order("") == [])
    }

    @Test("a link is ordered as its model is, and ends in its id where the way leads back")
    func links() throws {
        #expect(try order("town_id") == ["town_id.rank desc", "town_id.name"])
        #expect(try order("town_id desc nulls last") == ["town_id.rank nulls last", "town_id.name desc nulls last"])
        #expect(try order("parent_id", "world.town") == ["parent_id"])
        #expect(try order("create_uid desc") == ["create_uid desc"])
        #expect(try order("town_id.name desc, town_id.id") == ["town_id.name desc", "town_id.id"])
    }

    @Test(
        "what cannot be followed is refused with a sentence",
        arguments: [
            "nope", "name up", "name asc desc", "name nulls", "town_id.nope", "name.x", "town_name", "display_name", "photo",
            "name,,opened", "town_id..name",
            "name; drop table", "name nulls first extra",
        ])
    func refused(_ text: String) throws {
        let found = refusal { _ = try order(text) }
        #expect(found?.code == "order.invalid")
        #expect(found?.message.hasPrefix("Invalid order term") == true)
    }

    @Test("the number of terms has a limit")
    func limit() {
        let many = Array(repeating: "name", count: OrderClause.Limits.terms + 1).joined(separator: ",")
        #expect(refusal { _ = try order(many) }?.code == "domain.limit")
    }

    @Test("keys of groups")
    func keys() throws {
        let shop = try registry.requireModel("world.shop")
        func key(_ text: String) throws -> String {
            let key = try GroupClause.key(text, model: shop)
            return key.field.name + (key.part.map { ":" + $0.rawValue } ?? "")
        }
        #expect(try key("town_id") == "town_id")
        #expect(try key("opened:week") == "opened:week")
        #expect(try key("visited") == "visited:month")
        #expect(try key("visited:day_of_week") == "visited:day_of_week")
        for wrong in ["nope", "town_id.name", "opened:fortnight", "name:month", "town_name", "photo", "opened:a:b"] {
            #expect(refusal { _ = try key(wrong) }?.code == "group.invalid", "\(wrong)")
        }
    }

    @Test("aggregates in the forms of both calls")
    func aggregates() throws {
        let shop = try registry.requireModel("world.shop")
        func aggregate(_ text: String) throws -> String? {
            try GroupClause.aggregate(text, model: shop).map { "\($0.name)=\($0.aggregate.function)(\($0.aggregate.field?.name ?? ""))" }
        }
        #expect(try aggregate("__count") == "__count=count()")
        #expect(try aggregate("turnover") == "turnover=sum(turnover)")
        #expect(try aggregate("turnover:avg") == "turnover:avg=avg(turnover)")
        #expect(try aggregate("best:max(turnover)") == "best=max(turnover)")
        #expect(try aggregate("town_id:count_distinct") == "town_id:count_distinct=count_distinct(town_id)")
        #expect(try aggregate("flag") == "flag=bool_or(flag)")
        #expect(try aggregate("name") == nil)
        for wrong in ["nope:sum", "name:sum", "turnover:median", "turnover:bool_and", "flag:max", "turnover:"] {
            #expect(refusal { _ = try aggregate(wrong) }?.code == "group.invalid", "\(wrong)")
        }
    }

    @Test("order and conditions of groups name columns")
    func columns() throws {
        let columns = ["opened:month", "__count", "turnover:sum"]
        let order = try GroupClause.order("turnover desc, opened:month", columns: columns)
        #expect(order.map(\.column) == [2, 0])
        #expect(order.map(\.descending) == [true, false])
        let having = try GroupClause.having([["__count", ">", 1], ["turnover:sum", "<=", 5]], columns: columns)
        #expect(having.map(\.column) == [1, 2])
        #expect(having.map(\.comparison) == [.greater, .lessOrEqual])
        #expect(refusal { _ = try GroupClause.order("name", columns: columns) }?.code == "order.invalid")
        #expect(
            refusal { _ = try GroupClause.having(["|", ["__count", ">", 1], ["__count", "<", 1]], columns: columns) }?.code
                == "group.invalid")
    }
}
