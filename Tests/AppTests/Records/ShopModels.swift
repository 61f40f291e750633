import Base
import JSON
import Kernel
import Messaging
import TestKit

/// A small shop whose totals depend on each other across relations.
enum ShopApp {
    static let app = App("shop", "Shop", needs: ["base", "mail"]) { app in
        app.add(ShopCategory.self)
        app.add(ShopTag.self)
        app.add(ShopProduct.self)
        app.add(ShopOrder.self)
        app.add(ShopLine.self)
        app.extend(RiskOnOrder.self)
        app.group("shop.group_user", "Shop: user", implies: ["base.group_user"])
        app.group("shop.group_auditor", "Shop: auditor", implies: ["base.group_user"])
        app.allow("shop.group_user", "rwcd", on: "shop.order", "shop.line", "shop.product", "shop.tag", "shop.category")
        app.allow("shop.group_auditor", "r", on: "shop.order", "shop.line")
        app.rule("orders of one's companies", on: "shop.order", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.rule("auditors see what is done", on: "shop.order", "[('state', '=', 'done')]", groups: ["shop.group_auditor"])
        app.rule("users see all", on: "shop.order", "[(1, '=', 1)]", groups: ["shop.group_user"])
    }

    static let world: @Sendable () throws -> World = { try World(apps: [BaseApp.app, MessagingApp.app, app]) }
}

struct ShopCategory: Model {
    static let name = "shop.category"
    static let title = "Category"
    let displayedName = Char("name", .required)
    let parent = Many2one<ShopCategory>("parent_id", onDelete: .cascade)
    let children = One2many<ShopCategory>("child_ids", inverse: \.parent)
    let path: Char = Char(
        "complete_name",
        .computed(on: "name", "parent_id.complete_name", stored: true) { (category: Record<ShopCategory>) in
            (category.parent.map { $0.path + " / " } ?? "") + category.displayedName
        })
    init() {}
}

struct ShopTag: Model {
    static let name = "shop.tag"
    static let title = "Tag"
    let displayedName = Char("name", .required)
    let orders = Many2many<ShopOrder>("order_ids", table: "shop_order_tag_rel", own: "tag_id", other: "order_id")
    init() {}
}

struct ShopProduct: Model {
    static let name = "shop.product"
    static let title = "Product"
    let displayedName = Char("name", .required)
    let price = Monetary("price")
    let category = Many2one<ShopCategory>("category_id", onDelete: .restrict)
    let picture = Binary("picture")
    let info = Json("info")
    let text = Html("description")
    let active = Flag("active", .initial(true))
    init() {}
}

struct ShopOrder: Model {
    static let name = "shop.order"
    static let title = "Order"
    static let hasChatter = true
    static let order = "id desc"
    enum State: String, SelectionValue { case draft, done }

    let displayedName = Char("name", .required, .tracked)
    let state = Selection<State>("state", initial: .draft, .tracked)
    let lines = One2many<ShopLine>("line_ids", inverse: \.order)
    let tags = Many2many<ShopTag>("tag_ids", table: "shop_order_tag_rel", own: "order_id", other: "tag_id")
    let total = Monetary(
        "total", .computed(on: "line_ids.subtotal", stored: true) { (order: Record<ShopOrder>) in order.lines.sum(\.subtotal) })
    let count = Integer("line_count", .computed(on: "line_ids") { (order: Record<ShopOrder>) in order.lines.count })
    let isLarge = Flag("is_large", .computed(on: "total", stored: true) { (order: Record<ShopOrder>) in order.total > 100 })
    let secret = Char("margin", .groups("shop.group_auditor"))
    let company = Many2one<Company>("company_id", .initially { .int($0.companyId) })
    let subject = Reference("subject")
    let due = DateField("due")

    static let actions = [
        Action<ShopOrder>("action_done", "Done", groups: ["shop.group_user"], when: { $0.state == .draft }) { orders in
            for order in orders { order.state = .done }
        }
    ]
    static let constraints = [
        Constraint<ShopOrder>("name") { order in
            if order.displayedName == "forbidden" { throw Refusal("shop.name", .validation, "Not this name.") }
        }
    ]
    init() {}
}

struct RiskOnOrder: ModelExtension {
    typealias Base = ShopOrder
    let note = Char("risk_note")
}

struct ShopLine: Model {
    static let name = "shop.line"
    static let title = "Line"
    static let nameField = "product_id"
    let order = Many2one<ShopOrder>("order_id", onDelete: .cascade, .required)
    let product = Many2one<ShopProduct>("product_id", .required)
    let quantity = Integer("quantity", .initial(1))
    let price = Monetary("price", .related("product_id.price", stored: true))
    let category = Char("category", .related("product_id.category_id.complete_name"))
    let subtotal = Monetary(
        "subtotal", .computed(on: "price", "quantity", stored: true) { (line: Record<ShopLine>) in line.price * line.quantity })
    init() {}
}
