import Base
import Engine
import Exceptions
import Foundation
import Governance
import Kernel
import Messaging
import Schedules
import Store
import StoreSQLite

// A process with a runner of schedules: `prepare <file> <count>`, `run <file> <seconds>`, `report <file> <count>`. Each run makes a record
// and counts in the database's own counters.
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 3, let number = Int(arguments[2]) else { exit(64) }
let own = "process:\(ProcessInfo.processInfo.processIdentifier)"

let probe = App("probe", "Probe", needs: ["schedules"]) { app in
    for index in 0..<(arguments[0] == "run" ? 1_000 : number) {
        app.offer(
            BuiltInSchedule("probe.schedule_\(index)", "Probe \(index)", every: 1, .months) { turn in
                _ = try turn.env.unit.transaction.nextNumber("run:\(index)", step: 1)
                _ = try turn.env.unit.transaction.nextNumber(own, step: 1)
                try turn.env.create(Partner.self, ["name": .text("made:\(index)"), "ref": .text(own)])
                say("ran")
                usleep(2_000)
            })
    }
}
let apps = [BaseApp.app, MessagingApp.app, ExceptionsApp.app, GovernanceApp.app, SchedulesApp.app, probe]
let database = try Database(driver: try SQLiteDriver(path: arguments[1]), apps: apps)

@Sendable func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

switch arguments[0] {
case "prepare":
    try database.migrate()
    try database.seed()
    try database.writeBlocking(superuser: true) { try CronKeeper.mend($0) }
case "run":
    var options = JobOptions(queues: [JobOptions.Queue(Dispatch.queue, concurrency: 2)])
    options.owner = own
    options.leaseSeconds = 2
    options.pollSeconds = 0.05
    let runner = JobRunner(database: database, handlers: [CronRunner(database).handler], options: options)
    runner.start()
    // Until nothing is due any more, or the time is over.
    for _ in 0..<number * 5 {
        try await Task.sleep(for: .milliseconds(200))
        let isDone = try await database.read(as: .system, superuser: true) { env in
            try env.search(Cron.self, .where("nextcall", .lessOrEqual, .instant(env.now)), limit: 1).isEmpty
        }
        if isDone { break }
    }
    await runner.stop(graceSeconds: 5)
default:
    try database.inspectBlocking { connection in
        let cells = try connection.query("SELECT name, value FROM baton_counter ORDER BY name", [], [.text, .integer])
        for start in stride(from: 0, to: cells.count, by: 2) { say("\(cells[start].textValue ?? "") \(cells[start + 1].intValue ?? 0)") }
    }
    for name in try database.readBlocking(
        superuser: true,
        { env in
            try env.search(Partner.self, .where("name", .exactLike, "made:%"), order: "id").map(\.displayedName)
        })
    { say(name) }
    let trail = try database.inspectBlocking {
        AuditVerifier($0, database.dialect, directory: (arguments[1] as NSString).deletingLastPathComponent).verify()
    }
    say("trail:\(trail.isGood ? "whole" : "damaged")")
}
database.close()
