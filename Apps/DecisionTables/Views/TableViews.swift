import Kernel
import Views

/// How decision tables in force are found; they are written as versions of their definitions.
enum TableViews {
    static let tables = ModelViews(
        TableRecord.name, plural: "Decision tables", icon: "decision", place: ModelViews.Place(.processes, "tables", sequence: 10),
        list: ListView(
            "name", "key", "hit_policy", "rule_count", "version", "effective_from", "company_id",
            compact: ["name", "key", "version", "rule_count"]),
        form: FormView(
            subtitle: ["key", "version"],
            sections: [
                FormView.Section("In force", "name", "key", "hit_policy", "inputs", "outputs", "rule_count", "version", "effective_from")
            ]),
        search: SearchView("name", "key", groups: ["hit_policy", "company_id"]))
}
