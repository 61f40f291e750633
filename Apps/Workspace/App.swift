import Kernel
import Views

/// What people arrange for themselves in the client: views that they saved, and lists and forms as they want them.
public enum WorkspaceApp {
    /// The app.
    public static let app = App("workspace", "Workspace", needs: ["base"]) { app in
        app.add(SavedView.self)
        app.add(ViewTeam.self)
        app.add(ViewLayerRecord.self)
        app.add(ImportBatch.self)
        for views in SettingsViews.all { app.offer(views) }
        app.offer(Screen("audit", "Audit trail", icon: "audit", section: .insight, sequence: 40, groups: ["base.group_system"]))
        app.allow("base.group_user", "rwcd", on: SavedView.name)
        app.rule(
            "one's own views, those of one's teams and shared ones", on: SavedView.name,
            "['|', '|', '|', ('user_id', '=', uid), ('shared', '=', True), ('team_id.member_ids', '=', uid), ('team_id.lead_id', '=', uid)]",
            operations: "r")
        app.allow("base.group_user", "r", on: ViewTeam.name)
        app.allow("base.group_system", "rwcd", on: ViewTeam.name)
        app.allow("base.group_user", "rwcd", on: ViewLayerRecord.name)
        app.rule(
            "arrangements for oneself, one's teams and everybody", on: ViewLayerRecord.name,
            "['|', '|', '|', ('level', '=', 'tenant'), ('user_id', '=', uid), ('team_id.member_ids', '=', uid), ('team_id.lead_id', '=', uid)]",
            operations: "r")
        app.rule(
            "one's own arrangements, those of teams that one leads, and everybody's", on: ViewLayerRecord.name,
            "['|', '|', ('level', '=', 'tenant'), ('user_id', '=', uid), ('team_id.lead_id', '=', uid)]", operations: "wcd")
        // Imports are noted by the machine and taken back by whoever made them.
        app.allow("base.group_user", "r", on: ImportBatch.name)
        app.rule("one's own imports", on: ImportBatch.name, "[('user_id', '=', uid)]")
        app.rule("one's own views to change", on: SavedView.name, "[('user_id', '=', uid)]", operations: "wcd")
    }
}
