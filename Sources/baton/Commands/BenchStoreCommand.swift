import Foundation
import JSON
import Kernel
import Operations
import Store

/// `baton bench store`: durable commits a second of the bare store, without models and access; the yardstick of `make bench`.
enum BenchStoreCommand {
    static let command = Command(
        path: ["bench", "store"], summary: "Measures durable commits a second of the bare store.",
        details: "Writes into a table of its own; prints one JSON object. For Benchmarks/run.",
        options: [
            CommandOption("data", "DIR", "a folder for the database of the measurement"),
            CommandOption("seconds", "N", "how long to measure; default 5"),
            CommandOption("concurrency", "N", "writers at a time; default 32"),
        ],
        isHidden: true
    ) { try run($0) }

    /// Rows that are there to be changed.
    private static let firstRows = 1_000
    /// Rows that a commit adds.
    private static let addedRows = 3

    private static func run(_ arguments: Arguments) throws -> Int32 {
        let seconds = try arguments.number("seconds", in: 1...600) ?? 5
        let writers = try arguments.number("concurrency", in: 1...1_000) ?? 32
        let folder = DataFolder(try arguments.required("data"))
        try folder.create()
        try folder.lock()
        let database = try folder.open()
        defer { database.close() }
        try database.systemBlocking {
            try $0.run("CREATE TABLE IF NOT EXISTS baton_bench (id INTEGER PRIMARY KEY, name TEXT, amount INTEGER)")
            try $0.run("INSERT INTO baton_bench (name, amount) VALUES ('A row', 0)", rows: Array(repeating: [], count: firstRows))
        }
        let finished = DispatchSemaphore(value: 0)
        let counts = Locked(0)
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        for _ in 0..<writers {
            Task.detached {
                let count = await write(to: database, until: end)
                counts.withLock { $0 += count }
                finished.signal()
            }
        }
        for _ in 0..<writers { finished.wait() }
        let took = start.duration(to: .now)
        let elapsed = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        let total = counts.withLock { $0 }
        let report: JSON = [
            "commits": JSON(total), "seconds": .double(elapsed), "concurrency": JSON(writers),
            "commits_per_s": .double(Double(total) / elapsed),
        ]
        Output.line(report.text())
        return ExitCode.done
    }

    /// One writer: a transaction after the other, each answered after it is on disk.
    private static func write(to database: Database, until end: ContinuousClock.Instant) async -> Int {
        let dialect = database.dialect
        let insert = "INSERT INTO baton_bench (name, amount) VALUES (" + dialect.placeholders(2) + ")"
        let update = "UPDATE baton_bench SET amount = " + dialect.placeholder(1) + " WHERE id = " + dialect.placeholder(2)
        let row: [Value] = [.text("A durable row of ordinary length, as a small record would be."), .int(4_200)]
        var count = 0
        while ContinuousClock.now < end {
            let changed: [Value] = [.int(count), .int(count % firstRows + 1)]
            let done: Void? = try? await database.system { connection in
                try connection.run(update, changed)
                try connection.run(insert, rows: Array(repeating: row, count: addedRows))
            }
            guard done != nil else { return count }
            count += 1
        }
        return count
    }
}
