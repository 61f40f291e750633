import Base
import Governance
import Kernel
import Messaging

/// Automation rules, server actions and mail templates: what happens by itself when records change, time passes or something comes in.
public enum AutomationApp {
    /// The app.
    public static let app = App(
        "base_automation", "Automation rules", needs: ["base", "mail", "exceptions", "governance", "service_levels"]
    ) { app in
        app.add(AutomationRule.self)
        app.add(ServerAction.self)
        app.add(ActionHistory.self)
        app.add(MailTemplate.self)
        app.add(SMSTemplate.self)
        app.add(SMS.self)
        app.add(LogLine.self)
        for governed in Governed.all { app.govern(governed) }
        app.observe(RuleObserver())
        app.remembers(RuleBook.rules)
        for views in AutomationViews.all { app.offer(views) }
        app.offer(RuleFailure.again)
        app.offer(SMSText.again)
        // What rules and actions say may hold addresses and keys: only administrators read them.
        app.allow(
            "base.group_system", "rwcd", on: "base.automation", "ir.actions.server", "ir.actions.server.history", "mail.template",
            "ir.logging", "sms.template", "sms.sms")
    }
}
