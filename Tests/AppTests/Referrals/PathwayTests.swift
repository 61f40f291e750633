import Base
import JSON
import Kernel
import Messaging
import Referrals
import TestKit
import Testing

@Suite struct PathwayTests {
    @Test("what no service here offers waits for a clinician")
    func completeGoesStraightOn() throws {
        let clinic = try Clinic()
        let first = try clinic.atTriage()
        #expect(try clinic.stage(first) == .triage)
        // The coverage is confirmed by now, so that the next one meets nothing in its way.
        let second = try clinic.arrive(clinic.data("GAST"))
        #expect(try clinic.stage(second) == .triage)
    }

    @Test("an authorization that the payer wants stops a referral until it is there")
    func missingAuthorizationStops() throws {
        let clinic = try Clinic()
        var data = clinic.data("IMAG", payer: "MERIDIAN")
        data.procedureCodes = ["72148"]
        let id = try clinic.arrive(data, verified: true)
        #expect(try clinic.stage(id) == .authorization)
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.taskStatus == "on-hold")
            #expect(referral.authorizations.map(\.state) == [.needed])
        }
        try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_submit")
        try clinic.world.act { env in
            let authorization = env.record(Referral.self, id).authorizations[0]
            #expect(authorization.due == env.now + 7 * 24 * 3_600)
        }
        try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_pend")
        let noNumber = clinic.refusal { try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_approve") }
        #expect(noNumber == "authorization.number")
        #expect(try clinic.stage(id) == .authorization)
        try clinic.each("coord", Authorization.self, of: id, "authorization_ids", "action_approve", ["number": "PA1"])
        #expect(try clinic.stage(id) == .assignment)
    }

    @Test("a number that came with the message is the authorization")
    func authorizationInTheMessage() throws {
        let clinic = try Clinic()
        var data = clinic.data("ONCO", payer: "MERIDIAN")
        data.authorizationNumber = "PA77"
        data.files = [ReferralData.File(name: "p.pdf", kind: "pathology", mediaType: "application/pdf", bytes: [9])]
        let id = try clinic.arrive(data, verified: true)
        #expect(try clinic.stage(id) == .triage)
        #expect(try clinic.world.act { env in env.record(Referral.self, id).authorizations.map(\.number) } == ["PA77"])
    }

    @Test("a denial needs its reason and may be appealed; the payer may not ask after all")
    func denialsAndAppeals() throws {
        let clinic = try Clinic()
        var data = clinic.data("IMAG", payer: "MERIDIAN", urgency: .urgent)
        data.procedureCodes = ["72148"]
        let id = try clinic.arrive(data, verified: true)
        let act = { (name: String, arguments: ValueMap) in
            try clinic.each("coord", Authorization.self, of: id, "authorization_ids", name, arguments)
        }
        try act("action_submit", [:])
        try clinic.world.act { env in
            #expect(env.record(Referral.self, id).authorizations[0].due == env.now + 72 * 3_600)
        }
        #expect(clinic.refusal { try act("action_deny", [:]) } == "authorization.denial_reason")
        try act("action_deny", ["denial_reason": "Not necessary"])
        #expect(try clinic.stage(id) == .authorization)
        try act("action_appeal", [:])
        #expect(clinic.refusal { try act("action_not_required", [:]) } == "referral.comment_missing")
        try act("action_not_required", ["comment": "Says the payer's desk"])
        #expect(try clinic.stage(id) == .assignment)
    }

    @Test("urgent work is due today, and an emergency needs no authorization")
    func urgentIsAccelerated() throws {
        let clinic = try Clinic()
        let urgent = try clinic.arrive(clinic.data("CARD", urgency: .urgent))
        let routine = try clinic.arrive(clinic.data("CARD", mrn: "MRN2"))
        try clinic.world.act { (env: Environment) throws -> Void in
            func deadline(_ id: Int) throws -> Day? {
                try env.search(Activity.self, .where("res_model", .equal, "care.referral") & .where("res_id", .equal, .int(id))).first?
                    .deadline
            }
            #expect(try deadline(urgent) == env.today)
            #expect(try deadline(routine) == env.today + 1)
            #expect(try env.search(Referral.self).first?.id == urgent)
        }
        var data = clinic.data("IMAG", payer: "MERIDIAN", urgency: .stat, mrn: "MRN3")
        data.procedureCodes = ["72148"]
        #expect(try clinic.stage(clinic.arrive(data, verified: true)) == .assignment)
    }

    @Test("raising the urgency at the payer's desk lets the referral go on and pulls deadlines to today")
    func raisedUrgency() throws {
        let clinic = try Clinic()
        var data = clinic.data("IMAG", payer: "MERIDIAN")
        data.procedureCodes = ["72148"]
        let id = try clinic.arrive(data, verified: true)
        #expect(try clinic.stage(id) == .authorization)
        try clinic.world.act(as: "coord") { env in try env.record(Referral.self, id).write(["urgency": "stat"]) }
        #expect(try clinic.stage(id) == .assignment)
    }

    @Test("out of network nobody books or tells the patient before another manager than the coordinator has approved")
    func outOfNetworkNeedsAManager() throws {
        let clinic = try Clinic()
        var data = clinic.data("ORTH", payer: "MERIDIAN")
        data.files = [ReferralData.File(name: "i.pdf", kind: "imaging", mediaType: "application/pdf", bytes: [4])]
        let id = try clinic.arrive(data, verified: true)
        let boss = try clinic.world.user("boss").id
        try clinic.world.act(as: "coord") { env in try env.record(Referral.self, id).write(["user_id": .int(boss)]) }
        #expect(try clinic.stage(id) == .assignment)
        try clinic.world.act { env in #expect(env.record(Referral.self, id).network == .outOfNetwork) }
        #expect(!(try clinic.actions("coord", id).contains("action_book")))
        #expect(!(try clinic.actions("coord", id).contains("action_approve_network")))
        #expect(clinic.refusal { try clinic.call("coord", id, "action_approve_network") } == "access.denied")
        #expect(clinic.refusal { try clinic.call("boss", id, "action_approve_network") } == "sod.toxic_pair")
        #expect(!(try clinic.actions("boss", id).contains("action_approve_network")))
        // Handing the referral on does not undo that boss coordinated it.
        let coordinator = try clinic.world.user("coord").id
        try clinic.world.act(as: "boss") { env in try env.record(Referral.self, id).write(["user_id": .int(coordinator)]) }
        #expect(clinic.refusal { try clinic.call("boss", id, "action_approve_network") } == "sod.toxic_pair")
        try clinic.call("boss2", id, "action_approve_network")
        try clinic.call("coord", id, "action_book")
        #expect(try clinic.stage(id) == .scheduled)
        try clinic.world.act { env in
            let causes = try env.search(Activity.self, .where("res_id", .equal, .int(id)) & .where("res_model", .equal, "care.referral"))
                .map(\.cause)
            #expect(causes == ["referral.notify"])
        }
    }

    @Test("the choice of a service is explained")
    func routingIsExplained() throws {
        let clinic = try Clinic()
        let id = try clinic.atBooking()
        try clinic.world.act { env in
            let referral = env.record(Referral.self, id)
            #expect(referral.service?.id == clinic.cardiology)
            #expect(referral.network == .inNetwork)
            let best = try #require(referral.routing.arrayValue?.first)
            let said = (best["reasons"]?.arrayValue ?? []).compactMap { $0["what"]?.stringValue }
            #expect(said.contains("in the payer's network"))
            #expect(said.contains("near the patient (5 digits of the ZIP code)"))
            #expect(said.contains("has a free slot"))
            #expect(said.contains("5 days to wait"))
            #expect(best["score"]?.doubleValue == Double(90))
        }
    }

    @Test("a redirect to a specialty that asks for more goes back to review")
    func redirectsCheckAgain() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        let specialty = { (code: String) in
            try clinic.world.act { env in try env.search(Specialty.self, .where("code", .equal, .text(code))).first?.id ?? 0 }
        }
        let gast = try specialty("GAST")
        try clinic.call("nurse", id, "action_redirect", ["reason_id": "redirect.specialty", "specialty_id": .int(gast)])
        #expect(try clinic.stage(id) == .triage)
        let card = try specialty("CARD")
        try clinic.call("nurse", id, "action_redirect", ["reason_id": "redirect.specialty", "specialty_id": .int(card)])
        #expect(try clinic.stage(id) == .review)
        let bad = clinic.refusal {
            try clinic.call("nurse", id, "action_redirect", ["reason_id": "redirect.specialty", "specialty_id": 999])
        }
        #expect(bad == "action.not_possible")
    }

    @Test("going on without eligibility needs a manager and a comment")
    func skippingEligibility() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data())
        #expect(try clinic.stage(id) == .eligibility)
        #expect(clinic.refusal { try clinic.call("coord", id, "action_skip_eligibility", ["comment": "x"]) } == "access.denied")
        #expect(clinic.refusal { try clinic.call("boss", id, "action_skip_eligibility") } == "referral.comment_missing")
        try clinic.call("boss", id, "action_skip_eligibility", ["comment": "The payer's line is down"])
        #expect(try clinic.stage(id) == .triage)
    }

    @Test("what came back for a clarification waits for a person, whatever is looked at again")
    func clarificationsWait() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        let bare = clinic.refusal { try clinic.call("nurse", id, "action_back_to_review", ["reason_id": "return.unclear"]) }
        #expect(bare == "referral.comment_missing")
        try clinic.call("nurse", id, "action_back_to_review", ["reason_id": "return.unclear", "comment": "Which knee?"])
        #expect(try clinic.stage(id) == .review)
        try clinic.call("coord", id, "action_advance")
        #expect(try clinic.stage(id) == .review)
        try clinic.each("coord", Requirement.self, of: id, "requirement_ids", "action_receive", only: "clarification")
        #expect(try clinic.stage(id) == .triage)
    }
}
