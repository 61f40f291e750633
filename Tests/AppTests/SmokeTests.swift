import Base
import CRM
import Kernel
import Referrals
import TestKit
import Testing

@Suite struct SmokeTests {
    @Test("a new database has an administrator, stages and reasons")
    func aNewDatabaseHasItsSeeds() throws {
        let world = try World()
        let counts = try world.read(as: "admin") { env in
            [try env.count(CRM.Stage.self), try env.count(Specialty.self), try env.count(Reason.self)]
        }
        #expect(counts == [4, 11, 24])
    }

    @Test("a lead starts in the first stage and follows its stage's probability")
    func aLeadStartsInTheFirstStage() throws {
        let world = try World()
        let id = try world.act(as: "admin") { env in
            try env.create(Lead.self, ["name": "Imaging agreement", "expected_revenue": 1234.5]).id
        }
        try world.read(as: "admin") { env in
            let lead = env.record(Lead.self, id)
            #expect(lead.stage?.displayedName == "New")
            #expect(lead.expectedRevenue == Amount("1234.5"))
            #expect(lead.probability == 10)
            #expect(lead.outcome == .pending)
        }
        try world.act(as: "admin") { env in _ = try env.records(Lead.self, [id]).call("action_set_won") }
        try world.read(as: "admin") { env in
            #expect(env.record(Lead.self, id).probability == 100)
            #expect(env.record(Lead.self, id).outcome == .won)
        }
    }
}
