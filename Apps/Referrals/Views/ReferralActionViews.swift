import Kernel
import Views

/// What the buttons of a referral ask before they run.
enum ReferralActionViews {
    static let all: [ActionView] = intake + decisions + scheduling + endings

    private static func reason(_ kind: Reason.Kind) -> ActionView.Ask {
        ActionView.Ask("reason_id", "Reason", .record(Reason.name, domain: DomainText("[('kind', '=', '\(kind.rawValue)')]")))
    }

    private static func comment(required: Bool = false) -> ActionView.Ask {
        ActionView.Ask("comment", "Comment", .text, required: required)
    }

    private static let intake: [ActionView] = [
        ActionView("action_advance", icon: "refresh"),
        ActionView("action_ask_sender", icon: "send", weight: .main),
        ActionView("action_verify_eligibility", icon: "shield", weight: .main),
        ActionView("action_skip_eligibility", icon: "skip", weight: .quiet, asks: [comment(required: true)]),
        ActionView("action_back_to_review", icon: "undo", weight: .quiet, asks: [reason(.returned), comment()]),
    ]

    private static let decisions: [ActionView] = [
        ActionView(
            "action_accept", icon: "check", weight: .main,
            asks: [
                ActionView.Ask(
                    "urgency", "Urgency", .choice([("routine", "Routine"), ("urgent", "Urgent"), ("stat", "STAT")]), required: false,
                    hint: "Leave it as it is, or correct it."), comment(),
            ]),
        ActionView(
            "action_redirect", icon: "arrow-right", weight: .quiet,
            asks: [
                ActionView.Ask("specialty_id", "Specialty", .record(Specialty.name, domain: "[]")), reason(.redirect), comment(),
            ]),
        ActionView(
            "action_assign", icon: "service", weight: .main,
            asks: [
                ActionView.Ask(
                    "service_id", "Service", .record(Service.name, domain: "[('specialty_id', '=', record.specialty_id)]"))
            ]),
        ActionView("action_propose_service", icon: "sparkles"),
        ActionView("action_approve_network", icon: "check"),
    ]

    private static let scheduling: [ActionView] = [
        ActionView(
            "action_book", icon: "calendar", weight: .main,
            asks: [
                ActionView.Ask(
                    "slot_id", "Slot",
                    .record(Slot.name, domain: "[('service_id', '=', record.service_id), ('state', '=', 'free')]"), required: false,
                    hint: "Without a choice the first free slot is taken.")
            ]),
        ActionView("action_defer", icon: "clock", weight: .quiet, asks: [reason(.defer), comment()]),
        ActionView(
            "action_notify_patient", icon: "phone", weight: .main,
            asks: [
                ActionView.Ask(
                    "how", "How", .choice([("phone", "Phone"), ("letter", "Letter"), ("portal", "Portal"), ("email", "E-mail")]))
            ]),
        ActionView(
            "action_file_note", icon: "document", weight: .main,
            asks: [ActionView.Ask("text", "Consult note", .text, hint: "What the specialist found and advises.")]),
    ]

    private static let endings: [ActionView] = [
        ActionView(
            "action_close", icon: "close-case", weight: .danger,
            consequence:
                "The referral ends here and its appointments are released. It cannot be opened again as it is: work goes on in a new one.",
            asks: [
                ActionView.Ask(
                    "reason_id", "Reason", .record(Reason.name, domain: "[('kind', 'in', ['cancel', 'reject', 'failed'])]")), comment(),
            ]),
        ActionView("action_reopen", icon: "refresh", opens: Referral.name),
    ]
}
