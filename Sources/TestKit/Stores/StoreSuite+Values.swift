import JSON
import Kernel
import Store

extension StoreSuite {
    static let valueChecks = [
        Check(name: "every kind of value comes back as it was written") { subject in
            let values: ValueMap = [
                "name": "Zoë “x” '; DROP TABLE suite_thing;--", "open": true, "rank": .int(Int.min), "weight": 0.1,
                "price": .amount(Amount(units: -9_223_372_036_854_775_807)), "note": "\u{1F600}\nline", "kind": "large",
                "day": .day(Day(1, 1, 1)), "moment": .instant(Instant(Day(9999, 12, 31), secondOfDay: 86_399)),
                "data": .json(["a": [1, 2.5, "x", nil]]), "target": "suite.tag,1",
            ]
            let id = try await subject.database.write(as: .system, superuser: true) { env in try env.create(Thing.self, values).id }
            let found = try await subject.database.read(as: .system, superuser: true) { env in
                let model = env.registry.schema(Thing.self)
                return ValueMap(try values.names.map { ($0, try env.value(model, id, try model.requireField($0))) })
            }
            for entry in values.entries { try expect(found[entry.name], entry.value, entry.name) }
        },
        Check(name: "bytes are kept once, by content") { subject in
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
            try await subject.database.write(as: .system, superuser: true) { env in
                _ = try env.create(Thing.self, [["photo": .bytes(bytes)], ["photo": .bytes(bytes)]])
            }
            let found = try await subject.database.read(as: .system, superuser: true) { env in env.record(Thing.self, 2).photo }
            try expect(found == bytes, true)
            let count = try await subject.database.inspect { try $0.first("SELECT count(*) FROM baton_content", [], .integer) }
            try expect(count, .int(1))
        },
        Check(name: "bytes in the row, pictures, rounded floats and sparse values come back as they were meant") { subject in
            let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]
            let id = try await subject.database.write(as: .system, superuser: true) { env in
                try env.create(
                    Thing.self,
                    [
                        "thumb": .bytes([0, 255, 1]), "badge": .bytes(picture), "ratio": 1.005, "raw": "<script>x</script>",
                        "page": "<script>x</script>",
                        "colour": "red", "doors": 5, "due": "2026-03-01",
                    ]
                ).id
            }
            let found = try await subject.database.read(as: .system, superuser: true) { env in
                let thing = env.record(Thing.self, id)
                return [
                    thing.thumb == [0, 255, 1], thing.badge == picture, thing.ratio == 1.01, thing.raw == "<script>x</script>",
                    thing.page == "",
                    thing.colour == "red", thing.doors == 5, thing.due == Day(2026, 3, 1),
                    thing.extras == ["colour": "red", "doors": 5, "due": "2026-03-01"],
                ]
            }
            try expect(found, [Bool](repeating: true, count: 9))
            try await subject.database.write(as: .system, superuser: true) { env in
                try env.record(Thing.self, id).write(["colour": .null, "doors": 4, "thumb": .null])
            }
            let changed = try await subject.database.read(as: .system, superuser: true) { env in
                let thing = env.record(Thing.self, id)
                return [thing.extras == ["doors": 4, "due": "2026-03-01"], thing.colour.isEmpty, thing.thumb.isEmpty]
            }
            try expect(changed, [true, true, true])
            try await expectRefusal("field.bad_value") {
                try await subject.database.write(as: .system, superuser: true) {
                    try $0.record(Thing.self, id).write(["badge": .bytes([1, 2])])
                }
            }
            try await expectRefusal("field.bad_value") {
                try await subject.database.write(as: .system, superuser: true) {
                    try $0.record(Thing.self, id).write(["target": "no.model,1"])
                }
            }
        },
        Check(name: "long lists of ids are read and written in parts") { subject in
            let ids = try await subject.database.write(as: .system, superuser: true) { env in
                try env.create(Thing.self, (0..<2_345).map { ["rank": .int($0)] }).ids
            }
            try await subject.database.write(as: .system, superuser: true) { env in
                try env.records(Thing.self, ids).records.write(["name": "same"])
            }
            let sum = try await subject.database.read(as: .system, superuser: true) { env in
                env.records(Thing.self, ids).reduce(0) { $0 + $1.rank + ($1.label == "same" ? 1 : 0) }
            }
            try expect(sum, 2_344 * 2_345 / 2 + 2_345)
        },
        Check(name: "deleting a record takes its links along and clears what pointed at it") { subject in
            let ids = try await subject.database.write(as: .system, superuser: true) { env in
                let tag = try env.create(Tag.self, ["name": "t"]).id
                let parent = try env.create(Thing.self, ["name": "p", "tag_ids": .list([.list([6, 0, .ids([tag])])])]).id
                return [tag, parent, try env.create(Thing.self, ["name": "c", "parent_id": .int(parent)]).id]
            }
            try await subject.database.write(as: .system, superuser: true) { env in try env.records(Thing.self, [ids[1]]).records.unlink() }
            let rest = try await subject.database.inspect { connection in
                try connection.query("SELECT count(*), count(parent_id) FROM suite_thing", [], [.integer, .integer])
            }
            try expect(Array(rest), [.int(1), .int(0)])
        },
        Check(name: "a unique combination refuses with the model's own sentence") { subject in
            try await expectRefusal("record.duplicate") {
                try await subject.database.write(as: .system, superuser: true) { env in
                    _ = try env.create(Thing.self, [["code": "A"], ["code": "A"]])
                }
            }
        },
    ]
}
