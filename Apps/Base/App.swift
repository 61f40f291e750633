import Kernel

/// Users, groups, rights, companies, contacts, files, numbers and what describes the models: the ground that every app stands on.
public enum BaseApp {
    /// The app.
    public static let app = App("base", "Base") { app in
        for add in models { add(&app) }
        groups(&app)
        rights(&app)
        rules(&app)
        app.remembers(ExternalId.name, Parameter.name, Currency.name)
        app.provide(BaseDirectory())
        app.guardActions(ProofGuard())
        app.offer(SealedField(SecondFactor.name, "totp_secret"))
    }

    private static let models: [@Sendable (inout App) -> Void] = [
        { $0.add(Partner.self) }, { $0.add(PartnerTag.self) }, { $0.add(Country.self) }, { $0.add(CountryState.self) },
        { $0.add(Currency.self) },
        { $0.add(Company.self) }, { $0.add(User.self) }, { $0.add(APIKey.self) }, { $0.add(AccountUse.self) }, { $0.add(Session.self) },
        { $0.add(Invitation.self) }, { $0.add(SecondFactor.self) }, { $0.add(RecoveryCode.self) },
        { $0.add(Group.self) },
        { $0.add(ModelRecord.self) },
        { $0.add(FieldRecord.self) }, { $0.add(FieldChoice.self) }, { $0.add(ModelAccess.self) }, { $0.add(RecordRule.self) },
        { $0.add(ExternalId.self) }, { $0.add(Parameter.self) }, { $0.add(Attachment.self) }, { $0.add(Sequence.self) },
        { $0.add(UserDefault.self) },
    ]

    private static func groups(_ app: inout App) {
        app.group("base.group_user", "Internal user")
        app.group("base.group_portal", "Portal")
        app.group("base.group_public", "Public")
        app.group("base.group_partner_manager", "Contacts: edit", implies: ["base.group_user"])
        app.group("base.group_allow_export", "Export", implies: ["base.group_user"])
        app.group("base.group_erp_manager", "Access rights", implies: ["base.group_user", "base.group_partner_manager"])
        app.group("base.group_system", "Settings", implies: ["base.group_erp_manager", "base.group_allow_export"])
        // Nobody is ever in this one: it masks what no door may show.
        app.group("base.group_nobody", "Nobody")
    }

    private static func rights(_ app: inout App) {
        let user = "base.group_user"
        app.allow(
            user, "r", on: "res.partner", "res.partner.category", "res.country", "res.country.state", "res.currency", "res.company",
            "res.users", "res.groups")
        app.allow(user, "r", on: "ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.data", "ir.sequence")
        app.allow(user, "rwcd", on: "ir.attachment", "ir.default")
        // Keys are made by `generate` alone and never change hands: whoever could write one could become another user.
        app.allow(user, "rd", on: "res.users.apikeys")
        app.allow("base.group_portal", "r", on: "res.country", "res.country.state", "res.currency", "res.partner")
        app.allow("base.group_public", "r", on: "res.country", "res.country.state", "res.currency")
        app.allow("base.group_partner_manager", "rwcd", on: "res.partner", "res.partner.category")
        app.allow("base.group_erp_manager", "rwcd", on: "res.users", "res.groups", "ir.model.access", "ir.rule", "res.company")
        let system = "base.group_system"
        app.allow(
            system, "rwcd", on: "ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.data", "ir.config_parameter",
            "ir.sequence")
        app.allow(system, "rwcd", on: "res.currency", "res.country", "res.country.state")
    }

    private static func rules(_ app: inout App) {
        app.rule("contacts of one's companies", on: "res.partner", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.rule("one's own contact", on: "res.partner", "[('id', '=', user.partner_id.id)]", groups: ["base.group_portal"])
        app.rule("contacts for people inside", on: "res.partner", "[(1, '=', 1)]", groups: ["base.group_user"])
        app.rule("companies of one's own", on: "res.company", "[('id', 'in', company_ids)]", groups: ["base.group_user"])
        app.rule("all companies for administrators", on: "res.company", "[(1, '=', 1)]", groups: ["base.group_erp_manager"])
        app.rule("users of one's companies", on: "res.users", "[('company_ids', 'in', company_ids)]")
        app.rule("one's own API keys", on: "res.users.apikeys", "[('user_id', '=', uid)]", groups: ["base.group_user"])
        app.rule("all API keys", on: "res.users.apikeys", "[(1, '=', 1)]", groups: ["base.group_system"], operations: "rd")
        app.rule("one's own defaults", on: "ir.default", "[('user_id', '=', uid)]", groups: ["base.group_user"], operations: "wcd")
        app.rule("all defaults", on: "ir.default", "[(1, '=', 1)]", groups: ["base.group_system"])
        app.rule("numbers of one's companies", on: "ir.sequence", "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
    }
}
