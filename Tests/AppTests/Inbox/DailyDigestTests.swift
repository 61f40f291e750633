import Base
import Kernel
import Messaging
import TestKit
import Testing

@testable import Inbox

@Suite struct DailyDigestTests {
    @Test("at seven where they are, people with something waiting get one mail with numbers and a link, and nothing else of it")
    func digest() throws {
        let world = try World()
        for login in ["ann", "bob", "idle", "quiet"] { try world.makeUser(login, groups: ["crm.group_user"]) }
        let ids = try ["ann", "bob", "idle", "quiet"].map { try world.user($0).id }
        try world.act { env in
            for (id, zone) in zip(ids, ["America/New_York", "Europe/Madrid", "America/New_York", "America/New_York"]) {
                try env.record(User.self, id).write(["tz": .text(zone), "email": .text("u\(id)@clinic.example")])
            }
            try env.record(User.self, ids[3]).write(["notification_type": "inbox"])
            try env.create(Parameter.self, ["key": "web.base.url", "value": "https://baton.example"])
            let lead = try env.create(env.registry.requireModel("crm.lead"), [["name": "Samuel Testbrook"]]).ids[0]
            for id in [ids[0], ids[1], ids[3]] {
                try env.create(
                    Activity.self,
                    ["res_model": "crm.lead", "res_id": .int(lead), "summary": "Call Samuel Testbrook", "user_id": .int(id)])
            }
        }
        func sent(at hour: Int) throws -> [String] {
            let moment = Instant(Day(2026, 3, 2), secondOfDay: hour * 3_600 + 60)
            world.clock.advance(seconds: moment - world.clock.now)
            let before = try world.act { try $0.search(OutgoingMail.self).ids.max() ?? 0 }
            try world.act { try DailyDigest.send($0) }
            return try world.act { env in try env.search(OutgoingMail.self, .where("id", .greater, .int(before))).map(\.to) }
        }
        // 12:00 UTC is 07:00 in New York on that day, and 13:00 in Madrid.
        #expect(try sent(at: 11).isEmpty)
        #expect(try sent(at: 12) == ["u\(ids[0])@clinic.example"])
        #expect(try sent(at: 12).isEmpty)
        let body = try world.act { env in try env.search(OutgoingMail.self, .all, order: "id desc", limit: 1).first?.body ?? "" }
        #expect(body.contains("1 activity") && body.contains("https://baton.example/app/inbox"))
        #expect(!body.contains("Testbrook"))
    }
}
