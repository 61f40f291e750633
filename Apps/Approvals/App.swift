import Base
import Governance
import Kernel
import Messaging

/// Who has to agree to what, and what nobody may do alone.
public enum ApprovalsApp {
    /// The app.
    public static let app = App("approvals", "Approvals", needs: ["base", "mail", "exceptions", "governance", "decisions"]) { app in
        for add in models { add(&app) }
        app.extend(ManagerOfUser.self)
        app.remembers(Request.name)
        app.extend(GrantsOfGroup.self)
        app.extend(EvidenceOfAttachment.self)
        for governed in Governed.all { app.govern(governed) }
        app.offer(ApprovalViews.screen)
        app.offer(ApprovalViews.requests)
        app.offer(DelegatesAsStandIns())
        app.offer(ApproverDemands())
        app.offer(ToxicRoles())
        app.offer(Restarting.retry)
        app.atStart("governed approvals") { env in for governed in Governed.all { try GovernedRows.adopt(governed, in: env) } }
        app.guardActions(ApprovalGuard())
        app.observe(ChangeObserver())
        app.observe(LineObserver())
        app.observe(EvidenceObserver())
        app.observe(BookObserver())
        rights(&app)
        rules(&app)
        app.seed("activity type") { env in
            try Reference.ensure(
                Notices.activityType, ActivityType.self,
                ["name": "Grant Approval", "res_model": .text(Request.name), "sequence": 20], env)
        }
        app.seed("toxic pairs") { try ShippedPairs.fill($0) }
        app.demo("approvals") { try DemoApprovals.fill($0) }
    }

    private static let models: [@Sendable (inout App) -> Void] = [
        { $0.add(Category.self) }, { $0.add(CategoryApprover.self) }, { $0.add(Request.self) }, { $0.add(RequestLine.self) },
        { $0.add(Approver.self) }, { $0.add(Decision.self) }, { $0.add(Policy.self) }, { $0.add(PolicyStep.self) },
        { $0.add(Delegation.self) }, { $0.add(SodRule.self) }, { $0.add(SodWaiver.self) }, { $0.add(SodUse.self) }, { $0.add(Doer.self) },
    ]

    private static func rights(_ app: inout App) {
        app.group("approvals.group_manager", "Approvals: administrator", implies: ["base.group_user"])
        app.group("approvals.group_sod", "Segregation of duties: pairs and waivers", implies: ["base.group_user"])
        app.group("approvals.group_auditor", "Approvals: read everything", implies: ["base.group_user"])
        let user = "base.group_user"
        app.allow(user, "r", on: "approval.category", "approval.category.approver", "approval.approver", "approval.decision")
        app.allow(user, "rwcd", on: "approval.request", "approval.product.line")
        app.allow(user, "rwc", on: "approval.delegation")
        let manager = "approvals.group_manager"
        app.allow(
            manager, "rwcd", on: "approval.category", "approval.category.approver", "approval.policy", "approval.policy.step")
        app.allow("approvals.group_sod", "rwcd", on: "sod.rule")
        app.allow("approvals.group_sod", "rwc", on: "sod.waiver")
        app.allow("approvals.group_sod", "r", on: "sod.use", "approval.doer")
        app.allow(
            "approvals.group_auditor", "r", on: "approval.policy", "approval.policy.step", "sod.rule", "sod.waiver", "sod.use",
            "approval.doer")
    }

    private static func rules(_ app: inout App) {
        let sites = "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]"
        for model in ["approval.category", "approval.policy", "approval.request"] { app.rule("\(model) of one's sites", on: model, sites) }
        app.rule(
            "requests of one's own or to decide", on: "approval.request", "[('reader_ids', 'in', [uid])]", groups: ["base.group_user"])
        for group in ["approvals.group_manager", "approvals.group_auditor"] {
            app.rule("all requests for \(group)", on: "approval.request", "[(1, '=', 1)]", groups: [group], operations: "r")
        }
        app.rule(
            "delegations of one's own or to oneself", on: "approval.delegation", "['|', ('user_id', '=', uid), ('delegate_id', '=', uid)]",
            groups: ["base.group_user"], operations: "r")
        app.rule(
            "delegations of one's own to change", on: "approval.delegation", "[('user_id', '=', uid)]", groups: ["base.group_user"],
            operations: "wcd")
        app.rule(
            "all delegations", on: "approval.delegation", "[(1, '=', 1)]", groups: ["approvals.group_manager"])
        app.rule(
            "delegations to audit", on: "approval.delegation", "[(1, '=', 1)]", groups: ["approvals.group_auditor"], operations: "r")
    }
}

/// The toxic pairs of a hospital group whose models are there; others are declared when their apps come.
enum ShippedPairs {
    static func fill(_ env: Environment) throws {
        try Reference.ensure(
            "approvals.sod_admin_approve", SodRule.self,
            [
                "name": "User administration and approving", "group_a_id": .int(try Reference.require("base.group_erp_manager", env)),
                "model_b": .text(Request.name), "action_b": "action_approve",
                "reason": "Whoever hands out rights could make any approver of themselves.",
            ], env)
        try Reference.ensure(
            "approvals.sod_referral_network", SodRule.self,
            [
                "name": "Coordinating a referral and approving it out of network", "model_a": "care.referral", "action_a": "field:user_id",
                "model_b": "care.referral", "action_b": "action_approve_network",
                "reason": "Whoever coordinated a referral, even if they handed it on, does not approve what it costs.",
            ], env)
        try Reference.ensure(
            "approvals.sod_author_releaser", SodRule.self,
            [
                "name": "Writing and releasing a definition", "model_a": "governance.version", "action_a": "action_submit",
                "model_b": "governance.version", "action_b": "action_release",
                "reason": "Nobody releases what they wrote.",
            ], env)
    }
}
