import Automation
import Base
import CRM
import Foundation
import JSON
import Kernel
import Operations
import Store

/// `baton bench rules`: what automation rules cost a write, without doors and commits: the same writes with and without a rule;
/// and how many requests a second go through a chain of approvals, with commits.
enum BenchRulesCommand {
    static let command = Command(
        path: ["bench", "rules"], summary: "Measures what automation rules cost a write.",
        details: "Makes a database of its own; prints one JSON object. For Benchmarks/run.",
        options: [
            CommandOption("data", "DIR", "a folder for the database of the measurement"),
            CommandOption("rounds", "N", "how often each measurement is made; default 7"),
        ],
        isHidden: true
    ) { try run($0) }

    /// Writes of one measurement.
    private static let writes = 2_000

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let rounds = try arguments.number("rounds", in: 1...100) ?? 7
        let folder = DataFolder(try arguments.required("data"))
        try folder.create()
        try folder.lock()
        let database = try folder.open()
        defer { database.close() }
        _ = try database.migrate()
        try database.seed()
        let lead = try database.writeBlocking(superuser: true) { env in try env.create(Lead.self, ["name": "Bench"]).id }
        // Best of several: neighbours on the machine make it worse, nothing makes it better.
        func best() throws -> Double { try (0..<rounds).map { _ in try microseconds(database, lead) }.min() ?? 0 }
        let bare = try best()
        let rule = try makeRule(database, "[('name', '=', 'Never'), ('type', '=', 'lead')]")
        let missed = try best()
        try database.writeBlocking(superuser: true) { env in
            env.record(AutomationRule.self, rule).domain = "[('name', '=', 'Bench')]"
        }
        let met = try best()
        let approvals = try approvalsPerSecond(database)
        let report: JSON = [
            "write_us": .double(bare), "miss_us_per_write": .double(max(0, missed - bare)), "run_us": .double(max(0, met - bare)),
            "runs_per_s": .double(1_000_000 / max(0.001, met - bare)), "approvals_per_s": .double(approvals),
        ]
        Output.line(report.text())
        return ExitCode.done
    }

    private static func makeRule(_ database: Database, _ domain: String) throws -> Int {
        try database.writeBlocking(superuser: true) { env in
            let model = try env.search(ModelRecord.self, .where("model", .equal, "crm.lead"), limit: 1).first?.id ?? 0
            let action: ValueMap = ["model_id": .int(model), "state": "object_write", "update_path": "color", "value": "1"]
            return try env.create(
                AutomationRule.self,
                [
                    "name": "Bench", "model_id": .int(model), "trigger": "on_write", "filter_domain": .text(domain),
                    "action_server_ids": .list([[0, 0, .map(action)]]),
                ]
            ).id
        }
    }

    /// Requests that are approved in one measurement.
    private static let requests = 100

    /// Requests a second that go through a chain of two: asked for by one person and agreed to by two others, each in a unit of work of
    /// its own that is committed; the second agreement runs the action.
    private static func approvalsPerSecond(_ database: Database) throws -> Double {
        let names = ["asks", "agrees", "agrees too"]
        let (users, leads) = try database.writeBlocking(superuser: true) { env in
            let groups = try ["base.group_user", "crm.group_manager"].compactMap { try Reference.find($0, env) }
            let ids = try names.map { name in
                try env.create(
                    User.self, ["name": .text(name), "login": .text("bench " + name), "group_ids": .list([[6, 0, .ids(groups)]])]
                ).id
            }
            let steps = ids.dropFirst().enumerated().map { place, id in
                Value.list([
                    0, 0,
                    [
                        "name": .text(names[place + 1]), "kind": "users", "user_ids": .list([[6, 0, .ids([id])]]), "quorum": 1,
                        "sequence": .int(place),
                    ],
                ])
            }
            _ = try env.create(
                env.registry.requireModel("approval.policy"),
                [
                    [
                        "name": "Bench", "model": "crm.lead", "action": "action_set_won", "relevant_fields": "name",
                        "step_ids": .list(Array(steps)),
                    ]
                ])
            let leads = try (0..<requests).map { try env.create(Lead.self, ["name": .text("Bench \($0)"), "user_id": .int(ids[0])]).id }
            return (try ids.compactMap { try BaseDirectory().user($0, in: env) }, leads)
        }
        guard users.count == names.count else { throw UsageMistake("The users of the measurement could not be made.") }
        let start = ContinuousClock.now
        for lead in leads {
            let request = try database.writeBlocking(as: users[0]) { env in
                try env.records(Lead.self, [lead]).call("action_set_won").mapValue?["res_id"]?.intValue ?? 0
            }
            for user in users.dropFirst() {
                _ = try database.writeBlocking(as: user) { env in try env.records("approval.request", [request]).call("action_approve") }
            }
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        let won = try database.writeBlocking(superuser: true) { env in
            try env.count(Lead.self, .where("id", .in, .ids(leads)) & .where("stage_id.is_won", .equal, true))
        }
        guard won == requests else { throw UsageMistake("\(won) of \(requests) approved leads were won: the measurement is void.") }
        return Double(requests) / seconds
    }

    /// Microseconds of one write in a unit of work of many.
    private static func microseconds(_ database: Database, _ lead: Int) throws -> Double {
        try database.writeBlocking(superuser: true) { env in
            let record = env.record(Lead.self, lead)
            let start = ContinuousClock.now
            for number in 0..<writes { try record.write(["phone": .text(String(number))]) }
            return start.duration(to: .now) / .microseconds(writes)
        }
    }
}
