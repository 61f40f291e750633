import Base
import Engine
import Exceptions
import JSON
import Kernel
import Messaging
import Referrals
import Store
import TestKit
import Testing

@testable import ServiceLevels

/// The clocks of referrals and authorizations, as they are shipped. The clinic works from eight to twelve and one to five, in UTC.
@Suite struct ReferralClockTests {
    private func runner(_ world: World) -> JobRunner {
        JobRunner(database: world.database, handlers: ClockJobs.handlers, options: JobOptions(queues: [JobOptions.Queue(ClockJobs.queue)]))
    }

    /// What the clocks of a record show: key, state, minutes until now, outcome.
    private func clocks(_ world: World, _ model: String, _ id: Int) throws -> [String] {
        try world.act { env in
            let own = Domain.where("res_model", .equal, .text(model)) & .where("res_id", .equal, .int(id))
            return try env.search(Clock.self, own, order: "id").map { clock in
                "\(clock.key) \(clock.state?.rawValue ?? "") \(clock.elapsedNow) \(clock.outcome?.rawValue ?? "-")"
            }
        }
    }

    private func waitFor(_ clinic: Clinic, _ id: Int, _ isAwaiting: Bool) throws {
        try clinic.world.act { env in try env.record(Referral.self, id).write(["awaiting_sender": .bool(isAwaiting)]) }
    }

    @Test("each urgency has its own timers: routine and urgent by the site's hours, stat day and night")
    func timersOfTheirOwn() throws {
        let clinic = try Clinic()
        let expected: [(Urgency, String, String)] = [
            (.routine, "2026-03-05 16:00:00", "2026-03-09 09:00:00"), (.urgent, "2026-03-02 14:00:00", "2026-03-03 09:00:00"),
            (.stat, "2026-03-02 10:00:00", "2026-03-02 11:00:00"),
        ]
        for (urgency, warn, breach) in expected {
            let id = try clinic.arrive(clinic.data(urgency: urgency, mrn: "U\(urgency.rawValue)"))
            let moments = try clinic.world.act { env in
                try env.search(Clock.self, .where("res_id", .equal, .int(id)) & .where("res_model", .equal, "care.referral")).map {
                    "\($0.key) \($0.warnAt?.description ?? "") \($0.breachAt?.description ?? "")"
                }
            }
            #expect(moments == ["referral-\(urgency.rawValue) \(warn) \(breach)"])
            let shown = try clinic.world.read(as: "coord") { env in
                let record = env.record(Referral.self, id)
                return [try record.value("sla_state"), try record.value("sla_breach_at")]
            }
            #expect(shown == ["running", Instant(breach).map { .instant($0) } ?? .null])
        }
    }

    @Test("a clock rests while the sender has to act, and its old timers do nothing")
    func resting() async throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("CARD", urgency: .urgent))
        clinic.world.clock.advance(seconds: 3_600)
        try waitFor(clinic, id, true)
        clinic.world.clock.advance(days: 2)
        #expect(try await runner(clinic.world).drain() >= 2)
        #expect(try clocks(clinic.world, "care.referral", id) == ["referral-urgent paused 60 -"])
        #expect(try clinic.world.act { try $0.count(ExceptionCase.self, .where("cause", .equal, "sla.breached")) } == 0)
        try waitFor(clinic, id, false)
        // Wednesday ten o'clock, seven hours left: two until noon, four until five, one on Thursday morning.
        let breach = try clinic.world.act { try $0.search(Clock.self, .where("res_id", .equal, .int(id))).first?.breachAt }
        #expect(breach?.description == "2026-03-05 09:00:00")
    }

    @Test("a warning and a breach are told once, at their minute, and the breach gets an owner")
    func warningAndBreach() async throws {
        let clinic = try Clinic()
        let boss = try clinic.world.user("boss").id
        let id = try clinic.arrive(clinic.data("CARD", urgency: .stat))
        func told(_ kind: String) throws -> Int {
            try clinic.world.act { env in
                try env.count(Activity.self, .where("cause", .exactLike, .text("sla.\(kind):%")) & .where("user_id", .equal, .int(boss)))
            }
        }
        clinic.world.clock.advance(seconds: 3_599)
        try await runner(clinic.world).drain()
        #expect(try told("warn") == 0)
        clinic.world.clock.advance(seconds: 1)
        try await runner(clinic.world).drain()
        #expect(try told("warn") == 1)
        clinic.world.clock.advance(seconds: 10_000)
        try await runner(clinic.world).drain()
        try await runner(clinic.world).drain()
        #expect(try told("warn") == 1)
        #expect(try told("breach") == 1)
        try clinic.world.act { env in
            let exception = try env.search(ExceptionCase.self, .where("cause", .equal, "sla.breached"))
            #expect(exception.map(\.record) == [id])
            #expect(exception.first?.user != nil)
            let clock = try env.search(Clock.self, .where("res_id", .equal, .int(id))).first
            #expect(clock?.breachAt?.description == "2026-03-02 11:00:00", "the minute itself, however late the timer ran")
            #expect(try env.record(Referral.self, id).value("sla_state") == "broken")
        }
    }

    @Test("two runners at once warn once and break once, and every clock is warned and broken in its order")
    func twoRunners() async throws {
        let clinic = try Clinic()
        let boss = try clinic.world.user("boss").id
        for number in 0..<6 { _ = try clinic.arrive(clinic.data("CARD", urgency: .stat, mrn: "T\(number)")) }
        func told(_ kind: String) throws -> Int {
            try clinic.world.act { env in
                try env.count(Activity.self, .where("cause", .exactLike, .text("sla.\(kind):%")) & .where("user_id", .equal, .int(boss)))
            }
        }
        func pass(_ seconds: Int) async throws -> Int {
            clinic.world.clock.advance(seconds: seconds)
            let (one, two) = (runner(clinic.world), runner(clinic.world))
            async let first = one.drain()
            async let second = two.drain()
            return try await first + second
        }
        _ = try await pass(3_599)
        #expect(try [told("warn"), told("breach")] == [0, 0])
        #expect(try await pass(1) == 6)
        #expect(try [told("warn"), told("breach")] == [6, 0])
        #expect(try await pass(3_600) == 6)
        #expect(try await pass(86_400) == 0, "nothing is left to do")
        #expect(try [told("warn"), told("breach")] == [6, 6])
        try clinic.world.act { env in
            let cases = try env.search(ExceptionCase.self, .where("cause", .equal, "sla.breached"))
            #expect(cases.count == 6 && cases.allSatisfy { $0.occurrences == 1 })
        }
        let because = try clinic.world.database.inspectBlocking { connection in
            try connection.first(
                "SELECT detail FROM baton_audit WHERE model = 'sla.clock' AND kind = 'write' ORDER BY seq DESC LIMIT 1", [], .text)?
                .textValue ?? ""
        }
        #expect(because.contains("\"because\":\"sla:referral-stat@1\""), "\(because)")
    }

    @Test("another urgency makes the old clock void and starts a new one; an appointment keeps the promise")
    func changes() throws {
        let clinic = try Clinic()
        let id = try clinic.atBooking()
        try clinic.world.act { env in try env.record(Referral.self, id).write(["urgency": "urgent"]) }
        clinic.world.clock.advance(seconds: 1_800)
        try clinic.call("coord", id, "action_book")
        #expect(try clocks(clinic.world, "care.referral", id) == ["referral-routine stopped 0 void", "referral-urgent stopped 30 kept"])
        #expect(try clinic.world.act { try $0.record(Referral.self, id).value("sla_state") } == "kept")
    }

    @Test("the payer has 72 hours or 7 days, day and night, from the submission on")
    func payer() throws {
        let clinic = try Clinic()
        for (urgency, key, breach) in [
            (Urgency.routine, "payer-standard", "2026-03-09 09:00:00"), (.urgent, "payer-expedited", "2026-03-05 09:00:00"),
        ] {
            var data = clinic.data("IMAG", payer: "MERIDIAN", urgency: urgency, mrn: "P\(urgency.rawValue)")
            data.procedureCodes = ["72148"]
            let id = try clinic.arrive(data, verified: true)
            let authorizations = try clinic.world.act { env in env.record(Referral.self, id).authorizations.ids }
            let authorization = try #require(authorizations.first)
            #expect(try clocks(clinic.world, "care.authorization", authorization).isEmpty, "nothing is asked yet")
            try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_submit")
            let at = try clinic.world.act { env in
                try env.search(Clock.self, .where("policy_key", .equal, .text(key)) & .where("res_id", .equal, .int(authorization))).first?
                    .breachAt
            }
            #expect(at?.description == breach)
            #expect(try clocks(clinic.world, "care.referral", id).first?.contains("paused") == true, "the site's clock rests meanwhile")
        }
    }

    @Test("a calendar that changes counts from the change on; the proof measures both stretches and finds a changed number")
    func proof() async throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("CARD", urgency: .urgent))
        clinic.world.clock.advance(seconds: 7_200)
        // From now on the afternoon is free.
        try clinic.world.act { env in
            let calendar = try Base.Reference.require("resource.resource_calendar_std", env)
            try env.search(Attendance.self, .where("calendar_id", .equal, .int(calendar)) & .where("day_period", .equal, "afternoon"))
                .unlink()
        }
        try await runner(clinic.world).drain()
        clinic.world.clock.advance(seconds: 6 * 3_600)
        let proof = try clinic.world.act { env in
            let clock = try env.search(Clock.self, .where("res_id", .equal, .int(id)))
            return try clock.records.model.method("prove")?.body(clock.records, [:]).listValue?.first?.mapValue
        }
        #expect(proof?["proven"] == true)
        #expect(proof?["elapsed_minutes"] == 180, "two hours by the old hours, one until noon by the new ones")
        #expect(proof?["stretches"]?.listValue?.map { $0.mapValue?["seconds"] } == [7_200, 3_600])
        let untrue = try clinic.world.act { env in
            let clock = try env.search(Clock.self, .where("res_id", .equal, .int(id)))
            try clock.write(["elapsed_minutes": 5])
            return try clock.records.model.method("prove")?.body(clock.records, [:]).listValue?.first?.mapValue
        }
        #expect(untrue?["proven"] == false)
    }

    @Test("what matches no service level costs microseconds")
    func speed() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("CARD"))
        let time = try clinic.world.act { env in
            let referral = env.record(Referral.self, id).records
            let field = try referral.model.requireField("requested_service")
            let clock = ContinuousClock()
            let times = try (0..<5).map { _ in
                try clock.measure { for _ in 0..<2_000 { _ = try ClockObserver().writing(referral, fields: [field]) } }
            }
            return times.min() ?? .seconds(1)
        }
        print("a write that three service levels do not look at costs \(time / 2_000) more")
        #expect(time / 2_000 < .microseconds(20))
    }
}
