import Crypto
import Kernel

/// Somebody who may sign in.
public struct User: Model {
    public static let name = "res.users"
    public static let title = "User"
    public static let order = "name, login"
    public static let searchFields = ["name", "login"]
    public static let unique = [Unique("login", message: "You can not have two users with the same login!")]

    /// How a user hears of things.
    public enum Notification: String, SelectionValue { case email, inbox }

    public let login = Char("login", "Login", .required, .indexed)
    public let displayedName = Char("name", "Name", .required)
    public let partner = Many2one<Partner>("partner_id", onDelete: .restrict, "Contact", .indexed, .notCopied)
    public let email = Char("email", "Email")
    public let password = Char(
        "password", "Password", .notCopied, .secret,
        .computedTogether { records in records.ids.map { _ in .text("") } },
        .inverse { records, value in try User.setPassword(records, value) })
    /// The Argon2id string; nobody reads it through a door.
    public let passwordHash = Char("password_hash", .groups("base.group_nobody"), .notCopied, .secret)
    public let groups = Many2many<Group>("group_ids", table: "res_groups_users_rel", own: "uid", other: "gid", "Groups")
    public let company = Many2one<Company>("company_id", "Company", .required, .initially { .int($0.companyId) })
    public let companies = Many2many<Company>(
        "company_ids", table: "res_company_users_rel", own: "user_id", other: "cid", "Companies",
        .initially { .list([[4, .int($0.companyId)]]) })
    public let language = Char("lang", "Language", .initial("en_US"))
    public let timeZone = Char("tz", "Time zone")
    public let notification = Selection<Notification>("notification_type", initial: .email, "Notification")
    public let signature = Html("signature", "Signature")
    public let lastLogin = Datetime(
        "login_date", "Latest login", .computedTogether { try AccountUse.latest($0, by: "user_id") },
        .search { try AccountUse.find($0, by: "user_id", $1, $2) })
    public let active = Flag("active", .initial(true))
    public let keys = One2many<APIKey>("api_key_ids", inverse: \.user, "API keys")
    public let actionId = Integer("action_id", "Home action", .aggregator(nil))
    public let secondFactor = Flag(
        "totp_enabled", "Second factor", .computedTogether { try SecondFactor.isEnabled($0) },
        .search { try SecondFactor.find($0, $1, $2) })
    /// When the second factor was last set up or taken away: it makes a new version of the user.
    public let secondFactorChanged = Datetime("totp_changed", .groups("base.group_nobody"), .notCopied)

    public static let constraints = [
        Constraint<User>("company_id", "company_ids") { user in
            guard let company = user.company, user.companies.contains(company) else {
                throw Refusal(
                    "user.company", .validation, "The company of a user must be among the companies that the user may use.",
                    instruction: "Add the company to the allowed ones, or choose another.")
            }
        }
    ]

    public static let lifecycle = Lifecycle<User>(
        beforeCreate: { values, env in
            try User.askWhoItIs(values, env)
            if values["partner_id"]?.isFalsy ?? true {
                let partner = try env.asSuperuser("a new user gets a contact").create(
                    Partner.self, ["name": values["name"] ?? values["login"] ?? .null, "email": values["email"] ?? .null])
                values["partner_id"] = .int(partner.id)
            }
            if values["name"]?.isFalsy ?? true { values["name"] = values["login"] }
            if values["company_ids"] == nil, let company = values["company_id"]?.intValue {
                values["company_ids"] = .list([[6, 0, .ids([company])]])
            }
            if values["group_ids"] == nil, let user = try Reference.find("base.group_user", env) {
                values["group_ids"] = .list([[4, .int(user)]])
            }
        },
        beforeWrite: { users, values in try User.askWhoItIs(values, users.env) },
        afterWrite: { users, names in
            if !names.isDisjoint(with: ["password_hash", "active", "login"]) { try Session.end(of: users.ids, users.env) }
        },
        beforeDelete: { users in
            if users.contains(where: { $0.id <= User.essential }) {
                throw Refusal(
                    "user.essential", .validation, "The system user and the administrator cannot be deleted.",
                    instruction: "Archive another user.")
            }
        })

    public static let actions = [
        Action<User>(
            "action_totp_disable", "Reset the second factor", groups: ["base.group_erp_manager"], needsProof: true,
            when: { $0.secondFactor && $0.id != $0.env.user.id }
        ) { users in
            for user in users { try SecondFactors(users.env).disable(user.id, as: "reset by an administrator") }
        },
        Action<User>(
            "action_suspend", "Suspend", groups: ["base.group_erp_manager"],
            when: { $0.active && $0.id != $0.env.user.id && $0.id > User.essential }
        ) { users in
            try users.write(["active": false])
        },
        Action<User>("action_resume", "Let in again", groups: ["base.group_erp_manager"], when: { !$0.active && $0.id > User.essential }) {
            users in
            try users.write(["active": true])
        },
    ]

    /// The system and the administrator, who are always there.
    private static let essential = 2

    public static let methods = [
        Method<User>(
            "context_get", readsOnly: true,
            onModel: { env, _ in
                let user = env.user
                return .map([
                    "lang": .text(user.language), "tz": user.timeZone.isEmpty ? .null : .text(user.timeZone), "uid": .int(user.id),
                ])
            }),
        Method<User>(
            "has_group", ["group_ext_id"], readsOnly: true,
            onRecords: { users, arguments in
                guard let group = arguments["group_ext_id"]?.textValue else { throw Refusal("rpc.bad_argument", .invalid, "Name a group.") }
                if users.ids.isEmpty || users.ids == [users.env.user.id] { return .bool(users.env.user.isMember(of: group)) }
                try users.env.checkAccess(.read, users.records.model, users.ids)
                let user = try BaseDirectory().user(users.ids[0], in: users.env.asSuperuser("group membership is no secret"))
                return .bool(user?.isMember(of: group) ?? false)
            }),
        Method<User>(
            "effective_access", readsOnly: true, onRecords: { users, _ in try EffectiveAccess.of(user: users.records) }),
        Method<User>(
            "change_password", ["old_passwd", "new_passwd"],
            onModel: { env, arguments in
                try User.changePassword(env, old: arguments["old_passwd"]?.textValue ?? "", new: arguments["new_passwd"]?.textValue ?? "")
                return .bool(true)
            }),
    ]

    public init() {}

    /// What lets somebody in, or in further, is not changed at a browser that somebody left open.
    fileprivate static func askWhoItIs(_ values: ValueMap, _ env: Environment) throws {
        if env.isSuperuser || env.cause != nil || !values.entries.contains(where: { highRisk.contains($0.name) }) { return }
        try FreshProof.require(in: env)
    }

    /// Who has which password, who is in which group, and what a group brings along.
    private static let highRisk: Set<String> = ["password", "group_ids", "user_ids", "implied_ids"]

    private static func setPassword(_ users: Records, _ value: Value) throws {
        guard let password = value.textValue, !password.isEmpty else { return }
        try Passwords.checkStrength(password)
        let hash = try Passwords.hash(password)
        try users.with(users.env.asSuperuser("a password is stored as a hash that nobody may read")).write(["password_hash": .text(hash)])
    }

    private static func changePassword(_ env: Environment, old: String, new: String) throws {
        let user = env.asSuperuser("one's own password may be changed by whoever knows it").record(User.self, env.user.id)
        guard try Passwords.verify(old, user.passwordHash) else {
            throw Refusal(
                "login.wrong_password", .accessDenied, "The old password you provided is incorrect, your password was not changed.")
        }
        try setPassword(user.records, .text(new))
    }
}

/// A key that stands in for a password where a program signs in.
public struct APIKey: Model {
    public static let name = "res.users.apikeys"
    public static let title = "API key"
    public static let order = "id desc"

    public let displayedName = Char("name", "Description", .required)
    public let user = Many2one<User>("user_id", onDelete: .cascade, "Owner", .required, .indexed)
    public let scope = Char("scope", "Scope")
    public let expires = Datetime("expiration_date", "Expires on")
    /// The first eight characters, by which a key is found.
    public let index = Char("index", .indexed, .groups("base.group_nobody"), .secret)
    public let digest = Char("key", .groups("base.group_nobody"), .secret)
    public let lastUsed = Datetime(
        "last_used", "Last used", .computedTogether { try AccountUse.latest($0, by: "key_id") },
        .search { try AccountUse.find($0, by: "key_id", $1, $2) })

    public static let methods = [
        Method<APIKey>(
            "generate", ["name", "expiration_date", "scope"],
            onModel: { env, arguments in
                // A key outlives the session: a passer-by must not take one along.
                try FreshProof.require(in: env)
                let name = arguments["name"]?.textValue ?? ""
                return .text(
                    try APIKeys.make(for: env.user.id, name: name, expires: arguments["expiration_date"], scope: arguments["scope"], env))
            }),
        Method<APIKey>(
            "remove",
            onRecords: { keys, _ in
                try keys.unlink()
                return .bool(true)
            }),
    ]

    public init() {}
}

/// Users who may do the same things.
public struct Group: Model {
    public static let name = "res.groups"
    public static let title = "Group"
    public static let order = "name"

    public let displayedName = Char("name", "Name", .required)
    public let comment = Text("comment", "What members may do")
    public let implied = Many2many<Group>("implied_ids", table: "res_groups_implied_rel", own: "gid", other: "hid", "Implies")
    public let users = Many2many<User>("user_ids", table: "res_groups_users_rel", own: "gid", other: "uid", "Users")
    public let keyDays = Float("api_key_duration", "API key duration in days", .aggregator(nil))
    public let requiresSecondFactor = Flag("totp_required", "Members sign in with a second factor")

    public static let lifecycle = Lifecycle<Group>(
        beforeCreate: { values, env in try User.askWhoItIs(values, env) },
        beforeWrite: { groups, values in try User.askWhoItIs(values, groups.env) })

    public static let methods = [
        Method<Group>("effective_access", readsOnly: true, onRecords: { groups, _ in try EffectiveAccess.of(group: groups.records) })
    ]

    public init() {}
}
