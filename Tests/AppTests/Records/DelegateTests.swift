import Base
import Kernel
import Messaging
import TestKit
import Testing

/// A place with rights and rules of its own.
private struct Site: Model {
    static let name = "test.site"
    static let title = "Site"
    static let order = "rank desc, name"

    let label = Char("name", "Name", .required)
    let rank = Integer("rank", "Rank", .initial(5))
    let secret = Char("secret", .groups("base.group_system"))
    let company = Many2one<Company>("company_id", "Company", .initially { .int($0.companyId) })
    let tags = Many2many<PartnerTag>("tag_ids", "Tags")
    let rooms = One2many<Room>("room_ids", inverse: \.site)
}

private struct Room: Model {
    static let name = "test.room"
    static let title = "Room"
    let label = Char("name", "Name", .required)
    let site = Many2one<Site>("site_id", onDelete: .cascade)
}

/// A clinic carries a site.
private struct Branch: Model {
    static let name = "test.branch"
    static let title = "Branch"

    let site = Many2one<Site>("site_id", onDelete: .restrict, "Site", .required, .delegate)
    let beds = Integer("beds", "Beds")
}

/// A ward carries a clinic, and so a site.
private struct Wing: Model {
    static let name = "test.wing"
    static let title = "Wing"

    let branch = Many2one<Branch>("branch_id", onDelete: .cascade, "Branch", .required, .delegate)
    let floor = Integer("floor")
}

private let sites = App("sites", "Sites", needs: ["base", "mail"]) { app in
    app.add(Site.self)
    app.add(Room.self)
    app.add(Branch.self)
    app.add(Wing.self)
    app.group("sites.reader", "Reads branches", implies: ["base.group_user"])
    app.group("sites.editor", "Edits branches", implies: ["base.group_user"])
    app.group("sites.clerk", "Reads branches, not sites", implies: ["base.group_user"])
    app.allow("sites.reader", "r", on: "test.site", "test.room", "test.wing")
    app.allow("sites.reader", "rwcd", on: "test.branch")
    app.allow("sites.editor", "rwcd", on: "test.site", "test.room", "test.branch", "test.wing")
    app.allow("sites.clerk", "r", on: "test.branch")
    app.rule("sites of one's companies", on: "test.site", "[('company_id', 'in', company_ids)]")
}

@Suite struct DelegateTests {
    private func world() throws -> World {
        let world = try World(apps: [BaseApp.app, MessagingApp.app, sites])
        for name in ["reader", "editor", "clerk"] { try world.makeUser(name, groups: ["sites." + name]) }
        return world
    }

    @Test("making a record makes the one it carries, with its defaults, and reads its fields as its own")
    func creating() throws {
        let world = try world()
        try world.act(as: "editor") { (env: Environment) throws in
            let clinic = try env.create(Branch.self, ["name": "East", "beds": 12, "room_ids": .list([[0, 0, ["name": "1"]]])])
            #expect(try clinic.value("name") == "East" && clinic.value("rank") == 5 && clinic.displayName == "East")
            let rooms = try clinic.records.related("room_ids").names().map(\.name)
            #expect(rooms == ["1"])
            #expect(try env.search(Site.self).ids == [clinic.site?.id])
            let refusal = #expect(throws: Refusal.self) { try env.create(Branch.self, ["beds": 1]) }
            #expect(refusal?.code == "field.required" && refusal?.message.contains("test.site") == true)
        }
    }

    @Test("a record can be hung onto one that is there, and what is given with it is written to that")
    func hanging() throws {
        let world = try world()
        try world.act(as: "editor") { (env: Environment) throws in
            let site = try env.create(Site.self, ["name": "Old", "rank": 2])
            let clinic = try env.create(Branch.self, ["site_id": .int(site.id), "name": "New"])
            #expect(site.label == "New" && site.rank == 2)
            #expect(try clinic.value("rank") == 2)
        }
    }

    @Test("fields of the carried record are written, searched and ordered through the record that carries it")
    func writingAndSearching() throws {
        let world = try world()
        try world.act(as: "editor") { (env: Environment) throws in
            let clinics = try env.create(Branch.self, [["name": "B", "rank": 1], ["name": "A", "rank": 9], ["name": "C", "rank": 1]])
            let before = clinics[0].site?.version ?? 0
            try clinics.records.only(clinics.ids[0]).write(["rank": 3, "beds": 4, "name": "Bee"])
            try env.unit.flush()
            #expect(clinics[0].site?.rank == 3 && clinics[0].beds == 4 && clinics[0].site?.version == before + 1)
            #expect(try env.search(Branch.self, .where("name", .equal, "Bee")).ids == [clinics.ids[0]])
            #expect(try env.search(Branch.self, .where("rank", .less, 4), order: "name desc").ids == [clinics.ids[2], clinics.ids[0]])
            #expect(try env.search(Branch.self, order: "rank desc, name").ids == [clinics.ids[1], clinics.ids[0], clinics.ids[2]])
            try clinics.records.write(["rank": 7])
            #expect(try env.search(Site.self, .where("rank", .equal, 7)).count == 3)
        }
    }

    @Test("deleting a record leaves the one it carried, which cannot go before it")
    func deleting() throws {
        let world = try world()
        try world.act(as: "editor") { (env: Environment) throws in
            let clinic = try env.create(Branch.self, ["name": "East"])
            let site = try #require(clinic.site)
            let refusal = #expect(throws: Refusal.self) { try site.records.unlink() }
            #expect(refusal?.code == "record.restricted")
            try clinic.records.unlink()
            #expect(try env.search(Site.self).ids == [site.id])
            try site.records.unlink()
        }
    }

    @Test("a copy gets a carried record of its own")
    func copying() throws {
        let world = try world()
        try world.act(as: "editor") { (env: Environment) throws in
            let clinic = try env.create(Branch.self, ["name": "East", "rank": 8, "beds": 3])
            let copy = env.record(Branch.self, try clinic.records.copy().ids[0])
            #expect(try copy.value("name") == "East (copy)" && copy.value("rank") == 8)
            #expect(copy.beds == 3 && copy.site != clinic.site)
        }
    }

    @Test("rights, rules and masks of the carried record hold for the one that carries it")
    func access() throws {
        let world = try world()
        let id = try world.act(as: "editor") { env in try env.create(Branch.self, ["name": "East", "beds": 1]).id }
        try world.act(as: "reader") { (env: Environment) throws in
            let clinic = env.record(Branch.self, id)
            #expect(try clinic.value("name") == "East")
            try clinic.write(["beds": 2])
            #expect(throws: Refusal.self) { try clinic.write(["name": "West"]) }
            #expect(throws: Refusal.self) { try env.create(Branch.self, ["name": "Third"]) }
            #expect(throws: Refusal.self) { _ = try clinic.value("secret") }
            #expect(throws: Refusal.self) { _ = try env.search(Branch.self, .where("secret", .equal, "x")) }
        }
        try world.read(as: "clerk") { (env: Environment) throws in
            let clinic = env.record(Branch.self, id)
            #expect(clinic.beds == 2)
            #expect(throws: Refusal.self) { _ = try clinic.value("name") }
            #expect(throws: Refusal.self) { _ = try env.search(Branch.self, .where("name", .equal, "East")) }
            #expect(!env.canSee(try env.registry.requireModel("test.branch").requireField("name")))
        }
        let north = try world.act { try $0.create(Company.self, ["name": "North"]).id }
        try world.act { (env: Environment) throws in
            let site = try #require(env.record(Branch.self, id).site)
            try site.write(["company_id": .int(north)])
        }
        try world.read(as: "reader") { (env: Environment) throws in
            #expect(try env.search(Branch.self).isEmpty)
            #expect(throws: Refusal.self) { _ = try env.record(Branch.self, id).value("beds") }
        }
    }

    @Test("a record that carries one that carries another has the fields of both")
    func twice() throws {
        let world = try world()
        try world.act(as: "editor") { (env: Environment) throws in
            let ward = try env.create(Wing.self, ["name": "Deep", "beds": 6, "floor": 2])
            #expect(try ward.value("name") == "Deep" && ward.value("beds") == 6)
            #expect(ward.branch?.site?.label == "Deep")
            try ward.write(["name": "Deeper", "beds": 7])
            #expect(ward.branch?.site?.label == "Deeper" && ward.branch?.beds == 7)
            #expect(try env.search(Wing.self, .where("name", .equal, "Deeper"), order: "name").ids == [ward.id])
            #expect(try env.count(Site.self) == 1)
        }
    }

    @Test("a delegate that may be empty, and models that carry each other, are refused when the registry is built")
    func refusedDeclarations() throws {
        struct Loose: Model {
            static let name = "test.loose"
            static let title = "Loose"
            let site = Many2one<Site>("site_id", .delegate)
        }
        struct Round: Model {
            static let name = "test.round"
            static let title = "Round"
            let own = Many2one<Round>("own_id", onDelete: .cascade, .required, .delegate)
        }
        for app in [App("a", "A", needs: ["sites"]) { $0.add(Loose.self) }, App("b", "B", needs: ["sites"]) { $0.add(Round.self) }] {
            let refusal = #expect(throws: Refusal.self) { _ = try Registry(apps: [BaseApp.app, MessagingApp.app, sites, app]) }
            #expect(refusal?.code == "registry.delegate")
        }
    }
}
