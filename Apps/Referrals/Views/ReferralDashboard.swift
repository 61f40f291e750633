import Kernel
import Views

/// The figures of referral coordination.
enum ReferralDashboard {
    static let screen = Screen("dashboard", "Dashboard", icon: "gauge", section: .insight, sequence: 10, model: Referral.name)

    static let dashboard = Dashboard(
        "referrals", "Referral coordination", model: Referral.name,
        tiles: [
            Dashboard.Tile("Open referrals", "[('stage', 'not in', ['completed', 'closed'])]", filter: "open"),
            Dashboard.Tile(
                "STAT and urgent, open", "[('urgency', 'in', ['stat', 'urgent']), ('stage', 'not in', ['completed', 'closed'])]",
                filter: "pressing"),
            Dashboard.Tile(
                "Promise broken", "[('sla_clock_ids.is_breached', '=', True), ('stage', 'not in', ['completed', 'closed'])]",
                filter: "broken", target: 0),
            Dashboard.Tile(
                "Without a coordinator", "[('user_id', '=', False), ('stage', 'not in', ['completed', 'closed'])]", filter: "unowned",
                target: 0),
            Dashboard.Tile(
                "Something missing", "[('missing_count', '>', 0), ('stage', 'not in', ['completed', 'closed'])]", filter: "incomplete"),
            Dashboard.Tile(
                "Completed in 30 days", "[('stage', '=', 'completed'), ('stage_since', '>=', 'today -30d')]", filter: "completed",
                isFewBetter: false),
        ],
        charts: [
            Dashboard.Chart(
                "Referrals by stage", rows: "stage", columns: "urgency", domain: "[('stage', 'not in', ['completed', 'closed'])]"),
            Dashboard.Chart("Open referrals by specialty", rows: "specialty_id", domain: "[('stage', 'not in', ['completed', 'closed'])]"),
            Dashboard.Chart(
                "Received by week", rows: "received_on:week", columns: "channel", domain: "[('received_on', '>=', 'today -26w')]"),
        ])
}
