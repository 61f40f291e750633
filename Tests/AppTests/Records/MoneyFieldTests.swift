import Base
import Kernel
import Messaging
import TestKit
import Testing

private struct Bill: Model {
    static let name = "test.bill"
    static let title = "Bill"

    let label = Char("name")
    let currency = Many2one<Currency>("currency_id", "Currency")
    let price = Monetary("price")
    let count = Integer("count", .initial(1))
    let fee = Monetary("fee", .initial(.amount(Amount(units: 333_333))))
    let total = Monetary(
        "total",
        .computed(on: "price", "count", stored: true) { (bill: Record<Bill>) in
            bill.price * bill.count + Amount(units: 5_000)
        })
    let half = Monetary("half", .computed(on: "price") { (bill: Record<Bill>) in Amount(units: bill.price.units / 2) })
    let bare = Monetary("bare", currency: "no_currency")
    let lines = One2many<BillLine>("line_ids", inverse: \.bill)
}

private struct BillLine: Model {
    static let name = "test.bill.line"
    static let title = "Line"
    let bill = Many2one<Bill>("bill_id", onDelete: .cascade)
    let currency = Many2one<Currency>("currency_id", .related("bill_id.currency_id"))
    let price = Monetary("price")
}

private let bills = App("bills", "Bills", needs: ["base", "mail"]) { app in
    app.add(Bill.self)
    app.add(BillLine.self)
    app.allow("base.group_user", "rwcd", on: "test.bill", "test.bill.line")
    app.allow("base.group_user", "r", on: "res.currency")
}

@Suite struct MoneyFieldTests {
    private func world() throws -> (World, [String: Int]) {
        let world = try World(apps: [BaseApp.app, MessagingApp.app, bills])
        try world.makeUser("ann", groups: ["base.group_user"])
        let currencies = try world.act { env in
            [
                "EUR": try Reference.require("base.EUR", env),
                "JPY": try env.create(Currency.self, ["name": "JPY", "symbol": "¥", "decimal_places": 0]).id,
                "CHF": try env.create(Currency.self, ["name": "CHF", "symbol": "Fr", "rounding": 0.05]).id,
            ]
        }
        return (world, currencies)
    }

    @Test(
        "an amount is rounded to its currency when it is written, a half away from zero",
        arguments: [
            ("EUR", 1_005_000, 1_010_000), ("EUR", -1_005_000, -1_010_000), ("EUR", 1_004_999, 1_000_000), ("JPY", 500_000, 1_000_000),
            ("JPY", -2_500_000, -3_000_000), ("CHF", 1_025_000, 1_050_000), ("CHF", 1_024_999, 1_000_000), ("CHF", 10_000_000, 10_000_000),
        ])
    func rounding(_ name: String, _ given: Int, _ kept: Int) throws {
        let (world, currencies) = try world()
        let id = try world.act(as: "ann") { env in
            let bill = try env.create(Bill.self, ["currency_id": .int(currencies[name] ?? 0), "price": .amount(Amount(units: given))])
            #expect(bill.price.units == kept)
            bill.price = Amount(units: 0)
            bill.price = Amount(units: given)
            #expect(bill.price.units == kept)
            return bill.id
        }
        try world.read(as: "ann") { (env: Environment) throws in
            #expect(env.record(Bill.self, id).price.units == kept)
            #expect(try env.search(Bill.self, .where("price", .equal, .amount(Amount(units: kept)))).ids == [id])
        }
    }

    @Test("defaults, computed values, lines by a related currency and the trail are rounded alike")
    func everywhere() throws {
        let (world, currencies) = try world()
        let id = try world.act(as: "ann") { env in
            let bill = try env.create(
                Bill.self,
                [
                    "currency_id": .int(currencies["EUR"] ?? 0), "price": 0.335, "count": 3,
                    "line_ids": .list([[0, 0, ["price": 2.345]]]),
                ])
            #expect(bill.price.units == 340_000 && bill.fee.units == 330_000)
            #expect(bill.total.units == 1_030_000 && bill.half.units == 170_000)
            #expect(bill.lines.first?.price.units == 2_350_000)
            bill.bare = Amount(units: 1)
            #expect(bill.bare.units == 1)
            return bill.id
        }
        let details = try world.database.inspectBlocking { connection in
            try connection.query("SELECT detail FROM baton_audit WHERE model = 'test.bill' AND ids = '[\(id)]'", [], [.text])
        }
        #expect(details.first?.textValue?.contains("\"price\":0.34") == true)
    }

    @Test("records of several currencies in one write are rounded each by its own, and without a currency nothing is")
    func several() throws {
        let (world, currencies) = try world()
        try world.act(as: "ann") { (env: Environment) throws in
            let made = try env.create(
                Bill.self,
                [.init([("currency_id", .int(currencies["EUR"] ?? 0))]), .init([("currency_id", .int(currencies["JPY"] ?? 0))]), [:]])
            try made.write(["price": 7.777])
            #expect(made.map(\.price.units) == [7_780_000, 8_000_000, 7_777_000])
        }
    }

    @Test("when the currency changes, the amounts that stay are rounded to the new one")
    func currencyChanges() throws {
        let (world, currencies) = try world()
        try world.act(as: "ann") { (env: Environment) throws in
            let bill = try env.create(Bill.self, ["currency_id": .int(currencies["EUR"] ?? 0), "price": 12.34, "count": 2])
            try bill.write(["currency_id": .int(currencies["JPY"] ?? 0)])
            #expect(bill.price.units == 12_000_000 && bill.total.units == 24_000_000 && bill.fee.units == 0)
            try bill.write(["currency_id": .int(currencies["CHF"] ?? 0), "price": 3.33])
            #expect(bill.price.units == 3_350_000)
        }
    }

    @Test("a currency's factor and its places agree, and a factor that cannot be is refused")
    func factor() throws {
        let (world, currencies) = try world()
        try world.act { (env: Environment) throws in
            let franc = env.record(Currency.self, currencies["CHF"] ?? 0)
            #expect(franc.decimalPlaces == 2 && env.record(Currency.self, currencies["JPY"] ?? 0).rounding == 1)
            try franc.write(["rounding": 0.001])
            #expect(franc.decimalPlaces == 3)
            let bill = try env.create(Bill.self, ["currency_id": .int(franc.id), "price": 1.2345])
            #expect(bill.price.units == 1_235_000)
        }
        #expect(throws: Refusal.self) { try world.act { env in try env.record(Currency.self, 1).write(["rounding": -1.0]) } }
    }
}
