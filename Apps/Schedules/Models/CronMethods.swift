import Base
import Kernel

/// What programs call: Odoo's `method_direct_trigger`, `toggle` and `trigger`, the progress of a run, and the next times.
enum CronMethods {
    static let all = [
        Method<Cron>(
            "method_direct_trigger",
            onRecords: { crons, _ in
                try crons.env.checkAccess(.write, crons.records.model, crons.ids)
                for cron in crons { try Dispatch.runNow(cron) }
                return .bool(true)
            }),
        Method<Cron>(
            "trigger", ["at"],
            onRecords: { crons, arguments in
                try crons.env.checkAccess(.write, crons.records.model, crons.ids)
                for cron in crons { try Dispatch.trigger(cron, at: try moments(arguments["at"] ?? .null, crons.env)) }
                return .bool(true)
            }),
        Method<Cron>(
            "toggle", ["model", "domain"],
            onRecords: { crons, arguments in
                try crons.env.checkAccess(.write, crons.records.model, crons.ids)
                let model = try crons.env.registry.requireModel(arguments["model"]?.textValue ?? "")
                let isNeeded = try crons.env.searchCount(model, try Domain.parse(arguments["domain"] ?? .list([])), limit: 1) > 0
                try crons.write(["active": .bool(isNeeded)])
                return .bool(isNeeded)
            }),
        Method<Cron>(
            "commit_progress", ["processed", "remaining", "deactivate"],
            onModel: { env, arguments in
                guard let turn = CronTurn.current(env) else { throw CronTurn.notRunning }
                return .double(
                    try turn.progress(
                        done: arguments["processed"]?.intValue ?? 0, remaining: arguments["remaining"]?.intValue,
                        deactivate: Bool(fieldValue: arguments["deactivate"] ?? .null)))
            }),
        Method<Cron>(
            "upcoming", ["count"], readsOnly: true,
            onRecords: { crons, arguments in
                try crons.env.checkAccess(.read, crons.records.model, crons.ids)
                guard let cron = crons.first else { return .list([]) }
                let count = min(max(arguments["count"]?.intValue ?? 5, 1), 100)
                let times = try Schedule.inForce(cron.id, crons.env).map { try Timetable($0.timing, crons.env) } ?? Timetable(cron)
                return .list(times.upcoming(count, from: cron.next ?? crons.env.now).map { .instant($0) })
            }),
    ]

    /// A moment, several, or now.
    private static func moments(_ value: Value, _ env: Environment) throws -> [Instant] {
        let items = value.isFalsy ? [.instant(env.now)] : value.listValue ?? [value]
        return try items.map { item in
            if let moment = Instant.present(item) ?? item.textValue.flatMap({ Instant($0) }) { return moment }
            throw Refusal("rpc.bad_argument", .invalid, "'at' must be moments in UTC.", instruction: "Write 2026-03-31 14:00:00.")
        }
    }
}
