import Kernel
import Views

/// What people arrange for themselves in the client: views that they saved.
public enum WorkspaceApp {
    /// The app.
    public static let app = App("workspace", "Workspace", needs: ["base"]) { app in
        app.add(SavedView.self)
        for views in SettingsViews.all { app.offer(views) }
        app.offer(Screen("audit", "Audit trail", icon: "audit", section: .insight, sequence: 40, groups: ["base.group_system"]))
        app.allow("base.group_user", "rwcd", on: SavedView.name)
        app.rule(
            "one's own views and shared ones", on: SavedView.name, "['|', ('user_id', '=', uid), ('shared', '=', True)]", operations: "r")
        app.rule("one's own views to change", on: SavedView.name, "[('user_id', '=', uid)]", operations: "wcd")
    }
}
