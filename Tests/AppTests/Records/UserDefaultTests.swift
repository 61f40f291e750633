import Base
import Kernel
import TestKit
import Testing

/// Crates with something declared and something not.
private struct Crate: Model {
    static let name = "test.crate"
    static let title = "Crate"

    let label = Char("name", "Name", .initial("crate"))
    let note = Char("note", "Note")
    let count = Integer("count", "Count", .initial(1))
    let keeper = Many2one<Partner>("keeper_id", "Keeper")
    let hidden = Char("hidden", "Hidden", .groups("base.group_system"))
    let tags = Many2many<PartnerTag>("tag_ids", table: "test_crate_tag", own: "crate_id", other: "tag_id")
}

private let crates = App("crates", "Crates", needs: ["base"]) { app in
    app.add(Crate.self)
    app.allow("base.group_user", "rwcd", on: "test.crate")
}

@Suite struct UserDefaultTests {
    private func world() throws -> (World, north: Int) {
        let world = try World(apps: [BaseApp.app, crates])
        let north = try world.act { try $0.create(Company.self, ["name": "North"]).id }
        try world.makeUser("ann", groups: ["base.group_user"], companies: [1, north])
        try world.makeUser("bob", groups: ["base.group_user"], companies: [1])
        try world.makeUser("root", groups: ["base.group_system"], companies: [1, north])
        return (world, north)
    }

    private func set(_ env: Environment, _ field: String, _ value: Value, _ more: ValueMap = [:]) throws {
        var arguments: ValueMap = ["model_name": "test.crate", "field_name": .text(field), "value": value]
        for entry in more.entries { arguments[entry.name] = entry.value }
        try UserDefaults.set(arguments, env)
    }

    @Test("a default of everybody goes before the declared one, the company's before that, and one's own before all")
    func order() throws {
        let (world, north) = try world()
        try world.act(as: "root") { (env: Environment) throws in
            try set(env, "count", 2)
            try set(env, "note", "for all")
            try set(env, "count", 3, ["company_id": .int(north)])
        }
        try world.act(as: "ann") { (env: Environment) throws in try set(env, "count", 4, ["user_id": true]) }
        func made(_ who: String, _ company: Int) throws -> [String] {
            try world.act(as: who, context: ["allowed_company_ids": .ids([company])]) { (env: Environment) throws in
                let crate = try env.create(Crate.self, [:])
                return [crate.label, crate.note, String(crate.count)]
            }
        }
        #expect(try made("bob", 1) == ["crate", "for all", "2"])
        #expect(try made("root", north) == ["crate", "for all", "3"])
        #expect(try made("ann", north) == ["crate", "for all", "4"])
        try world.act(as: "ann") { (env: Environment) throws in
            #expect(try env.create(Crate.self, ["count": 9]).count == 9)
            #expect(try env.with(context: ["default_count": 8]).create(Crate.self, [:]).count == 8)
        }
    }

    @Test("a default that was changed or deleted holds no longer, and setting it twice keeps one record")
    func changes() throws {
        let (world, _) = try world()
        for number in 5...6 { try world.act(as: "root") { (env: Environment) throws in try set(env, "count", .int(number)) } }
        try world.act(as: "root") { (env: Environment) throws in
            #expect(try env.search(UserDefault.self).count == 1)
            #expect(try env.create(Crate.self, [:]).count == 6)
            try env.search(UserDefault.self).unlink()
            #expect(try env.create(Crate.self, [:]).count == 1)
        }
    }

    @Test("nobody sets a default for others without the right to")
    func rights() throws {
        let (world, _) = try world()
        #expect(throws: Refusal.self) { try world.act(as: "ann") { (env: Environment) throws in try set(env, "count", 2) } }
        let bob = try world.act { try $0.search(User.self, .where("login", .equal, "bob"))[0].id }
        #expect(throws: Refusal.self) {
            try world.act(as: "ann") { (env: Environment) throws in try set(env, "count", 2, ["user_id": .int(bob)]) }
        }
        #expect(throws: Refusal.self) {
            try world.act(as: "ann") { (env: Environment) throws in try set(env, "hidden", "x", ["user_id": true]) }
        }
        try world.act(as: "root") { (env: Environment) throws in try set(env, "hidden", "x") }
        try world.act(as: "ann") { (env: Environment) throws in
            let crate = try env.create(Crate.self, [:])
            #expect(env.asSuperuser("what a test made").record(Crate.self, crate.id).hidden.isEmpty)
        }
    }

    @Test("a value that the field does not take, and a field that holds many, are refused")
    func badValues() throws {
        let (world, _) = try world()
        for (field, value) in [("count", Value.text("many")), ("tag_ids", .int(1)), ("display_name", .text("x")), ("nothing", .text("x"))] {
            #expect(throws: Refusal.self, "\(field)") {
                try world.act(as: "root") { (env: Environment) throws in try set(env, field, value) }
            }
        }
    }

    @Test("a default that leads to a record which was deleted is passed over")
    func goneTarget() throws {
        let (world, _) = try world()
        let keeper = try world.act { (env: Environment) throws in
            let keeper = try env.create(Partner.self, ["name": "Keeper"]).id
            try set(env, "keeper_id", .int(keeper))
            return keeper
        }
        try world.act(as: "root") { (env: Environment) throws in #expect(try env.create(Crate.self, [:]).keeper?.id == keeper) }
        try world.act { (env: Environment) throws in try env.record(Partner.self, keeper).records.unlink() }
        try world.act(as: "root") { (env: Environment) throws in #expect(try env.create(Crate.self, [:]).keeper == nil) }
    }
}
