import FHIR
import JSON
import Kernel
import Referrals

/// Appointment and `care.appointment`: read and searched; its status moves by the appointment's actions.
struct AppointmentMapping: ResourceMapping {
    let type = "Appointment"
    let model = Appointment.name
    let interactions: Set<Interaction> = [.read, .search, .update]

    let parameters: [SearchParameter] = [
        .code("status", "state"), .date("date", "start"), .reference("patient", "referral_id.patient_id", "Patient"),
        .reference("practitioner", "practitioner_id", "Practitioner"), .reference("based-on", "referral_id", "ServiceRequest"),
        .token("specialty") { system, code, _ in
            system == nil || system == Systems.specialty ? .where("service_id.specialty_id.code", .equal, .text(code)) : .none
        },
    ]

    func members(_ id: Int, _ records: Records, _ context: FHIRContext) throws -> [(String, JSON?)] {
        let appointment = Record<Appointment>(id: id, records: records)
        let state = appointment.state ?? .proposed
        let isOver = state == .cancelled || state == .noshow
        let specialty = appointment.service?.specialty.map {
            FHIRData.codeableConcept(Systems.specialty, $0.code, display: $0.displayedName)
        }
        let people = [context.reference("Patient", appointment.referral?.patient?.id), context.party(appointment.practitioner)].compactMap {
            $0
        }
        let part: JSON = .string(state == .proposed ? "needs-action" : isOver ? "declined" : "accepted")
        let end = appointment.stop ?? appointment.start
        return [
            ("status", .string(state.rawValue)),
            (
                "cancelationReason",
                isOver ? appointment.reason.map { FHIRData.codeableConcept(Systems.reason, $0.code, display: $0.displayedName) } : nil
            ),
            ("serviceType", appointment.service.map { [FHIRData.codeableConcept(text: $0.displayedName)] }),
            ("specialty", specialty.map { [$0] }), ("start", appointment.start?.fhir), ("end", end?.fhir),
            ("created", appointment.createdOn?.fhir),
            ("basedOn", context.reference("ServiceRequest", appointment.referral?.id).map { [$0] }),
            ("participant", .array(people.map { FHIRData.object([("actor", $0), ("status", part)]) })),
        ]
    }

    func update(_ id: Int, _ resource: FHIRResource, _ context: FHIRContext) throws {
        let appointment = context.env.record(Appointment.self, id)
        let status = resource.string("status") ?? ""
        if status == appointment.state?.rawValue { return }
        let reason = resource.code("cancelationReason", system: Systems.reason)
        let arguments: ValueMap = ["reason_id": reason.map { .text($0) } ?? .null, "comment": .text(resource.string("comment") ?? "")]
        let actions = ["arrived": "action_arrive", "fulfilled": "action_fulfil", "cancelled": "action_cancel", "noshow": "action_no_show"]
        guard let action = actions[status] else {
            let names = try appointment.records.availableActions(id).map(\.name).joined(separator: ", ")
            throw FHIRRefusal(
                409, "appointment.illegal_move", .conflict,
                "The appointment is '\(appointment.state?.rawValue ?? "")' and cannot become '\(status.shown)'. Possible now: \(names).",
                at: "Appointment.status")
        }
        _ = try appointment.asSet.call(action, arguments)
    }
}
