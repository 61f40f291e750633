import Base
import Kernel
import Messaging

/// Whatever changes behaviour, as definitions: versioned, tested, released by a second person, rolled back in one step.
public enum GovernanceApp {
    /// The app.
    public static let app = App("governance", "Governance", needs: ["base", "mail", "exceptions"]) { app in
        app.add(Definition.self)
        app.add(DefinitionVersion.self)
        app.add(SimulationRun.self)
        app.extend(RoleOfGroup.self)
        app.remembers(Definition.name, DefinitionVersion.name, Group.name, User.name)
        app.group("governance.group_author", "Definitions: write and submit", implies: ["base.group_user"])
        app.group("governance.group_releaser", "Definitions: release", implies: ["base.group_user"])
        app.group("governance.group_auditor", "Definitions: read", implies: ["base.group_user"])
        let models = [Definition.name, DefinitionVersion.name]
        for model in models {
            app.allow("governance.group_author", "rwcd", on: model)
            app.allow("governance.group_releaser", "rw", on: model)
            app.allow("governance.group_auditor", "r", on: model)
            app.rule(
                "\(model) of one's companies", on: model, "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        }
        for group in ["author", "releaser", "auditor"] { app.allow("governance.group_" + group, "r", on: SimulationRun.name) }
        app.rule("one's own simulations", on: SimulationRun.name, "[('user_id', '=', uid)]")
        app.observe(DirectChangesObserver())
        app.observe(RoleRightsObserver())
        app.observe(RoleMembersObserver())
        for views in GovernanceViews.all { app.offer(views) }
        app.offer(RoleKind())
        app.offer(RoleRights())
        app.demo("definitions") { try GovernanceDemo.fill($0) }
        app.atStart("definitions") { try Definitions.synchronise($0) }
        app.atStart("roles") { env in
            try RoleAlarm.adopt(env)
            try RoleAlarm.verify(env)
        }
    }
}
