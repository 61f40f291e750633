import Kernel
import Messaging
import Referrals
import TestKit
import Testing

@Suite struct StageTests {
    typealias Stage = Referrals.Stage

    @Test("the stages stand literally in the database and each has its FHIR Task status")
    func stagesHaveTheirTaskStatus() {
        let table = Stage.allCases.map {
            "\($0.rawValue) \($0.taskStatus(isAwaitingSender: false, ending: nil)) \($0.businessStatus(isAwaitingSender: false))"
        }
        #expect(
            table == [
                "received received intake", "review in-progress doc-review", "eligibility in-progress eligibility",
                "authorization on-hold auth-pending", "triage in-progress triage", "assignment accepted assigned",
                "scheduled accepted scheduled", "notified accepted notified", "completed completed loop-closed", "closed cancelled closed",
            ])
        #expect(Stage.review.taskStatus(isAwaitingSender: true, ending: nil) == "on-hold")
        #expect(Stage.review.businessStatus(isAwaitingSender: true) == "awaiting-sender")
        #expect(Stage.closed.taskStatus(isAwaitingSender: false, ending: .reject) == "rejected")
        #expect(Stage.closed.taskStatus(isAwaitingSender: false, ending: .failed) == "failed")
    }

    @Test("every move that is not in the table is refused with the stages that are", arguments: Stage.allCases)
    func illegalMovesAreRefused(from: Stage) throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data())
        try clinic.world.act { env in try env.record(Referral.self, id).write(["stage": .text(from.rawValue)]) }
        for to in Stage.allCases where !from.next.contains(to) {
            do {
                try clinic.world.act { env in try Pathway.move(env.record(Referral.self, id), to: to) }
                Issue.record("\(from) went to \(to)")
            } catch let refusal as Refusal {
                #expect(refusal.code == "referral.illegal_move")
                #expect(refusal.kind == .conflict)
                #expect(refusal.details["stages"] == .list(from.next.map(\.rawValue).sorted().map { .text($0) }))
            }
        }
        #expect(try clinic.stage(id) == from)
        for to in from.next {
            try clinic.world.act { env in
                try env.record(Referral.self, id).write(["stage": .text(from.rawValue)])
                try Pathway.move(env.record(Referral.self, id), to: to)
            }
            #expect(try clinic.stage(id) == to)
        }
    }

    @Test("an action that the stage does not allow is refused with those that it allows")
    func refusedActionsNameTheOthers() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        do {
            try clinic.call("coord", id, "action_book")
            Issue.record("booked at triage")
        } catch let refusal as Refusal {
            #expect(refusal.code == "action.not_possible")
            #expect(refusal.details["actions"] == ["action_back_to_review", "action_close"])
        }
    }

    @Test("the server offers each role what it may do in each state")
    func actionsByRoleAndState() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("CARD"))
        #expect(try clinic.actions("coord", id) == ["action_advance", "action_ask_sender", "action_close"])
        #expect(try clinic.actions("hl7", id) == [])
        try clinic.each("boss", Requirement.self, of: id, "requirement_ids", "action_waive", ["reason_id": "waive.known"], only: "ecg")
        #expect(try clinic.stage(id) == .eligibility)
        let eligible: Set = ["action_advance", "action_verify_eligibility", "action_back_to_review", "action_close"]
        #expect(try clinic.actions("coord", id) == eligible)
        #expect(try clinic.actions("boss", id) == eligible.union(["action_skip_eligibility"]))
        try clinic.call("coord", id, "action_verify_eligibility")
        #expect(try clinic.stage(id) == .assignment)
        let looked = try clinic.atTriage(mrn: "MRN2")
        #expect(try clinic.stage(looked) == .triage)
        #expect(try clinic.actions("nurse", looked) == ["action_accept", "action_redirect", "action_back_to_review", "action_close"])
        #expect(clinic.refusal { try clinic.call("coord", looked, "action_accept") } == "access.denied")
        let booking: Set = [
            "action_back_to_review", "action_assign", "action_propose_service", "action_book", "action_defer", "action_close",
        ]
        #expect(try clinic.actions("coord", id) == booking)
        try clinic.call("coord", id, "action_book")
        #expect(try clinic.actions("coord", id) == ["action_notify_patient", "action_close"])
        try clinic.call("coord", id, "action_notify_patient")
        #expect(try clinic.actions("coord", id) == ["action_file_note", "action_close"])
        try clinic.call("coord", id, "action_close", ["reason_id": "cancel.patient"])
        #expect(try clinic.actions("coord", id) == ["action_reopen"])
    }

    @Test("an action on an old version is refused")
    func staleActionsAreRefused() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        let version = try clinic.world.act { env in env.record(Referral.self, id).version }
        try clinic.world.act(as: "coord") { env in try env.record(Referral.self, id).write(["requested_service": "Second opinion"]) }
        let code = clinic.refusal { try clinic.call("nurse", id, "action_accept", context: ["expected_version": .int(version)]) }
        #expect(code == "record.stale")
        let now = try clinic.world.act { env in env.record(Referral.self, id).version }
        try clinic.call("nurse", id, "action_accept", context: ["expected_version": .int(now)])
        #expect(try clinic.stage(id) == .assignment)
    }

    @Test("what actions decide cannot be written around them, at creation either")
    func decisionsCannotBeWritten() throws {
        let clinic = try Clinic()
        let id = try clinic.atTriage()
        for (name, value): (String, Value) in [
            ("stage", "completed"), ("network", "in"), ("service_id", .int(clinic.cardiology)), ("missing_count", 0),
            ("network_approved_by", 2), ("reason_id", 1), ("channel", "fhir"), ("awaiting_sender", true), ("duplicate_of_id", .int(id)),
        ] {
            let code = clinic.refusal {
                try clinic.world.act(as: "boss") { env in try env.record(Referral.self, id).write(ValueMap([(name, value)])) }
            }
            #expect(code == "referral.by_action_only", "\(name)")
        }
        let fresh = try clinic.world.act(as: "boss") { env in
            try env.create(Referral.self, ["stage": "completed", "network_approved_by": 2, "missing_count": 0, "service_id": 1]).id
        }
        try clinic.world.act { env in
            let referral = env.record(Referral.self, fresh)
            #expect(referral.stage == .review)
            #expect(referral.networkApprover == nil)
            #expect(referral.service == nil)
            #expect(referral.missing > 0)
        }
    }

    @Test("lines keep their decisions too: nobody writes a waiver, an approval or an acknowledgement")
    func linesCannotBeWritten() throws {
        let clinic = try Clinic()
        let id = try clinic.arrive(clinic.data("IMAG", payer: "MERIDIAN"))
        let authorized = try clinic.atBooking(mrn: "MRN9")
        try clinic.call("coord", authorized, "action_book")
        let codes = [
            clinic.refusal { try clinic.write("boss", Requirement.self, of: id, "requirement_ids", ["state": "waived"]) },
            clinic.refusal { try clinic.write("coord", Appointment.self, of: authorized, "appointment_ids", ["state": "fulfilled"]) },
        ]
        #expect(codes == ["record.by_action_only", "record.by_action_only"])
        let note = try clinic.world.act(as: "coord") { env in
            try env.create(Note.self, ["name": "n", "referral_id": .int(authorized), "state": "acknowledged"]).id
        }
        let code = clinic.refusal {
            try clinic.world.act(as: "coord") { env in try env.record(Note.self, note).write(["state": "acknowledged"]) }
        }
        #expect(code == "record.by_action_only")
        #expect(try clinic.world.act { env in env.record(Note.self, note).state } == .received)
    }
}

extension Clinic {
    /// Calls an action on those lines of a referral that have a code.
    func each<M: Model>(
        _ login: String, _ type: M.Type, of id: Int, _ field: String, _ action: String, _ arguments: ValueMap = [:], only code: String
    ) throws {
        let ids = try world.act { env in
            let lines = try env.record(Referral.self, id).records.related(field)
            return try lines.ids.filter { try lines.value($0, "code") == .text(code) }
        }
        try world.act(as: login) { env in _ = try env.records(type, ids).call(action, arguments) }
    }

    func write<M: Model>(_ login: String, _ type: M.Type, of id: Int, _ field: String, _ values: ValueMap) throws {
        let ids = try world.act { env in try env.record(Referral.self, id).records.related(field).ids }
        try world.act(as: login) { env in try env.records(type, ids).write(values) }
    }
}
