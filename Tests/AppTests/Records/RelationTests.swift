import Base
import JSON
import Kernel
import Messaging
import TestKit
import Testing

@Suite struct RelationTests {
    @Test("both sides of a many2many see the same links")
    func bothSidesSeeTheSameLinks() throws {
        let world = try ShopApp.world()
        try world.act { env in
            let order = try env.create(ShopOrder.self, ["name": "A"])
            let tags = try env.create(ShopTag.self, [["name": "x"], ["name": "y"], ["name": "z"]])
            order.tags = tags
            #expect(tags[1].orders.ids == [order.id])
            try order.write(["tag_ids": .list([[3, .int(tags[1].id), 0]])])
            #expect(order.tags.ids == [tags[0].id, tags[2].id])
            #expect(tags[1].orders.isEmpty)
            try tags[1].write(["order_ids": .list([[4, .int(order.id), 0]])])
            #expect(order.tags.ids == tags.ids)
            try order.write(["tag_ids": .list([[5, 0, 0]])])
            #expect(order.tags.isEmpty)
        }
    }

    @Test("deleting follows each link's rule")
    func deletingFollowsTheRules() throws {
        let world = try ShopApp.world()
        try world.act { env in
            let category = try env.create(ShopCategory.self, ["name": "C"])
            let below = try env.create(ShopCategory.self, ["name": "D", "parent_id": .int(category.id)])
            let product = try env.create(ShopProduct.self, ["name": "Pen", "category_id": .int(below.id)])
            let order = try env.create(ShopOrder.self, ["name": "A", "line_ids": .list([[0, 0, ["product_id": .int(product.id)]]])])
            #expect(throws: Refusal.self) { try category.asSet.unlink() }
            product.category = nil
            try category.asSet.unlink()
            #expect(try env.count(ShopCategory.self) == 0)
            #expect(throws: Refusal.self) { try product.asSet.unlink() }
            try order.asSet.unlink()
            #expect(try env.count(ShopLine.self) == 0)
            #expect(try env.search(Message.self, .where("model", .equal, "shop.order")).isEmpty)
            try product.asSet.unlink()
        }
    }

    @Test("archived records are out of sight unless asked for")
    func archivedRecordsAreOutOfSight() throws {
        let world = try ShopApp.world()
        try world.act { env in
            let product = try env.create(ShopProduct.self, ["name": "Pen"])
            try product.records.setActive(false)
            #expect(try env.count(ShopProduct.self) == 0)
            #expect(try env.search(ShopProduct.self, .where("active", .equal, false)).ids == [product.id])
            let all = try env.with(context: ["active_test": false])
            #expect(try all.count(ShopProduct.self) == 1)
        }
    }

    @Test("a copy has its own lines, the same tags and another name")
    func aCopyHasItsOwnLines() throws {
        let world = try ShopApp.world()
        try world.act { env in
            let pen = try env.create(ShopProduct.self, ["name": "Pen", "price": 2])
            let tag = try env.create(ShopTag.self, ["name": "x"])
            let order = try env.create(ShopOrder.self, ["name": "A", "state": "done", "tag_ids": .list([[4, .int(tag.id), 0]])])
            try order.write(["line_ids": .list([[0, 0, ["product_id": .int(pen.id), "quantity": 4]]])])
            let copy = Recordset<ShopOrder>(try order.records.copy())[0]
            #expect(copy.displayedName == "A (copy)")
            #expect(copy.tags.ids == [tag.id])
            #expect(copy.total == 0)
            #expect(copy[\RiskOnOrder.note] == "")
            copy[\RiskOnOrder.note] = "low"
            #expect(copy[\RiskOnOrder.note] == "low")
        }
    }

    @Test("bytes, JSON, references and formatted text come back as they may")
    func specialFieldsComeBack() throws {
        let world = try ShopApp.world()
        let id = try world.act { env in
            try env.create(
                ShopProduct.self,
                [
                    "name": "Pen", "picture": .bytes([0, 1, 2, 255]), "info": .json(["a": [1, 2.5, "x"]]),
                    "description": "<p onclick=\"x()\">Hi <script>alert(1)</script><a href=\"javascript:x\">there</a></p>",
                ]
            ).id
        }
        try world.act { env in
            let product = env.record(ShopProduct.self, id)
            #expect(product.picture == [0, 1, 2, 255])
            #expect(product.info == ["a": [1, 2.5, "x"]])
            #expect(product.text == "<p>Hi <a rel=\"noopener noreferrer nofollow\">there</a></p>")
            let order = try env.create(ShopOrder.self, ["name": "A", "subject": .text("shop.product,\(id)"), "due": "2026-02-28"])
            #expect(order.subject == "shop.product,\(id)")
            #expect(order.due == Day(2026, 2, 28))
            #expect(throws: Refusal.self) { try order.write(["due": "2026-02-30"]) }
            #expect(throws: Refusal.self) { try order.write(["state": "nope"]) }
            #expect(throws: Refusal.self) { try order.write(["nope": 1]) }
        }
    }

    @Test("a failed unit of work leaves nothing behind")
    func aFailedUnitLeavesNothing() throws {
        let world = try ShopApp.world()
        #expect(throws: Refusal.self) {
            try world.act { env in
                try env.create(ShopOrder.self, ["name": "A"])
                try env.create(ShopOrder.self, ["name": "forbidden"])
            }
        }
        #expect(throws: Refusal.self) {
            try world.act { env in
                let order = try env.create(ShopOrder.self, ["name": "A"])
                order.displayedName = "forbidden"
            }
        }
        #expect(try world.act { env in try env.count(ShopOrder.self) } == 0)
    }

    @Test("tracked changes stand in the chatter with old and new values")
    func trackedChangesStandInTheChatter() throws {
        let world = try ShopApp.world()
        try world.makeUser("ann", groups: ["shop.group_user"])
        let id = try world.act(as: "ann") { env in try env.create(ShopOrder.self, ["name": "A"]).id }
        try world.act(as: "ann") { env in _ = try env.records(ShopOrder.self, [id]).call("action_done") }
        try world.read(as: "ann") { env in
            let messages = try env.search(Message.self, .where("model", .equal, "shop.order") & .where("res_id", .equal, .int(id)))
            #expect(messages.count == 2)
            let change = messages[0].tracking[0]
            #expect([change.fieldName, change.oldText, change.newText] == ["state", "Draft", "Done"])
            #expect(try env.record(ShopOrder.self, id).value("message_partner_ids").idList?.count == 1)
        }
    }
}
