import Kernel

/// The records on which every domain case is tried, whatever evaluates it.
///
/// Keys name records across all models. In the values a text `@paris` stands for the id of the record with that key, and a list of them
/// for links.
public enum DomainFixture {
    /// One record.
    public struct Entry: Sendable {
        /// Its name in the cases.
        public let key: String
        /// Its model.
        public let model: String
        /// What it is created with.
        public let values: ValueMap
    }

    /// The moment at which the cases are tried: a Monday.
    public static let now = Instant(Day(2026, 3, 2), secondOfDay: 36_000)
    /// Where the user is: one hour east of UTC all year.
    public static let timeZone = "Etc/GMT-1"
    /// A language whose weeks begin on Monday.
    public static let language = "en_GB"

    /// The models; they need `res.users`, as all models do.
    public static func addModels(to app: inout App) {
        app.add(CasePlace.self)
        app.add(CaseTag.self)
        app.add(CaseItem.self)
        app.add(CaseLine.self)
        app.add(CaseCrate.self)
    }

    /// The records, each after those that it names.
    public static let entries: [Entry] = places + tags + items + lines + crates

    private static let places = [
        Entry(key: "europe", model: "case.place", values: ["name": "Europe", "code": "EU", "rank": 2]),
        Entry(key: "france", model: "case.place", values: ["name": "France", "code": "FR", "rank": 1, "parent_id": "@europe"]),
        Entry(key: "paris", model: "case.place", values: ["name": "Paris", "rank": 3, "parent_id": "@france", "is_capital": true]),
        Entry(key: "germany", model: "case.place", values: ["name": "Germany", "code": "", "parent_id": "@europe"]),
        Entry(key: "asia", model: "case.place", values: ["name": "Asia", "code": "AS", "rank": 2]),
    ]

    private static let tags = [
        Entry(key: "red", model: "case.tag", values: ["name": "Red"]),
        Entry(key: "green", model: "case.tag", values: ["name": "Green"]),
        Entry(key: "blue", model: "case.tag", values: ["name": "Bleu ciel"]),
    ]

    /// `c` has nothing but a name.
    private static let items = [
        Entry(
            key: "a", model: "case.item",
            values: [
                "name": "Apple", "note": "50% off_now", "flag": true, "count": 5, "weight": 1.5,
                "price": .amount(Amount(units: 10_250_000)),
                "state": "new", "due": .day(Day(2026, 3, 1)), "seen": "2026-03-01 22:30:00", "place_id": "@paris",
                "tag_ids": ["@red", "@green"],
                "target": "case.place,1", "data": .map(["kind": "fruit"]), "code": "Straße", "shelf": "A1", "level": 5,
                "depot_id": "@paris",
            ]),
        Entry(
            key: "b", model: "case.item",
            values: [
                "name": "Éclair", "note": "plain", "flag": false, "count": 0, "weight": 0.0, "price": .amount(.zero), "state": "done",
                "due": .day(Day(2026, 3, 2)), "seen": "2026-03-01 23:30:00", "place_id": "@france", "tag_ids": ["@green"], "code": "A",
                "shelf": "b2", "level": 0, "is_open": false, "margin": 0.0, "since": "2025-06-30", "motto": "Old",
            ]),
        Entry(key: "c", model: "case.item", values: ["name": "banana"]),
        Entry(
            key: "d", model: "case.item",
            values: [
                "name": "ÉTÉ 100%", "note": "", "count": -3, "weight": -0.5, "price": .amount(Amount(units: -100_000)), "state": "done",
                "due": .day(Day(2025, 12, 31)), "seen": "2025-12-31 23:59:59", "place_id": "@germany", "tag_ids": ["@blue"], "code": "a",
                "level": 7, "depot_id": "@asia", "motto": false,
            ]),
        Entry(
            key: "e", model: "case.item",
            values: [
                "name": "apple pie", "note": "back\\slash", "flag": true, "count": 7, "weight": 2.25,
                "price": .amount(Amount(units: 10_000_001)),
                "state": "new", "due": .day(Day(2024, 2, 29)), "seen": "2024-02-29 12:00:00", "place_id": "@asia", "tag_ids": ["@red"],
                "target": "case.tag,1",
            ]),
    ]

    private static let lines = [
        Entry(key: "l1", model: "case.line", values: ["name": "core", "item_id": "@a", "quantity": 5]),
        Entry(key: "l2", model: "case.line", values: ["name": "stem", "item_id": "@a", "quantity": 1]),
        Entry(key: "l3", model: "case.line", values: ["name": "core", "item_id": "@d"]),
        Entry(key: "l4", model: "case.line", values: ["name": "loose"]),
    ]

    private static let crates = [
        Entry(key: "k1", model: "case.crate", values: ["mark": "full", "place_id": "@paris"]),
        Entry(key: "k2", model: "case.crate", values: ["mark": "empty", "place_id": "@asia"]),
    ]

    /// A value with the ids in the place of `@` keys.
    public static func resolved(_ value: Value, _ ids: [String: Int]) -> Value {
        switch value {
        case .text(let text) where text.hasPrefix("@"): ids[String(text.dropFirst())].map { .int($0) } ?? .null
        case .list(let list): .ids(list.compactMap { resolved($0, ids).intValue })
        default: value
        }
    }
}
