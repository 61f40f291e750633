import Base
import DecisionTables
import Exceptions
import Governance
import Foundation
import HL7v2
import Kernel
import MLLPDoor
import Messaging
import Referrals
import ServiceLevels
import Store
import StoreSQLite

/// A database in a folder of its own with the door open, which both go when the test ends.
final class Fixture {
    let folder: String
    let database: Database
    let clock = ManualClock(Instant(Day(2026, 11, 20), secondOfDay: 9 * 3_600))
    let notes = Locked<[String]>([])
    private(set) var door: MLLPDoor

    init(_ change: (inout MLLPConfiguration) -> Void = { _ in }, options: SQLiteOptions = SQLiteOptions(), starts: Bool = true) throws {
        folder = NSTemporaryDirectory() + "baton-mllp-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var options = options
        // Nothing here is about the loss of power, which has a suite of its own.
        options.synchronous = "OFF"
        let driver = try SQLiteDriver(path: folder + "/baton.db", options: options)
        let apps = [
            BaseApp.app, MessagingApp.app, ExceptionsApp.app, GovernanceApp.app, DecisionTablesApp.app, ServiceLevelsApp.app,
            ReferralsApp.app,
        ]
        database = try Database(driver: driver, apps: apps, clock: clock)
        try database.migrate()
        try database.seed()
        door = MLLPDoor(database: database)
        try makeDoor(change, starts: starts)
    }

    /// Opens a new door over the same database, as a new process would.
    func makeDoor(_ change: (inout MLLPConfiguration) -> Void = { _ in }, starts: Bool = true) throws {
        var configuration = MLLPConfiguration(port: 0)
        configuration.stallSeconds = 2
        change(&configuration)
        let notes = notes
        door = MLLPDoor(database: database, configuration: configuration) { message, _ in notes.withLock { $0.append(message) } }
        if starts { try door.start() }
    }

    /// Closes the door and the database, and removes the folder.
    func end() async {
        await door.stop(graceSeconds: 1)
        database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func read<Answer: Sendable>(_ body: @escaping @Sendable (Environment) throws -> Answer) throws -> Answer {
        try database.readBlocking(superuser: true, body)
    }

    func write<Answer: Sendable>(_ body: @escaping @Sendable (Environment) throws -> Answer) throws -> Answer {
        try database.writeBlocking(superuser: true, body)
    }

    /// How many records a model has, archived ones included.
    func count<M: Model>(_ type: M.Type, _ domain: Domain = .all) throws -> Int { try read { try $0.count(type, domain) } }

    /// What the one referral says, by field.
    func facts() throws -> [String: String] {
        try read { env in
            guard let referral = try env.search(Referral.self).first else { return [:] }
            return [
                "urgency": referral.urgency?.rawValue ?? "", "specialty": referral.specialty?.code ?? "", "service": referral.requested,
                "reason_text": referral.reasonText, "diagnoses": referral.diagnosisCodes, "procedures": referral.procedureCodes,
                "referrer": referral.referrer?.displayedName ?? "", "practice": referral.practice?.displayedName ?? "",
                "coverage": referral.coverage?.memberNumber ?? "",
            ]
        }
    }

    /// Waits until something is so, at most five seconds.
    func eventually(_ test: () throws -> Bool) async throws -> Bool {
        for _ in 0..<500 {
            if try test() { return true }
            try await Task.sleep(nanoseconds: 10_000_000)
        }
        return false
    }
}

/// Opens a door, runs a test, and cleans up.
func withDoor(
    _ change: (inout MLLPConfiguration) -> Void = { _ in }, options: SQLiteOptions = SQLiteOptions(),
    _ body: (Fixture, Client) async throws -> Void
) async throws {
    let fixture = try Fixture(change, options: options)
    do {
        let client = try Client(port: fixture.door.port)
        try await body(fixture, client)
        client.close()
    } catch {
        await fixture.end()
        throw error
    }
    await fixture.end()
}
