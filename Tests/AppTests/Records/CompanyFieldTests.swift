import Base
import Kernel
import Messaging
import TestKit
import Testing

/// Shelves whose labels and keepers differ by company.
private struct Shelf: Model {
    static let name = "test.shelf"
    static let title = "Shelf"
    static let hasChatter = true

    let label = Char("name", "Name", .required)
    let tag = Char("tag", "Tag", .byCompany, .tracked)
    let limit = Integer("limit", "Limit", .byCompany, .initial(10))
    let keeper = Many2one<Partner>("keeper_id", "Keeper", .byCompany)
    let hidden = Char("hidden", "Hidden", .byCompany, .groups("base.group_system"))
    let double = Integer("double_limit", .computed(on: "limit") { (shelf: Record<Shelf>) in shelf.limit * 2 })
    let keeperName = Char("keeper_name", .related("keeper_id.name"))
    let initials = Char("initials", .computed(on: "keeper_name") { (shelf: Record<Shelf>) in String(shelf.keeperName.prefix(1)) })
}

private let shelves = App("shelves", "Shelves", needs: ["base", "mail"]) { app in
    app.add(Shelf.self)
    app.allow("base.group_user", "rwcd", on: "test.shelf")
}

@Suite struct CompanyFieldTests {
    /// A world with two companies and a user who works in both.
    private func world() throws -> (World, north: Int) {
        let world = try World(apps: [BaseApp.app, MessagingApp.app, shelves])
        let north = try world.act { try $0.create(Company.self, ["name": "North"]).id }
        try world.makeUser("ann", groups: ["base.group_user"], companies: [1, north])
        return (world, north)
    }

    private func context(_ company: Int) -> ValueMap { ["allowed_company_ids": .ids([company])] }

    @Test("each company reads what was written in it, and the declared value where nothing was")
    func eachItsOwn() throws {
        let (world, north) = try world()
        let id = try world.act(as: "ann", context: context(1)) { env in
            let shelf = try env.create(Shelf.self, ["name": "A", "tag": "one", "limit": 3])
            #expect(shelf.tag == "one" && shelf.double == 6)
            return shelf.id
        }
        try world.act(as: "ann", context: context(north)) { (env: Environment) throws in
            let shelf = env.record(Shelf.self, id)
            #expect(shelf.tag.isEmpty && shelf.limit == 10 && shelf.double == 20)
            shelf.tag = "north"
            #expect(shelf.tag == "north")
        }
        try world.read(as: "ann", context: context(1)) { (env: Environment) throws in #expect(env.record(Shelf.self, id).tag == "one") }
        try world.read(as: "ann", context: context(north)) { (env: Environment) throws in
            #expect(env.record(Shelf.self, id).tag == "north")
            #expect(try env.search(Shelf.self, .where("tag", .equal, "north")).ids == [id])
            #expect(try env.search(Shelf.self, .where("tag", .equal, "one")).isEmpty)
        }
    }

    @Test("one unit of work sees both companies, each in its environment")
    func bothAtOnce() throws {
        let (world, north) = try world()
        try world.act(as: "ann") { (env: Environment) throws in
            let id = try env.create(Shelf.self, ["name": "A", "limit": 4]).id
            let other = try env.with(context: ["allowed_company_ids": .ids([north])])
            let (here, there) = (env.record(Shelf.self, id), other.record(Shelf.self, id))
            #expect(here.double == 8 && there.double == 20)
            there.limit = 7
            #expect(here.limit == 4 && here.double == 8 && there.double == 14)
            #expect(try other.search(Shelf.self, .where("limit", .equal, 7)).ids == [id])
            #expect(try env.search(Shelf.self, .where("limit", .equal, 4)).ids == [id])
        }
    }

    @Test("what is found through a link that differs by company differs too, also after the link's target changes")
    func foundThroughLinks() throws {
        let (world, north) = try world()
        try world.act(as: "ann") { (env: Environment) throws in
            let partner = try env.asSuperuser("a test").create(Partner.self, ["name": "Zoe"])
            let id = try env.create(Shelf.self, ["name": "A", "keeper_id": .int(partner.id)]).id
            let other = try env.with(context: ["allowed_company_ids": .ids([north])])
            #expect(env.record(Shelf.self, id).initials == "Z" && other.record(Shelf.self, id).initials.isEmpty)
            try env.asSuperuser("a test").record(Partner.self, partner.id).write(["name": "Mia"])
            #expect(env.record(Shelf.self, id).initials == "M")
            #expect(try env.search(Shelf.self, .where("keeper_name", .equal, "Mia")).ids == [id])
            try env.asSuperuser("a test").records(Partner.self, [partner.id]).unlink()
            #expect(env.record(Shelf.self, id).keeper == nil && env.record(Shelf.self, id).initials.isEmpty)
        }
    }

    @Test("a link that differs by company is let go of when its target is deleted, in every company")
    func deletedTarget() throws {
        let (world, north) = try world()
        let (shelf, partner) = try world.act { env in
            let partner = try env.create(Partner.self, ["name": "Zoe"]).id
            return (try env.create(Shelf.self, ["name": "A"]).id, partner)
        }
        try world.act(as: "ann", context: context(north)) { (env: Environment) throws in
            try env.record(Shelf.self, shelf).write(["keeper_id": .int(partner)])
        }
        try world.act { (env: Environment) throws in try env.records(Partner.self, [partner]).unlink() }
        try world.read(as: "ann", context: context(north)) { (env: Environment) throws in
            #expect(env.record(Shelf.self, shelf).keeper == nil)
        }
    }

    @Test("masks, companies out of reach, and the trail with the company hold for such values")
    func guarded() throws {
        let (world, north) = try world()
        try world.makeUser("eve", groups: ["base.group_user"])
        let id = try world.act(as: "ann", context: context(north)) { env in
            let shelf = try env.create(Shelf.self, ["name": "A", "tag": "x"])
            try shelf.write(["tag": "y"])
            return shelf.id
        }
        #expect(throws: Refusal.self) {
            try world.read(as: "eve", context: context(north)) { (env: Environment) throws in
                _ = try env.record(Shelf.self, id).value("tag")
            }
        }
        for name in ["hidden"] {
            let refusal = #expect(throws: Refusal.self) {
                try world.read(as: "eve") { (env: Environment) throws in _ = try env.record(Shelf.self, id).value(name) }
            }
            #expect(refusal?.code == "access.field")
            #expect(throws: Refusal.self) { try world.read(as: "eve") { env in _ = try env.search(Shelf.self, .where(name, .equal, "a")) } }
            #expect(throws: Refusal.self) { try world.act(as: "eve") { env in try env.record(Shelf.self, id).write([name: "a"]) } }
        }
        let details = try world.database.inspectBlocking { connection in
            try connection.query(
                "SELECT detail FROM baton_audit WHERE model = 'test.shelf' AND kind = 'write' ORDER BY seq", [], [.text])
        }
        #expect(details.first?.textValue?.contains("\"for_company\":\(north)") == true)
        let tracked = try world.act { env in try env.search(TrackingValue.self, .where("field_name", .equal, "tag")).count }
        #expect(tracked == 1)
    }

    @Test("a copy takes the values of the company that makes it")
    func copies() throws {
        let (world, north) = try world()
        try world.act(as: "ann") { (env: Environment) throws in
            let shelf = try env.create(Shelf.self, ["name": "A", "tag": "one"])
            let copy = try shelf.records.copy().ids[0]
            #expect(env.record(Shelf.self, copy).tag == "one")
            let other = try env.with(context: ["allowed_company_ids": .ids([north])])
            #expect(other.record(Shelf.self, copy).tag.isEmpty)
        }
    }

    @Test("declarations that cannot be kept are refused with the field's name")
    func refusedDeclarations() throws {
        struct Stored: Model {
            static let name = "test.stored"
            static let title = "Stored"
            let limit = Integer("limit", .byCompany)
            let double = Integer("double", .computed(on: "limit", stored: true) { (record: Record<Stored>) in record.limit * 2 })
        }
        struct Needed: Model {
            static let name = "test.needed"
            static let title = "Needed"
            let label = Char("name", .byCompany, .required)
        }
        struct Bytes: Model {
            static let name = "test.bytes"
            static let title = "Bytes"
            let file = Binary("file", .byCompany)
        }
        let apps = [
            App("a", "A", needs: ["base"]) { $0.add(Stored.self) }, App("b", "B", needs: ["base"]) { $0.add(Needed.self) },
            App("c", "C", needs: ["base"]) { $0.add(Bytes.self) },
        ]
        for app in apps {
            let refusal = #expect(throws: Refusal.self) { _ = try Registry(apps: [BaseApp.app, MessagingApp.app, app]) }
            #expect(refusal?.code == "registry.by_company")
        }
    }

    @Test("a field made at run time may differ by company and may be for groups only")
    func madeAtRunTime() throws {
        let (world, north) = try world()
        try world.act(as: "admin") { (env: Environment) throws in
            let model = try env.search(ModelRecord.self, .where("model", .equal, "test.shelf"))[0]
            let group = try Reference.require("base.group_system", env)
            try env.create(
                FieldRecord.self,
                ["name": "x_bin", "field_description": "Bin", "model_id": .int(model.id), "ttype": "char", "company_dependent": true])
            try env.create(
                FieldRecord.self,
                [
                    "name": "x_code", "field_description": "Code", "model_id": .int(model.id), "ttype": "char",
                    "groups": .list([[6, 0, .ids([group])]]),
                ])
        }
        let id = try world.act(as: "ann") { env in try env.create(Shelf.self, ["name": "A", "x_bin": "b1"]).id }
        try world.read(as: "ann", context: context(north)) { (env: Environment) throws in
            #expect(try env.record(Shelf.self, id).value("x_bin") == .null)
            #expect(throws: Refusal.self) { _ = try env.record(Shelf.self, id).value("x_code") }
        }
        try world.read(as: "ann") { (env: Environment) throws in
            #expect(try env.search(Shelf.self, .where("x_bin", .equal, "b1")).ids == [id])
        }
        let flag = try world.act { env in
            try env.search(FieldRecord.self, .where("model", .equal, "test.shelf") & .where("name", .equal, "tag"))[0].isByCompany
        }
        #expect(flag)
    }

    @Test("a contact's barcode is each company's own")
    func barcode() throws {
        let (world, north) = try world()
        let id = try world.act { try $0.create(Partner.self, ["name": "Zoe", "barcode": "0412"]).id }
        try world.read(as: "ann") { (env: Environment) throws in #expect(env.record(Partner.self, id).barcode == "0412") }
        try world.read(as: "ann", context: context(north)) { (env: Environment) throws in
            #expect(env.record(Partner.self, id).barcode.isEmpty)
        }
    }
}
