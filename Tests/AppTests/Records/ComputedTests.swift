import Base
import Kernel
import TestKit
import Testing

@Suite struct ComputedTests {
    @Test("a price change reaches the totals of every order with the product")
    func aPriceChangeReachesTheTotals() throws {
        let world = try ShopApp.world()
        let ids = try world.act { env in
            let pen = try env.create(ShopProduct.self, ["name": "Pen", "price": 2])
            let book = try env.create(ShopProduct.self, ["name": "Book", "price": "12.5"])
            return try (0..<3).map { count in
                try env.create(
                    ShopOrder.self,
                    [
                        "name": .text("Order \(count)"),
                        "line_ids": .list([[0, 0, ["product_id": .int(pen.id), "quantity": 3]], [0, 0, ["product_id": .int(book.id)]]]),
                    ]
                ).id
            } + [pen.id, book.id]
        }
        let totals: @Sendable () throws -> [Amount] = {
            try world.read(as: "admin") { env in env.asSuperuser("test").records(ShopOrder.self, Array(ids.prefix(3))).map(\.total) }
        }
        #expect(try totals() == Array(repeating: Amount("18.5")!, count: 3))

        try world.act { env in env.record(ShopProduct.self, ids[3]).price = 100 }
        #expect(try totals() == Array(repeating: Amount("312.5")!, count: 3))
        try world.act { env in
            #expect(env.record(ShopOrder.self, ids[0]).isLarge)
            #expect(env.record(ShopOrder.self, ids[0]).count == 2)
        }
    }

    @Test("a line that moves changes both orders")
    func aLineThatMovesChangesBoth() throws {
        let world = try ShopApp.world()
        try world.act { env in
            let pen = try env.create(ShopProduct.self, ["name": "Pen", "price": 2])
            let first = try env.create(
                ShopOrder.self, ["name": "A", "line_ids": .list([[0, 0, ["product_id": .int(pen.id), "quantity": 5]]])])
            let second = try env.create(ShopOrder.self, ["name": "B"])
            #expect(first.total == 10)
            #expect(first.count == 1)
            let line = first.lines[0]
            line.order = second
            #expect(first.total == 0)
            #expect(first.count == 0)
            #expect(second.total == 10)
            #expect(second.lines.ids == [line.id])
            try line.asSet.unlink()
            #expect(second.total == 0)
        }
    }

    @Test("a name high in the tree reaches the paths below it")
    func aNameReachesThePathsBelow() throws {
        let world = try ShopApp.world()
        let leaf = try world.act { env in
            let top = try env.create(ShopCategory.self, ["name": "Top"])
            let middle = try env.create(ShopCategory.self, ["name": "Middle", "parent_id": .int(top.id)])
            return try env.create(ShopCategory.self, ["name": "Leaf", "parent_id": .int(middle.id)]).id
        }
        try world.act { env in
            #expect(env.record(ShopCategory.self, leaf).path == "Top / Middle / Leaf")
            env.record(ShopCategory.self, leaf).parent?.parent?.displayedName = "Root"
            #expect(env.record(ShopCategory.self, leaf).path == "Root / Middle / Leaf")
        }
        let stored = try world.read(as: "admin") { env in
            try env.asSuperuser("test").search(ShopCategory.self, .where("complete_name", .like, "Root /")).ids
        }
        #expect(stored.contains(leaf))
    }

    @Test("stored values equal a fresh computation after any sequence of changes", arguments: 1...8)
    func storedValuesEqualAFreshComputation(seed: Int) throws {
        let world = try ShopApp.world()
        try world.act { env in
            _ = try env.create(ShopProduct.self, (1...4).map { ["name": .text("P\($0)"), "price": .int($0 * 3)] })
            _ = try env.create(ShopOrder.self, (1...4).map { ["name": .text("O\($0)")] })
        }
        for round in 0..<6 {
            try world.act { env in
                var random = Dice(state: UInt64(seed * 1_000 + round))
                for _ in 0..<12 { try RandomShop.step(env, &random) }
            }
            let wrong = try world.act { env in try RandomShop.disagreements(env) }
            #expect(wrong == [], "seed \(seed), round \(round)")
        }
    }
}

/// Random changes of the shop, and what must hold after them.
enum RandomShop {
    static func step(_ env: Environment, _ random: inout Dice) throws {
        let orders = try env.search(ShopOrder.self)
        let products = try env.search(ShopProduct.self)
        let lines = try env.search(ShopLine.self)
        let order = orders[random.below(orders.count)]
        let product = products[random.below(products.count)]
        switch random.below(7) {
        case 0, 1:
            try order.write(["line_ids": .list([[0, 0, ["product_id": .int(product.id), "quantity": .int(random.below(9))]]])])
        case 2: product.price = Amount(random.below(50))
        case 3 where !lines.isEmpty: lines[random.below(lines.count)].quantity = random.below(20)
        case 4 where !lines.isEmpty: lines[random.below(lines.count)].order = order
        case 5 where !lines.isEmpty: lines[random.below(lines.count)].product = product
        case 6 where !lines.isEmpty: try lines[random.below(lines.count)].asSet.unlink()
        default: break
        }
    }

    static func disagreements(_ env: Environment) throws -> [String] {
        var wrong: [String] = []
        for order in try env.search(ShopOrder.self) {
            let lines = try env.search(ShopLine.self, .where("order_id", .equal, .int(order.id)))
            let total = lines.reduce(Amount.zero) { sum, line in sum + (line.product?.price ?? .zero) * line.quantity }
            if order.total != total { wrong.append("order \(order.id): \(order.total) is not \(total)") }
            if order.isLarge != (total > 100) { wrong.append("order \(order.id): is_large") }
            if Set(order.lines.ids) != Set(lines.ids) { wrong.append("order \(order.id): lines") }
        }
        return wrong
    }
}

/// A small random generator whose seed is its state.
struct Dice {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(max(bound, 1)))
    }
}
