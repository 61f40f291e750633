/// Names that no caller may reach: Odoo's methods for programs inside it.
enum PrivateMethods {
    static func contains(_ name: String) -> Bool { name.hasPrefix("_") || names.contains(name) }

    private static let names: Set<String> = [
        "browse", "sudo", "with_user", "with_company", "with_context", "with_env", "with_prefetch", "search_fetch", "fetch", "exists",
        "check_access", "filtered", "filtered_domain", "mapped", "sorted", "grouped", "flush_model", "flush_recordset", "invalidate_model",
        "invalidate_recordset", "update", "new", "init", "env", "ensure_one", "concat", "union", "modified", "add_to_compute",
    ]
}
