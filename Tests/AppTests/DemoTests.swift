import Base
import Exceptions
import Kernel
import Referrals
import TestKit
import Testing

@Suite struct DemoTests {
    @Test("the demo has referrals in every stage, channel and site, made by the same actions that people use")
    func theDemoHasReferralsEverywhere() throws {
        let world = try World(demo: true)
        try world.act { env in
            let all = try env.search(Referral.self)
            #expect(all.count >= 160)
            for stage in Stage.allCases { #expect(all.filter { $0.stage == stage }.count >= 3, "\(stage)") }
            for urgency in Urgency.allCases { #expect(all.filter { $0.urgency == urgency }.count >= 5, "\(urgency)") }
            #expect(Set(all.compactMap { $0.channel }).count >= 6)
            #expect(Set(all.compactMap { $0.company?.id }).count == 3)
            for referral in all where referral.stage == .completed {
                #expect(referral.notes.contains { $0.state == .acknowledged })
                #expect(referral.appointments.contains { $0.state == .fulfilled })
            }
            #expect(try env.count(Patient.self) >= 120)
            #expect(try env.count(ExceptionCase.self) == 5)
            #expect(try env.count(Match.self) >= 4)
            let denied = try env.count(Authorization.self, .where("state", .equal, "denied"))
            #expect(denied >= 3)
        }
    }
}
