import Automation
import Base
import Governance
import JSON
import Kernel

/// Governance at work in the demo: a schedule that runs, a rule that somebody drafted, and a version of a decision table in review.
enum DemoAutomation {
    static func fill(_ env: Environment) throws {
        try schedule(env)
        guard let user = try BaseDirectory().user(2, in: env) else { return }
        // What the machine writes is released at once; this is what a person wrote and nobody has released yet.
        let author = env.with(user: user).asSuperuser("the demo's drafts are written in the administrator's name")
        if env.registry.model("care.referral") != nil { try rule(author) }
        try table(author)
    }

    private static func schedule(_ env: Environment) throws {
        guard let model = try env.search(ModelRecord.self, .where("model", .equal, "mail.activity"), limit: 1).first?.id else { return }
        let code = """
            const late = env("mail.activity").search([["date_deadline", "<", "today"]]).length;
            log(late + " activities are late.");
            """
        try Reference.ensure(
            "automation_schedules.demo_late_activities", Cron.self,
            [
                "name": "Each working morning: count late activities", "model_id": .int(model), "state": "code", "code": .text(code),
                "interval_number": 1, "interval_type": "days", "cron_expression": "0 6 * * MON-FRI", "tz": "America/Chicago",
            ], env)
    }

    private static func rule(_ env: Environment) throws {
        guard let model = try env.search(ModelRecord.self, .where("model", .equal, "care.referral"), limit: 1).first?.id else { return }
        let action: ValueMap = [
            "model_id": .int(model), "state": "next_activity", "activity_summary": "Call the referring practice",
            "activity_date_deadline_range": 1, "activity_user_id": .int(env.user.id),
        ]
        try Reference.ensure(
            "automation_schedules.demo_stat_referrals", AutomationRule.self,
            [
                "name": "Stat referrals: call the practice", "model_id": .int(model), "trigger": "on_create_or_write",
                "filter_domain": "[('urgency', '=', 'stat')]", "action_server_ids": .list([[0, 0, .map(action)]]),
            ], env)
    }

    /// A version of the table that says how soon something is done, in which triage of what is not urgent is due a day earlier.
    private static func table(_ env: Environment) throws {
        let own = Domain.where("kind", .equal, "decision") & .where("key", .equal, "referrals.timers")
        guard let definition = try env.search(Definition.self, own, limit: 1).first,
            let present = try Definitions.inForce("decision", "referrals.timers", in: env), var content = present.content.objectValue
        else { return }
        let triage: JSON = ["note": "triage by tomorrow", "when": ["work": "\"referral.triage\""], "then": ["days": 1]]
        var rules = content["rules"]?.arrayValue ?? []
        rules.insert(triage, at: max(rules.count - 2, 0))
        content["rules"] = .array(rules)
        content["tests"] = .array((content["tests"]?.arrayValue ?? []).filter { $0["name"] != "routine triage" })
        let version = try env.create(
            DefinitionVersion.self,
            [
                "definition_id": .int(definition.id), "content": .json(.object(content)),
                "note": "Triage within a day. Simulate it before you release it.",
            ])
        _ = try version.asSet.call("action_submit")
    }
}
