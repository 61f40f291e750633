import Kernel
import Views

/// How managers see what was learned of senders' forms.
enum LayoutViews {
    static let layouts = ModelViews(
        ReadingLayout.name, plural: "Learned layouts", icon: "document", place: ModelViews.Place(.processes, "layouts", sequence: 90),
        list: ListView(
            "sender", "form", "field", "anchor", "side", "agreeing", "right_count", "wrong_count", "active",
            compact: ["sender", "field", "anchor", "active"]),
        form: FormView(
            subtitle: ["sender", "form"],
            sections: [
                FormView.Section("Place", "field", "anchor", "side", "left_share", "top_share"),
                FormView.Section("How it went", "agreeing", "right_count", "wrong_count", "active", "company_id"),
            ]),
        search: SearchView("sender", "form", "field", groups: ["sender", "field"]), tones: ["wrong_count": .zeroIsGood])
}
