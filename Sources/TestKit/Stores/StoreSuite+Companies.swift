import Kernel
import Store

extension StoreSuite {
    /// Values that each company has of its own.
    static let companyChecks = [
        Check(name: "each company has its own value, and what was declared where it has none") { subject in
            let ids = try await things(subject)
            let seen = try await subject.database.read(as: user(2), superuser: true) { env in
                try ids.map { id in try ["shelf", "level"].map { try env.record(Thing.self, id).value($0) } }
            }
            try expect(seen, [["north", 9], [.null, 3], ["south", 0]])
            let first = try await subject.database.read(as: user(1), superuser: true) { env in
                try ids.map { id in try env.record(Thing.self, id).value("level") }
            }
            try expect(first, [1, 2, 3])
        },
        Check(name: "values of a company are ordered, grouped and added up") { subject in
            let ids = try await things(subject)
            let (order, rows) = try await subject.database.read(as: user(2), superuser: true) { env -> ([Int], [[Value]]) in
                let model = env.registry.schema(Thing.self)
                let order = try env.search(model, .where("id", .in, .ids(ids)), order: "level desc, shelf").ids
                let keys = try ["level", "shelf"].map { try GroupClause.key($0, model: model, company: env.companyId) }
                let sums = try ["__count", "level:sum", "level:max", "level:count_distinct"].compactMap {
                    try GroupClause.aggregate($0, model: model, company: env.companyId)?.aggregate
                }
                let request = GroupRequest(
                    model: model, predicate: try env.predicate(model, .where("id", .in, .ids(ids))), keys: keys, aggregates: sums)
                return (order, try env.unit.transaction.group(request))
            }
            try expect(order, [ids[0], ids[1], ids[2]])
            try expect(
                rows.map { $0.map { "\($0)" } },
                [[0, "south", 1, 0, 0, 1], [3, .null, 1, 3, 3, 1], [9, "north", 1, 9, 9, 1]].map { (row: [Value]) in row.map { "\($0)" } })
        },
        Check(name: "values of companies go with their record, and one that is unset stays unset") { subject in
            let ids = try await things(subject)
            try await subject.database.write(as: user(2), superuser: true) { env in
                try env.record(Thing.self, ids[0]).write(["level": false, "shelf": false])
                try env.records(Thing.self, [ids[1]]).unlink()
            }
            let left = try await subject.database.read(as: user(2), superuser: true) { env in
                let model = env.registry.schema(Thing.self)
                let field = try model.requireField("level")
                let rows = try env.unit.transaction.companyValues(model, field, company: 2, ids: ids)
                return (rows.map(\.id), try env.record(Thing.self, ids[0]).value("shelf"))
            }
            try expect(left.0.sorted(), [ids[0], ids[2]])
            try expect(left.1, .null)
        },
        Check(name: "the trail tells which fields of a record were written since it had a version") { subject in
            let ids = try await things(subject)
            for (name, value) in [("name", Value.text("x")), ("rank", 4), ("note", "n")] {
                subject.clock.advance(seconds: 60)
                try await subject.database.write(as: user(1), superuser: true) { env in
                    try env.record(Thing.self, ids[0]).write([name: value])
                }
            }
            let writes = try await subject.database.read(as: user(1), superuser: true) { env in
                let record = env.record(Thing.self, ids[0])
                return try env.unit.transaction.writes(
                    of: ids[0], in: env.registry.schema(Thing.self), since: record.version - 2, limit: 10)
            }
            try expect(writes.map(\.fields), [["note"], ["rank"]])
            try expect(writes.map(\.at), [subject.clock.now, subject.clock.now - 60])
        },
    ]

    private static func user(_ company: Int) -> UserContext {
        UserContext(id: 1, login: "suite", name: "Suite", companyId: company, companyIds: [company], groups: [])
    }

    /// Three things with values in two companies.
    private static func things(_ subject: Subject) async throws -> [Int] {
        let ids = try await subject.database.write(as: user(1), superuser: true) { env in
            try env.create(Thing.self, [["name": "a", "level": 1], ["name": "b", "level": 2], ["name": "c"]]).ids
        }
        try await subject.database.write(as: user(2), superuser: true) { env in
            try env.record(Thing.self, ids[0]).write(["shelf": "north", "level": 9])
            try env.record(Thing.self, ids[2]).write(["shelf": "south", "level": 0])
        }
        return ids
    }
}
