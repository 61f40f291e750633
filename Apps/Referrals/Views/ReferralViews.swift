import Kernel
import Views

/// How coordinators see referrals: a queue ordered by what is due, a board of stages, and the record with its clocks and checklist.
enum ReferralViews {
    static let all: [ModelViews] = [referrals, PatientViews.patients, DocumentViews.documents]

    private static let referrals = ModelViews(
        Referral.name, plural: "Referrals", icon: "referral",
        place: ModelViews.Place(.work, "referrals", sequence: 20, opens: "?filter=open"),
        list: ListView(
            "name", "patient_id", "specialty_id", "urgency", "stage", "payer_id", "sla_breach_at", "missing_count", "user_id",
            order: "priority desc, received_on, id", compact: ["patient_id", "specialty_id", "sla_breach_at", "stage"],
            bulk: ["user_id", "urgency"], claim: ListView.Claim("user_id", filter: "unowned")),
        form: form,
        board: BoardView(
            columns: "stage", card: ["patient_id", "name", "specialty_id", "urgency", "sla_breach_at", "user_id"], writes: false,
            moves: ["closed": "action_close", "review": "action_back_to_review"], wip: ["received": 20, "review": 40, "triage": 15]),
        calendar: CalendarView(start: "received_on", title: "patient_id"),
        analysis: AnalysisView(rows: "specialty_id", columns: "stage", measures: ["__count", "missing_count:sum"]),
        activity: ActivityView("patient_id", "specialty_id", "stage"), search: search,
        tones: [
            "urgency": .values(["stat": .danger, "urgent": .warn]), "sla_breach_at": .deadline, "missing_count": .zeroIsGood,
            "sla_state": .values(["broken": .danger, "endangered": .warn, "kept": .ok]),
            "network": .values(["in": .ok, "out": .warn]),
        ],
        actions: ReferralActionViews.all)

    private static let form = FormView(
        path: "stage", asides: ["closed"], subtitle: ["patient_id", "specialty_id", "practice_id", "received_on"],
        sections: [
            FormView.Section(
                "Request", "specialty_id", "urgency", "requested_service", "reason_text", "diagnosis_codes", "procedure_codes"),
            FormView.Section("Patient and payer", "patient_id", "coverage_id", "payer_id"),
            FormView.Section("Referred by", "practice_id", "referrer_id", "external_id", "channel"),
            FormView.Section("Work", "user_id", "service_id", "network", "awaiting_sender", "reason_id", "reason_comment", "company_id"),
        ],
        related: [
            FormView.Related("document_ids", "name", "kind", "state", "page_count"),
            FormView.Related("authorization_ids", "number", "state", "decision_due"),
            FormView.Related("appointment_ids", "start", "service_id", "practitioner_id", "state"),
            FormView.Related("note_ids", "display_name"),
        ],
        rail: [
            .clocks("sla_clock_ids"), .checklist("requirement_ids", state: "state", done: ["received", "waived"]),
            .suggestions("match_ids", state: "state", open: "open"),
            .readings("care.suggestion", through: "document_id.referral_id"),
        ])

    private static let search = SearchView(
        "name", "patient_id.name", "patient_id.mrn", "external_id",
        filters: [
            SearchView.Filter("mine", "My queue", "[('user_id', '=', uid), ('stage', 'not in', ['completed', 'closed'])]"),
            SearchView.Filter("open", "Open", "[('stage', 'not in', ['completed', 'closed'])]"),
            SearchView.Filter(
                "unowned", "Without a coordinator", "[('user_id', '=', False), ('stage', 'not in', ['completed', 'closed'])]"),
            SearchView.Filter("stat", "STAT and urgent", "[('urgency', 'in', ['stat', 'urgent'])]"),
            SearchView.Filter("incomplete", "Something missing", "[('missing_count', '>', 0)]"),
            SearchView.Filter(
                "pressing", "STAT and urgent, open", "[('urgency', 'in', ['stat', 'urgent']), ('stage', 'not in', ['completed', 'closed'])]"
            ),
            SearchView.Filter(
                "broken", "Promise broken", "[('sla_clock_ids.is_breached', '=', True), ('stage', 'not in', ['completed', 'closed'])]"),
            SearchView.Filter("completed", "Completed in 30 days", "[('stage', '=', 'completed'), ('stage_since', '>=', 'today -30d')]"),
            SearchView.Filter("waiting", "Waiting for the sender", "[('awaiting_sender', '=', True)]"),
        ],
        groups: ["stage", "specialty_id", "urgency", "user_id", "payer_id", "practice_id", "channel", "received_on:week", "company_id"])
}

/// How patients are seen: demographics, coverages, and their referrals.
enum PatientViews {
    static let patients = ModelViews(
        Patient.name, plural: "Patients", icon: "user", place: ModelViews.Place(.directory, "patients", sequence: 10),
        list: ListView("name", "birth_date", "sex", "mrn", "phone", "city", "company_id", compact: ["name", "mrn", "birth_date", "city"]),
        form: FormView(
            subtitle: ["mrn", "birth_date", "sex"],
            sections: [
                FormView.Section("Person", "family_name", "given_name", "birth_date", "sex", "mrn", "lang", "is_deceased"),
                FormView.Section("Contact", "phone", "email", "message_consent", "street", "zip", "city", "state_code", "country_code"),
                FormView.Section("Record", "company_id", "merged_into_id", "active"),
            ],
            related: [
                FormView.Related("referral_ids", "name", "specialty_id", "stage", "urgency", "received_on"),
                FormView.Related("coverage_ids", "payer_id", "member_number", "plan", "state"),
                FormView.Related("identifier_ids", "system", "value", "type"),
            ]),
        search: SearchView("name", "mrn", "phone", groups: ["company_id", "city", "sex"]))
}

/// How documents are seen: those that wait first.
enum DocumentViews {
    static let documents = ModelViews(
        Document.name, plural: "Documents", icon: "document", place: ModelViews.Place(.work, "documents", sequence: 60),
        list: ListView(
            "name", "kind", "state", "patient_id", "referral_id", "page_count", "create_date",
            compact: ["name", "kind", "state", "create_date"]),
        form: FormView(
            subtitle: ["kind", "state"],
            sections: [
                FormView.Section("Document", "name", "kind", "referral_id", "patient_id"),
                FormView.Section("File", "mimetype", "file_size", "page_count", "digest", "refusal_code", "company_id"),
            ]),
        search: SearchView(
            "name", "patient_id.name",
            filters: [
                SearchView.Filter("waiting", "To be entered", "[('state', '=', 'checked'), ('referral_id', '=', False)]"),
                SearchView.Filter("refused", "Refused", "[('state', '=', 'refused')]"),
            ],
            groups: ["state", "kind", "create_date:day"]),
        tones: ["state": .values(["checked": .info, "entered": .ok, "refused": .danger])],
        actions: [
            ActionView(
                "action_attach", icon: "link",
                asks: [ActionView.Ask("referral_id", "Referral", .record("care.referral", domain: "[]"))])
        ])
}
