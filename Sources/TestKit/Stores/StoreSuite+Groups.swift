import Kernel
import Store

extension StoreSuite {
    static let groupChecks = [
        Check(name: "groups add up exactly, and money stays exact") { subject in
            try await subject.database.write(as: .system, superuser: true) { env in
                let parents = try env.create(Thing.self, [["name": "a"], ["name": "b"]]).ids
                _ = try env.create(
                    Thing.self,
                    (0..<300).map { index -> ValueMap in
                        [
                            "parent_id": index % 3 == 2 ? .null : .int(parents[index % 3]), "kind": "small", "rank": .int(index),
                            "price": .amount(Amount(units: 100_001)), "weight": 0.5, "open": .bool(index % 3 == 0),
                        ]
                    })
            }
            let rows = try await groups(
                subject, ["parent_id"], ["__count", "price:sum", "rank:max", "weight:avg", "open:bool_or"], "kind", "small")
            let price = Value.amount(Amount(units: 10_000_100))
            try expect(
                rows,
                [
                    [.int(1), .int(100), price, .int(297), .double(0.5), .bool(true)],
                    [.int(2), .int(100), price, .int(298), .double(0.5), .bool(false)],
                    [.null, .int(100), price, .int(299), .double(0.5), .bool(false)],
                ])
        },
        Check(name: "what a scan adds up is what the database adds up") { subject in
            try await fill(subject)
            // The array makes the request one that the database must group itself.
            let keys = ["parent_id", "kind", "open"]
            let sums = ["__count", "rank:sum", "price:sum", "rank:min", "weight:sum"]
            let scanned = try await groups(subject, keys, sums)
            let grouped = try await groups(subject, keys, sums + ["id:array_agg"])
            try expect(scanned.count > 20, true)
            let order = { (rows: [[Value]]) in rows.map { $0.prefix(8).map { "\($0)" }.joined(separator: "|") }.sorted() }
            try expect(order(scanned), order(grouped))
        },
        Check(name: "groups that an index gives in order are those of a scan") { subject in
            try await fill(subject)
            // There is an index that begins with the kind and the parent, and none that begins the other way round.
            let ordered = try await groups(subject, ["kind", "parent_id"], ["__count", "price:sum"])
            let scanned = try await groups(subject, ["parent_id", "kind"], ["__count", "price:sum"])
            try expect(ordered.count > 4, true)
            let words = { (rows: [[Value]], places: [Int]) in
                rows.map { row in places.map { "\(row[$0])" }.joined(separator: "|") }.sorted()
            }
            try expect(words(ordered, [0, 1, 2, 3]), words(scanned, [1, 0, 2, 3]))
        },
        Check(name: "dates are cut into periods where the zone is") { subject in
            let moment = Instant(Day(2025, 12, 31), secondOfDay: 23 * 3_600 + 1_800)
            try await subject.database.write(as: .system, superuser: true) { env in
                _ = try env.create(Thing.self, ["moment": .instant(moment), "day": .day(Day(2027, 1, 1))])
            }
            let expected: [(String, Int, Value)] = [
                ("moment:year", 0, .day(Day(2025, 1, 1))), ("moment:year", 60, .day(Day(2026, 1, 1))),
                ("moment:month", 0, .day(Day(2025, 12, 1))),
                ("moment:quarter", 0, .day(Day(2025, 10, 1))), ("moment:week", 0, .day(Day(2025, 12, 29))),
                ("moment:hour", 60, .instant(Instant(Day(2026, 1, 1)))), ("moment:day", 60, .day(Day(2026, 1, 1))),
                ("day:iso_week_number", 0, .int(53)), ("day:day_of_week", 0, .int(5)), ("day:quarter_number", 0, .int(1)),
                ("moment:hour_number", 60, .int(0)), ("moment:minute_number", 0, .int(30)), ("day:day_of_year", 0, .int(1)),
            ]
            for (key, zone, value) in expected {
                let rows = try await groups(subject, [key], ["__count"], zone: zone)
                try expect(rows, [[value, .int(1)]], "\(key) at \(zone) minutes:")
            }
        },
    ]

    /// Groups of things, in the order of their keys.
    private static func groups(
        _ subject: Subject, _ keys: [String], _ sums: [String], _ field: String? = nil, _ value: Value = .null, zone: Int = 0
    ) async throws -> [[Value]] {
        try await subject.database.read(as: .system, superuser: true) { env in
            let model = env.registry.schema(Thing.self)
            let domain = field.map { Domain.where($0, .equal, value) } ?? .all
            var request = GroupRequest(
                model: model, predicate: try env.predicate(model, domain), keys: try keys.map { try GroupClause.key($0, model: model) },
                aggregates: try sums.compactMap { try GroupClause.aggregate($0, model: model)?.aggregate })
            request.zoneMinutes = zone
            return try env.unit.transaction.group(request)
        }
    }
}
