import Kernel
import Views

/// Who may do what, and who is known: the screens of administrators, and the directory.
enum SettingsViews {
    static let all: [ModelViews] = [users, groups, teams, companies, partners]

    private static let users = ModelViews(
        "res.users", plural: "Users", icon: "users", place: ModelViews.Place(.settings, "users", sequence: 10),
        list: ListView("name", "login", "company_id", "active", "login_date", compact: ["name", "login", "login_date", "company_id"]),
        form: FormView(
            subtitle: ["login"],
            sections: [
                FormView.Section("Person", "name", "login", "email", "password", "partner_id"),
                FormView.Section("Where and what", "company_id", "company_ids", "group_ids"),
                FormView.Section("Preferences", "lang", "tz", "notification_type", "active", "login_date", "totp_enabled"),
            ], rail: [.access]),
        search: SearchView(
            "name", "login",
            filters: [
                SearchView.Filter("active", "Active", "[('active', '=', True)]"),
                SearchView.Filter("suspended", "Suspended", "[('active', '=', False)]"),
                SearchView.Filter("one_factor", "Without a second factor", "[('totp_enabled', '=', False)]"),
            ], groups: ["company_id"]),
        actions: [
            ActionView(
                "action_suspend", icon: "minus", weight: .danger,
                consequence: "The user cannot sign in any more, keys for programs stop, and all sessions end at once. What they did stays."),
            ActionView(
                "action_resume", icon: "undo", consequence: "The user may sign in again, with the rights and the password from before."),
            ActionView(
                "action_totp_disable", icon: "shield", weight: .danger,
                consequence: "The user signs in with the password alone until a new second factor is set up. All their sessions end."),
        ])

    private static let groups = ModelViews(
        "res.groups", plural: "Roles", icon: "shield", place: ModelViews.Place(.settings, "roles", sequence: 20),
        list: ListView("name", compact: ["name"]),
        form: FormView(
            sections: [FormView.Section("Role", "name", "implied_ids", "totp_required", "comment")],
            related: [FormView.Related("user_ids", "name", "login")], rail: [.access]),
        search: SearchView("name"))

    private static let teams = ModelViews(
        ViewTeam.name, plural: "Teams", icon: "users", place: ModelViews.Place(.settings, "teams", sequence: 30),
        list: ListView("name", "lead_id", "member_ids", compact: ["name", "lead_id"]),
        form: FormView(sections: [FormView.Section("Team", "name", "lead_id", "member_ids")]), search: SearchView("name"))

    private static let companies = ModelViews(
        "res.company", plural: "Sites", icon: "service", place: ModelViews.Place(.directory, "sites", sequence: 40),
        list: ListView("name", "parent_id", "currency_id", compact: ["name", "parent_id"]),
        form: FormView(sections: [FormView.Section("Site", "name", "parent_id", "partner_id", "currency_id", "active")]),
        search: SearchView("name"))

    private static let partners = ModelViews(
        "res.partner", plural: "Contacts", icon: "handshake", place: ModelViews.Place(.directory, "contacts", sequence: 20),
        list: ListView("name", "is_company", "parent_id", "phone", "email", "city", compact: ["name", "parent_id", "phone", "city"]),
        form: FormView(
            subtitle: ["parent_id"],
            sections: [
                FormView.Section("Contact", "name", "is_company", "parent_id", "function", "email", "phone", "website", "vat", "ref"),
                FormView.Section("Address", "street", "street2", "zip", "city", "state_id", "country_id"),
                FormView.Section("More", "category_id", "user_id", "lang", "comment", "company_id", "active"),
            ],
            related: [FormView.Related("child_ids", "name", "function", "phone")]),
        search: SearchView(
            "name", "email", "phone", "ref", filters: [SearchView.Filter("companies", "Organisations", "[('is_company', '=', True)]")],
            groups: ["is_company", "city", "parent_id"]))
}
