import Kernel
import Store

extension StoreSuite {
    static let predicateChecks = [
        Check(name: "a search in tables finds what the same condition finds in memory") { subject in
            try await fill(subject)
            let wrong = try await subject.database.read(as: .system, superuser: true) { env -> [String] in
                let model = env.registry.schema(Thing.self)
                let all = try env.search(Thing.self, order: "id").ids
                var random = RandomDomains(seed: 7)
                var wrong: [String] = []
                for _ in 0..<600 {
                    let domain = random.domain(depth: 3)
                    let found = try env.search(model, domain, order: "id").ids
                    let expected = try env.predicate(model, domain).filter(all, of: model, in: env)
                    if found != expected { wrong.append(try culprit(domain, all, model, env)) }
                    let count = try env.searchCount(model, domain)
                    if count != expected.count { wrong.append("\(domain): counted \(count), expected \(expected.count)") }
                }
                return wrong
            }
            try expect(wrong.prefix(3).joined(separator: "\n"), "")
        },
        Check(name: "every case of the table of domains means the same in tables and in memory") { subject in
            subject.clock.advance(seconds: DomainFixture.now - subject.clock.now)
            let user = UserContext(
                id: 1, login: "suite", name: "Suite", companyId: 1, companyIds: [1], groups: [], language: DomainFixture.language,
                timeZone: DomainFixture.timeZone)
            let ids = try await subject.database.write(as: user, superuser: true) { try DomainFixture.load(into: $0) }
            let wrong = try await subject.database.read(as: user, superuser: true) { try DomainCases.disagreements(in: $0, ids: ids) }
            try expect(wrong.map(\.description).joined(separator: "\n"), "")
        },
        Check(name: "pages of an order never overlap and put unset values last") { subject in
            try await fill(subject)
            let ranks = try await subject.database.read(as: .system, superuser: true) { env in
                var ids: [Int] = []
                for page in 0..<20 { ids += try env.search(Thing.self, order: "rank").ids.dropFirst(page * 10).prefix(10) }
                let paged = try (0..<20).flatMap {
                    try env.search(env.registry.schema(Thing.self), .all, order: "rank", offset: $0 * 10, limit: 10).ids
                }
                try expect(paged, ids)
                return try ids.map {
                    try env.value(env.registry.schema(Thing.self), $0, env.registry.schema(Thing.self).requireField("rank"))
                }
            }
            let set = ranks.prefix { !$0.isNull }.compactMap(\.intValue)
            try expect(set, set.sorted())
        },
        Check(name: "a tree is followed down and up, and a tree that bites its tail ends") { subject in
            let found = try await subject.database.write(as: .system, superuser: true) { env -> [[Int]] in
                let ids = try env.create(Thing.self, (0..<6).map { ["name": .text("n\($0)")] }).ids
                for (child, parent) in [(1, 0), (2, 1), (3, 1), (4, 3)] {
                    try env.records(Thing.self, [ids[child]]).records.write(["parent_id": .int(ids[parent])])
                }
                try env.unit.flush()
                let model = env.registry.schema(Thing.self)
                let down = try env.search(model, .where("id", .childOf, .int(ids[1])), order: "id").ids
                let up = try env.search(model, .where("id", .parentOf, .int(ids[4])), order: "id").ids
                return [down.map { $0 - ids[0] }, up.map { $0 - ids[0] }]
            }
            try expect(found, [[1, 2, 3, 4], [0, 1, 3, 4]])
        },
    ]

    /// The smallest part of a condition on which the two disagree.
    private static func culprit(_ domain: Domain, _ all: [Int], _ model: ModelSchema, _ env: Environment) throws -> String {
        let parts: [Domain] =
            switch domain {
            case .and(let parts), .or(let parts): parts
            case .not(let inside), .related(_, let inside, _): [inside]
            default: []
            }
        let predicate = try env.predicate(model, domain)
        let found = try env.search(model, domain, order: "id").ids
        let expected = try predicate.filter(all, of: model, in: env)
        if found == expected { return "" }
        for part in parts {
            let smaller = try culprit(part, all, model, env)
            if !smaller.isEmpty { return smaller }
        }
        return
            "found \(Set(found).subtracting(expected).sorted()) too many, \(Set(expected).subtracting(found).sorted()) too few: \(predicate)"
    }

    /// Two hundred things with many values unset, in trees, with tags.
    static func fill(_ subject: Subject) async throws {
        try await subject.database.write(as: .system, superuser: true) { env in
            var random = RandomDomains(seed: 1)
            let tags = try env.create(Tag.self, ["red", "Grün", ""].map { ["name": .text($0.isEmpty ? "-" : $0)] }).ids
            var ids: [Int] = []
            for _ in 0..<200 {
                var values: ValueMap = [:]
                for (name, choices) in RandomDomains.values where random.next(4) > 0 { values[name] = choices[random.next(choices.count)] }
                if !ids.isEmpty, random.next(3) > 0 { values["parent_id"] = .int(ids[random.next(ids.count)]) }
                if random.next(2) == 0 { values["tag_ids"] = .list([.list([6, 0, .ids([tags[random.next(3)]])])]) }
                ids.append(try env.create(Thing.self, values).id)
            }
        }
    }

    /// Random conditions that are the same each time.
    struct RandomDomains {
        static let values: [(String, [Value])] = [
            ("name", ["Alpha", "alpha beta", "Ärger", "100%", "a_b", ""]), ("open", [true, false]), ("rank", [0, -3, 7, 7, 12]),
            ("weight", [0.0, 1.5, -2.25]), ("price", [.amount(Amount(12)), .amount(Amount(units: 1_234_567)), .amount(.zero)]),
            ("note", ["x", "Beta"]), ("kind", ["small", "large"]),
            ("day", [.day(Day(2026, 1, 1)), .day(Day(2025, 12, 31)), .day(Day(2024, 2, 29))]),
            (
                "moment",
                [.instant(Instant(Day(2026, 3, 29), secondOfDay: 3_600)), .instant(Instant(Day(2025, 12, 31), secondOfDay: 86_000))]
            ),
        ]
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }

        mutating func domain(depth: Int) -> Domain {
            switch depth > 0 ? next(7) : 6 {
            case 0, 1: .and([domain(depth: depth - 1), domain(depth: depth - 1)])
            case 2, 3: .or([domain(depth: depth - 1), domain(depth: depth - 1)])
            case 4: .not(domain(depth: depth - 1))
            case 5: .related(["parent_id", "child_ids"][next(2)], domain(depth: depth - 1), negated: next(2) == 0)
            default: leaf()
            }
        }

        private mutating func leaf() -> Domain {
            let (name, choices) = RandomDomains.values[next(RandomDomains.values.count)]
            let value = choices[next(choices.count)]
            let orders: [DomainOperator] = [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual]
            switch next(9) {
            case 0: return .condition(name, next(2) == 0 ? .in : .notIn, .list([value, choices[0], next(3) == 0 ? false : value]))
            case 1: return .condition(name, next(2) == 0 ? .equal : .notEqual, false)
            case 2:
                let patterns: [Value] = ["al%", "ÄR", "%", "a_b", "100\\%", "beta", ""]
                let kinds: [DomainOperator] = [.like, .notLike, .ilike, .notIlike, .exactLike, .exactIlike]
                return .condition(next(2) == 0 ? "name" : "note", kinds[next(kinds.count)], patterns[next(patterns.count)])
            case 3: return .condition("tag_ids", next(2) == 0 ? .in : .notIn, .list([.int(next(3) + 1)]))
            case 4: return .condition("parent_id", next(2) == 0 ? .childOf : .parentOf, .int(next(200) + 1))
            case 5: return .condition("parent_id." + name, orders[next(2)], value)
            case 6: return .condition("moment.month_number", orders[next(6)], .int(next(12) + 1))
            default:
                if name == "open" || name == "kind" { return .condition(name, next(2) == 0 ? .equal : .notEqual, value) }
                return .condition(name, orders[next(6)], value)
            }
        }
    }
}
