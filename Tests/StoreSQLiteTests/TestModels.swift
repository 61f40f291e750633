import Foundation
import Kernel
import Store
import StoreSQLite

/// A small world for the store's tests: contacts in a tree, tags, and deals.
struct Contact: Model {
    static let name = "test.contact"
    static let title = "Contact"
    static var unique: [Unique] { [Unique("code", message: "This code is taken.")] }

    let title = Char("name", "Name", .required)
    let code = Char("code")
    let isActive = Flag("active", "Active", .initial(true))
    let parent = Many2one<Contact>("parent_id")
    let children = One2many<Contact>("child_ids", inverseName: "parent_id", "Children")
    let tags = Many2many<Tag>("tag_ids")
    let born = DateField("born")
    let seen = Datetime("seen")
    let weight = Float("weight")
    let rank = Integer("rank")
    let credit = Monetary("credit")
    let note = Text("note")
    let data = Json("data")
    let photo = Binary("photo")
}

struct Tag: Model {
    static let name = "test.tag"
    static let title = "Tag"
    let title = Char("name", "Name", .required)
}

/// Users, which every record points at; the first one is the machine.
struct TestUser: Model {
    static let name = "res.users"
    static let title = "User"
    let login = Char("name", "Login", .required)
}

let testApp = App("test", "Test") { app in
    app.add(TestUser.self)
    app.seed("users") { env in _ = try env.create(TestUser.self, ["name": "system"]) }
    app.add(Contact.self)
    app.add(Tag.self)
}

/// A database in a folder of its own, which goes when the test ends.
final class Scratch {
    let folder: String
    let driver: SQLiteDriver
    let database: Database
    let clock = ManualClock(Instant(Day(2026, 11, 20), secondOfDay: 9 * 3_600))

    init(apps: [App] = [testApp], options: SQLiteOptions = SQLiteOptions(), sealed: Bool = false, migrated: Bool = true) throws {
        folder = NSTemporaryDirectory() + "baton-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        driver = try SQLiteDriver(path: folder + "/baton.db", options: options)
        database = try Database(driver: driver, apps: apps, clock: clock, seal: sealed ? try AuditSeal(directory: folder) : nil)
        if migrated {
            try database.migrate()
            try database.seed()
        }
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
