import Base
import Governance
import Kernel

/// Decision tables that other apps ask and that people write: versions are governed, the ones in force are listed and can be asked.
public enum DecisionTablesApp {
    /// The app.
    public static let app = App("decisions", "Decision tables", needs: ["base", "governance"]) { app in
        app.add(TableRecord.self)
        app.group("decisions.group_author", "Decision tables: write and submit", implies: ["governance.group_author"])
        app.allow("base.group_user", "r", on: TableRecord.name)
        app.rule(
            "\(TableRecord.name) of one's companies", on: TableRecord.name,
            "['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]")
        app.offer(TableViews.tables)
        app.offer(DecisionKind())
    }
}
