import Base
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

/// Ways around access that were open once, each closed by a test of its own.
@Suite struct FindingTests {
    private struct Scene: Sendable {
        let world: World
        let mine: Int
        let hidden: Int
        let link: Int
    }

    /// Two companies with a case each; ann works in the first, and has a link of her own.
    private func scene() throws -> Scene {
        let world = try World(apps: [BaseApp.app, MessagingApp.app, ProbeApp.app])
        let other = try world.act { env in try env.create(Company.self, ["name": "Other"]).id }
        try world.makeUser("ann", groups: ["probe.group_user"])
        let hidden = try world.act { env in
            try env.create(ProbeCase.self, ["name": "Hidden", "secret": "b", "company_id": .int(other)]).id
        }
        let (mine, link) = try world.act(as: "ann") { env in
            let mine = try env.create(ProbeCase.self, ["name": "Mine"]).id
            return (mine, try env.create(ProbeLink.self, ["name": "Link", "case_id": .int(mine)]).id)
        }
        return Scene(world: world, mine: mine, hidden: hidden, link: link)
    }

    private func refuses(_ code: String, _ scene: Scene, _ body: @escaping @Sendable (Environment) throws -> Void) {
        do {
            try scene.world.act(as: "ann", body)
            Issue.record("went through")
        } catch let refusal as Refusal { #expect(refusal.code == code) } catch { Issue.record(error) }
    }

    @Test("a masked field is refused where it is read by name, and orders nothing")
    func masksHoldForReading() throws {
        let scene = try scene()
        refuses("access.field", scene) { env in _ = try env.records("probe.case", [scene.mine]).value("secret") }
        refuses("access.field", scene) { env in _ = try env.search(ProbeCase.self, .all, order: "secret") }
        refuses("access.field", scene) { env in _ = try env.search(ProbeLink.self, .all, order: "case_id.secret desc") }
    }

    @Test("the context does not fill in a masked field")
    func theContextFillsInNoMaskedField() throws {
        let scene = try scene()
        let id = try scene.world.act(as: "ann", context: ["default_secret": "planted"]) { env in
            try env.create(ProbeCase.self, ["name": "New"]).id
        }
        let kept = try scene.world.act { env in try env.records("probe.case", [id]).value("secret") }
        #expect(kept == .null)
    }

    @Test("nobody links to a record out of reach, and so nobody learns its name")
    func nobodyLinksToWhatIsOutOfReach() throws {
        let scene = try scene()
        refuses("access.rule", scene) { env in try env.record(ProbeLink.self, scene.link).write(["other_id": .int(scene.hidden)]) }
        refuses("access.rule", scene) { env in try env.create(ProbeLink.self, ["name": "x", "other_id": .int(scene.hidden)]) }
        refuses("access.rule", scene) { env in
            let planted = try env.with(context: ["default_other_id": .int(scene.hidden)])
            try planted.create(ProbeLink.self, ["name": "x"])
        }
        refuses("access.rule", scene) { env in
            try env.record(ProbeLink.self, scene.link).write(["case_ids": .list([[4, .int(scene.hidden)]])])
        }
    }

    @Test("a link that is there already may stay, and a list keeps what the writer cannot see")
    func whatIsThereStays() throws {
        let scene = try scene()
        try scene.world.act { env in
            let both = Value.list([[6, 0, .ids([scene.mine, scene.hidden])]])
            try env.record(ProbeLink.self, scene.link).write(["other_id": .int(scene.hidden), "case_ids": both])
        }
        try scene.world.act(as: "ann") { env in
            let link = env.record(ProbeLink.self, scene.link)
            try link.write(["other_id": .int(scene.hidden), "note": "seen"])
            #expect(try link.value("case_ids") == .ids([scene.mine]))
            try link.write(["case_ids": .list([[6, 0, []]])])
        }
        let kept = try scene.world.act { env in try env.record(ProbeLink.self, scene.link).value("case_ids") }
        #expect(kept == .ids([scene.hidden]))
    }

    @Test("what a user may see of a list does not decide what is computed from it, nor the other way round")
    func listsAreFilteredForTheirReaderAlone() throws {
        let scene = try scene()
        try scene.world.act { env in try env.record(ProbeLink.self, scene.link).write(["case_ids": .list([[6, 0, .ids([scene.hidden])]])]) }
        let seen = try scene.world.act(as: "ann") { env in
            let superuser = env.asSuperuser("the test compares both")
            let first = try env.record(ProbeLink.self, scene.link).value("case_ids")
            let all = try superuser.record(ProbeLink.self, scene.link).value("case_ids")
            return [first, all, try env.record(ProbeLink.self, scene.link).value("case_ids")]
        }
        #expect(seen == [.ids([]), .ids([scene.hidden]), .ids([])])
    }

    @Test("files and activities are not moved to a record out of reach")
    func filesAreNotMovedToOthers() throws {
        let scene = try scene()
        let file = try scene.world.act(as: "ann") { env in
            try env.create(Attachment.self, ["name": "a", "res_model": "probe.case", "res_id": .int(scene.mine)]).id
        }
        refuses("access.rule", scene) { env in try env.record(Attachment.self, file).write(["res_id": .int(scene.hidden)]) }
        let activity = try scene.world.act(as: "ann") { env in
            try env.create(Activity.self, ["summary": "a", "res_model": "probe.case", "res_id": .int(scene.mine)]).id
        }
        refuses("access.rule", scene) { env in try env.record(Activity.self, activity).write(["res_id": .int(scene.hidden)]) }
    }

    @Test("a message carries no file that its author cannot read")
    func messagesCarryNoHiddenFiles() throws {
        let scene = try scene()
        let file = try scene.world.act { env in
            try env.create(Attachment.self, ["name": "a", "datas": .bytes([1]), "res_model": "probe.case", "res_id": .int(scene.hidden)]).id
        }
        refuses("access.rule", scene) { env in
            var post = Post(body: "<p>x</p>")
            post.attachments = [file]
            _ = try Chatter.post(on: env.record(ProbeCase.self, scene.mine).records, post)
        }
    }

    @Test("changes of masked fields stay out of the chatter")
    func maskedChangesStayOutOfTheChatter() throws {
        let scene = try scene()
        try scene.world.makeUser("kim", groups: ["probe.group_keeper"])
        try scene.world.act(as: "kim") { env in try env.record(ProbeCase.self, scene.mine).write(["secret": "never told", "name": "Told"]) }
        let told = try scene.world.read(as: "ann") { env in try env.search(TrackingValue.self).map(\.newText) }
        #expect(told == ["Told"])
    }

    @Test("an API key never changes hands, and is made by its method alone")
    func keysNeverChangeHands() throws {
        let scene = try scene()
        let key = try scene.world.act(as: "ann") { env in
            try env.search(APIKey.self).first?.id ?? env.create(ProbeCase.self, ["name": "x"]).id
        }
        refuses("access.denied", scene) { env in try env.record(APIKey.self, key).write(["user_id": 2]) }
        refuses("access.denied", scene) { env in try env.create(APIKey.self, ["name": "x", "user_id": .int(env.user.id)]) }
    }

    @Test("a portal user sees no contact but their own")
    func portalUsersSeeThemselves() throws {
        let world = try World(apps: [BaseApp.app, MessagingApp.app])
        try world.act { env in try env.create(Partner.self, ["name": "Somebody else"]).id }
        try world.makeUser("guest", groups: ["base.group_portal"])
        let names = try world.read(as: "guest") { env in try env.search(Partner.self).map(\.displayedName) }
        #expect(names == ["guest"])
    }
}
