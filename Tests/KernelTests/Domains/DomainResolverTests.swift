import Testing

@testable import Kernel

@Suite("Resolving domains") struct DomainResolverTests {
    private func world(groups: Set<String> = [], zone: String = "") throws -> DomainWorld {
        let world = try DomainWorld(groups: groups, zone: zone)
        world.records["world.town"] = [
            1: ["name": "Ulm", "rank": 2, "secret": "x", "shop_ids": .ids([1, 2])],
            2: ["name": "Bonn", "rank": 1, "parent_id": 1, "shop_ids": .ids([3])],
        ]
        world.records["world.shop"] = [
            1: ["name": "Bakery", "town_id": 1, "visited": .instant(Instant(Day(2026, 3, 1), secondOfDay: 84_600))],
            2: ["name": "Butcher", "town_id": 1], 3: ["name": "Bank", "town_id": 2], 4: ["name": "Boat"],
        ]
        return world
    }

    private func message(_ model: String, _ domain: DomainText) throws -> String? {
        let world = try world()
        return refusal { _ = try world.resolve(model, domain) }?.message
    }

    @Test("errors speak as Odoo does")
    func errors() throws {
        #expect(try message("world.town", "[('nope', '=', 1)]") == "Invalid field world.town.nope in condition ('nope', '=', 1)")
        #expect(
            try message("world.shop", "[('town_id.nope', '=', 'it\\'s')]")
                == "Invalid field world.town.nope in condition ('nope', '=', \"it's\")")
        #expect(try message("world.shop", "[('photo', 'ilike', 'x')]") == "Invalid operator in condition ('photo', 'ilike', 'x')")
        #expect(try message("world.shop", "[('dark', '=', True)]") == "Non-stored field world.shop.dark cannot be searched.")
    }

    @Test("fields that lead to themselves end in a refusal")
    func circles() throws {
        let world = try world()
        #expect(refusal { _ = try world.resolve("world.shop", "[('looped', '=', 'x')]") }?.code == "domain.limit")
        #expect(refusal { _ = try world.resolve("world.shop", "[('endless', '=', True)]") }?.code == "domain.limit")
    }

    @Test("a masked field cannot be searched, neither directly nor through a path")
    func masked() throws {
        let world = try world()
        world.rights = [.init(model: "world.town", group: nil, operations: .init([.read]))]
        #expect(refusal { _ = try world.resolve("world.town", "[('secret', '=', 'x')]", superuser: false) }?.code == "access.field")
        #expect(refusal { _ = try world.resolve("world.shop", "[('town_id.secret', '=', 'x')]", superuser: false) }?.code == "access.field")
        let member = try self.world(groups: ["town.hall"])
        member.rights = world.rights
        #expect(try member.find("world.town", "[('secret', '=', 'x')]", superuser: false) == [1])
    }

    @Test("a path through a relation needs the right to read the related model")
    func rights() throws {
        let world = try world()
        let found = refusal { _ = try world.resolve("world.shop", "[('town_id.name', '=', 'Ulm')]", superuser: false) }
        #expect(found?.kind == .accessDenied)
        #expect(try world.find("world.shop", "[('town_id', '=', 1)]", superuser: false) == [1, 2])
        #expect(try world.find("world.shop", "[('town_name', '=', 'Ulm')]", superuser: false) == [1, 2])
    }

    @Test("a path through a relation keeps to the related model's record rules")
    func rules() throws {
        let world = try world()
        world.rights = [.init(model: "world.town", group: nil, operations: .init([.read]))]
        world.rules = [.init(model: "world.town", groups: [], operations: .init([.read]), domain: "[('rank', '<', 2)]")]
        #expect(try world.find("world.shop", "[('town_id.name', 'in', ['Ulm', 'Bonn'])]", superuser: false) == [3])
        #expect(try world.find("world.shop", "[('town_id', 'ilike', 'u')]", superuser: false) == [])
        #expect(try world.find("world.shop", "[('town_id', 'not any', [])]", superuser: false) == [1, 2, 4])
        #expect(try world.find("world.shop", "[('town_id.name', 'in', ['Ulm', 'Bonn'])]") == [1, 2, 3])
    }

    @Test("the roots of trees are found by name")
    func trees() throws {
        let world = try world()
        #expect(try world.find("world.town", "[('id', 'child_of', 'ulm')]") == [1, 2])
        #expect(try world.find("world.shop", "[('town_id', 'child_of', ['bonn'])]") == [3])
        #expect(try world.find("world.shop", "[('town_id', 'parent_of', 2)]") == [1, 2, 3])
    }

    @Test("a circle of parents does not hang")
    func parentCircle() throws {
        let world = try world()
        world.records["world.town"]?[1]?["parent_id"] = 2
        #expect(try world.find("world.town", "[('id', 'child_of', 2)]") == [1, 2])
        #expect(try world.find("world.town", "[('id', 'child_of', 99)]") == [])
    }

    @Test("a day against a datetime means that day where the user is, also when the clocks change")
    func dayBounds() throws {
        let world = try world(zone: "Test/Summer")
        world.zones = SummerTime()
        // 2026-03-01 23:30 UTC is already the second of March where the user is.
        #expect(try world.find("world.shop", "[('visited', '=', '2026-03-02')]") == [1])
        #expect(try world.find("world.shop", "[('visited', '=', '2026-03-01')]") == [])
        let predicate = try world.resolve("world.shop", "[('visited', '=', '2026-03-29')]")
        guard case .and(let parts) = predicate, parts.count == 2, case .compare(_, .greaterOrEqual, .instant(let start)) = parts[0],
            case .compare(_, .less, .instant(let end)) = parts[1]
        else { return #expect(Bool(false), "no bounds in \(predicate)") }
        #expect(start.description == "2026-03-28 23:00:00")
        #expect(end.description == "2026-03-29 22:00:00")
    }

    @Test("the time zone of the context goes before the user's")
    func contextZone() throws {
        let world = try world()
        world.zones = SummerTime()
        let env = world.env(context: ["tz": "Test/Summer"])
        let domain = try Domain.parse([["visited", "=", "2026-03-02"]])
        let shop = try world.model("world.shop")
        #expect(try world.matching(DomainResolver(env: env, model: shop).resolve(domain), shop) == [1])
    }
}

/// One hour east of UTC, two from 2026-03-29 01:00 UTC on.
private struct SummerTime: ZoneOffsets {
    func offsetSeconds(_ zone: String, at moment: Instant) -> Int {
        if zone.isEmpty { return 0 }
        return moment < Instant(Day(2026, 3, 29), secondOfDay: 3_600) ? 3_600 : 7_200
    }
}
