import Kernel

extension StoreSuite {
    struct User: Model {
        static let name = "res.users"
        static let title = "User"
        let login = Char("name", "Login", .required)
    }

    struct Tag: Model {
        static let name = "suite.tag"
        static let title = "Tag"
        let label = Char("name", "Label", .required)
    }

    /// One field of every kind, a tree, lines and tags.
    struct Thing: Model {
        static let name = "suite.thing"
        static let title = "Thing"
        static var unique: [Unique] { [Unique("code", message: "This code is taken.")] }
        static let indexes = [["kind", "parent_id", "price"]]

        let label = Char("name", "Label")
        let code = Char("code")
        let isOpen = Flag("open")
        let rank = Integer("rank")
        let weight = Float("weight")
        let price = Monetary("price")
        let note = Text("note")
        let page = Html("page")
        let kind = Selection<Kind>("kind")
        let day = DateField("day")
        let moment = Datetime("moment")
        let photo = Binary("photo")
        let thumb = Binary("thumb", .inline)
        let badge = Image("badge")
        let ratio = Float("ratio", .digits(6, 2))
        let raw = Html("raw", .unsanitised)
        let extras = Serialized("extras")
        let colour = Char("colour", .sparse("extras"))
        let doors = Integer("doors", .sparse("extras"))
        let due = DateField("due", .sparse("extras"))
        let data = Json("data")
        let shelf = Char("shelf", .byCompany)
        let level = Integer("level", .byCompany, .initial(3))
        let target = Reference("target")
        let parent = Many2one<Thing>("parent_id")
        let children = One2many<Thing>("child_ids", inverseName: "parent_id", "Children")
        let tags = Many2many<Tag>("tag_ids")
    }

    enum Kind: String, SelectionValue { case small, large }

    static let app = App("suite", "Suite") { app in
        app.add(User.self)
        app.add(Tag.self)
        app.add(Thing.self)
        DomainFixture.addModels(to: &app)
        app.seed("users") { env in _ = try env.create(User.self, ["name": "system"]) }
    }
}
