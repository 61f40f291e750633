import Base
import Exceptions
import Governance
import Kernel
import Referrals
import TestKit
import Testing

@Suite struct DemoTests {
    @Test("the demo shows governance at work: a schedule in force, a rule that waits as a draft, a decision table and a role in review")
    func governance() throws {
        let world = try World(demo: true)
        try world.act { env in
            let inForce = try GovernedRows.inForce("schedule", in: env).map { $0["cron_expression"].textValue ?? "" }
            #expect(inForce.contains("0 6 * * MON-FRI"))
            let open = try env.search(DefinitionVersion.self, .where("state", .in, ["draft", "in_review"])).map {
                "\($0.kind) \($0.state?.rawValue ?? "") \($0.key)"
            }
            #expect(open.contains { $0.hasPrefix("rule draft stat-referrals") }, "\(open)")
            #expect(open.contains { $0.hasPrefix("action draft") }, "\(open)")
            #expect(open.contains("decision in_review referrals.timers") && open.contains("role in_review exception-auditor"), "\(open)")
        }
    }

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
