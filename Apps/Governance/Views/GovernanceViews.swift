import Kernel
import Views

/// How definitions and their versions are written, checked, simulated and released.
enum GovernanceViews {
    static let all: [ModelViews] = [versions, definitions]

    private static let why = ActionView.Ask("reason", "Why", .text)

    private static let versions = ModelViews(
        DefinitionVersion.name, plural: "Versions", icon: "audit", place: ModelViews.Place(.processes, "versions", sequence: 20),
        list: ListView(
            "definition_id", "kind", "number", "state", "note", "author_id", "effective_from", "write_date", order: "id desc",
            compact: ["definition_id", "note", "state", "number"]),
        form: FormView(
            path: "state", asides: ["retired"], subtitle: ["kind", "key", "origin"],
            sections: [
                FormView.Section("What changes", "definition_id", "note", "company_ids"),
                FormView.Section("Content", "content", "tests"),
                FormView.Section(
                    "Who and when", "author_id", "submitter_id", "submitted_on", "releaser_id", "released_on", "effective_from",
                    "retired_on",
                    "reason", "checksum"),
            ], rail: [.release]),
        board: BoardView(
            columns: "state", card: ["definition_id", "kind", "note", "author_id"], writes: false,
            moves: ["in_review": "action_submit", "released": "action_release", "retired": "action_retire", "draft": "action_return"]),
        search: SearchView(
            "key", "note",
            filters: [
                SearchView.Filter("open", "Drafts and reviews", "[('state', 'in', ['draft', 'in_review'])]"),
                SearchView.Filter("review", "To be released", "[('state', '=', 'in_review')]"),
                SearchView.Filter("released", "Released", "[('state', '=', 'released')]"),
            ],
            groups: ["kind", "state", "definition_id", "author_id", "released_on:month"]),
        tones: ["state": .values(["draft": .neutral, "in_review": .warn, "released": .ok])],
        actions: [
            ActionView("action_check", icon: "check"), ActionView("action_submit", icon: "send", weight: .main),
            ActionView(
                "action_release", icon: "approve", weight: .main, consequence: "From then on it decides what happens.",
                asks: [
                    ActionView.Ask(
                        "effective_from", "In force from", .moment, required: false, hint: "Without an answer it is in force at once.")
                ]),
            ActionView(
                "action_simulate", icon: "activity",
                asks: [ActionView.Ask("days", "Days back", .number, required: false, hint: "Without an answer, the last 30 days.")]),
            ActionView("action_return", icon: "undo", weight: .quiet, asks: [why]),
            ActionView(
                "action_roll_back", icon: "undo", weight: .danger, consequence: "The version before it is in force again.", asks: [why]),
            ActionView("action_retire", icon: "x", weight: .danger, consequence: "Nothing of this kind is in force then.", asks: [why]),
            ActionView("action_discard", icon: "trash", weight: .danger, consequence: "The draft is thrown away."),
            ActionView("action_copy", icon: "copy", weight: .plain, opens: DefinitionVersion.name),
        ])

    private static let definitions = ModelViews(
        Definition.name, plural: "Definitions", icon: "rule", place: ModelViews.Place(.processes, "definitions", sequence: 30),
        list: ListView("title", "kind", "key", "company_id", "shipped_by", compact: ["title", "key", "kind", "company_id"]),
        form: FormView(
            subtitle: ["kind", "key"],
            sections: [FormView.Section("Definition", "title", "kind", "key", "company_id", "shipped_by", "res_model")],
            related: [FormView.Related("version_ids", "number", "state", "note", "author_id", "effective_from")]),
        search: SearchView("title", "key", groups: ["kind", "company_id"]))
}
