import Automation
import Approvals
import Base
import CRM
import Crypto
import DecisionTables
import Exceptions
import Foundation
import Governance
import Inbox
import Kernel
import Mailroom
import Messaging
import Referrals
import Schedules
import ServiceLevels
import Store
import StoreSQLite
import Suggestions
import Webhooks
import Workspace

/// A whole database for a test: all apps, a real SQLite file in a folder of its own, and a clock that stands still.
public final class World: Sendable {
    /// Every app of the program.
    public static let apps = [
        BaseApp.app, MessagingApp.app, ExceptionsApp.app, GovernanceApp.app, DecisionTablesApp.app, WebhooksApp.app, SchedulesApp.app,
        ServiceLevelsApp.app, AutomationApp.app, AutomationSchedulesApp.app, CRMApp.app, ReferralsApp.app, SuggestionsApp.app,
        MailroomApp.app,
        ApprovalsApp.app, InboxApp.app, WorkspaceApp.app,
    ]

    /// The keys under which the secrets of all worlds are sealed.
    public static let keys = KeyRing()

    /// The database under test.
    public let database: Database
    /// The clock that it runs by.
    public let clock: ManualClock
    /// The folder of the database; it goes with the world.
    public let folder: URL

    /// A new world on a day, with seeds and, if asked for, the demo.
    public init(today: Day = Day(2026, 3, 2), apps: [App] = World.apps, demo: Bool = false) throws {
        let folder = World.freshFolder()
        let clock = ManualClock(Instant(today, secondOfDay: 9 * 3_600))
        self.folder = folder
        self.clock = clock
        let names = apps.map(\.name).joined(separator: " ") + " \(today) \(demo)"
        try Template.copy(names, to: folder) { target in
            let first = try World.open(target, apps, clock)
            try first.migrate()
            try first.seed(demo: demo)
            first.close()
        }
        database = try World.open(folder, apps, clock)
        PictureDesk.use(PagePictures(executable: WorkerPath.pages), for: database.appMemory)
        AutomationScripts.use(ScriptWorkers.engine, for: database.appMemory)
        try database.migrate()
    }

    private static func freshFolder() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("baton-world-\(UUID().uuidString)")
    }

    private static func open(_ folder: URL, _ apps: [App], _ clock: any WallClock) throws -> Database {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var options = SQLiteOptions()
        options.synchronous = "OFF"
        let driver = try SQLiteDriver(path: folder.appendingPathComponent("baton.sqlite").path, options: options)
        let database = try Database(driver: driver, apps: apps, clock: clock)
        Secrets.use(World.keys, for: database.appMemory)
        return database
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a unit of work of the machine, without access checks.
    @discardableResult
    public func act<Answer: Sendable>(_ body: @escaping @Sendable (Environment) throws -> Answer) throws -> Answer {
        try database.writeBlocking(superuser: true, body)
    }

    /// Runs a unit of work as a user, with access checked.
    @discardableResult
    public func act<Answer: Sendable>(
        as login: String, context: ValueMap = [:], _ body: @escaping @Sendable (Environment) throws -> Answer
    ) throws -> Answer {
        try database.writeBlocking(as: try user(login), context: context, body)
    }

    /// Reads as a user, on a snapshot, with access checked.
    public func read<Answer: Sendable>(
        as login: String, context: ValueMap = [:], _ body: @escaping @Sendable (Environment) throws -> Answer
    ) throws -> Answer {
        try database.readBlocking(as: try user(login), context: context, body)
    }

    /// A user by login.
    public func user(_ login: String) throws -> UserContext {
        let id = try database.readBlocking(superuser: true) { env in
            try env.with(context: ["active_test": false]).search(User.self, .where("login", .equal, .text(login)), limit: 1).first?.id ?? 0
        }
        return try database.user(id)
    }

    /// Makes a user with groups and, where given, companies.
    @discardableResult
    public func makeUser(_ login: String, groups: [String], companies: [Int] = [1]) throws -> Int {
        try act { env in
            let links = try groups.map { Value.list([4, .int(try Reference.require($0, env))]) }
            return try env.create(
                User.self,
                [
                    "login": .text(login), "name": .text(login), "group_ids": .list(links), "company_id": .int(companies[0]),
                    "company_ids": .list([[6, 0, .ids(companies)]]),
                ]
            ).id
        }
    }
}

/// Databases with their seeds, made once per process and copied for each test.
private enum Template {
    private static let known = Locked<[String: URL]>([:])

    /// Copies the template of a name into a folder, making the template first when there is none.
    static func copy(_ name: String, to folder: URL, make: (URL) throws -> Void) throws {
        let template = try known.withLock { templates -> URL in
            if let ready = templates[name] { return ready }
            let fresh = FileManager.default.temporaryDirectory.appendingPathComponent("baton-template-\(UUID().uuidString)")
            try make(fresh)
            settle(fresh)
            templates[name] = fresh
            atexit { Template.removeAll() }
            return fresh
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The writer's last checkpoint has emptied the log; its file goes when the last connection does, perhaps while this copies.
        for file in try FileManager.default.contentsOfDirectory(atPath: template.path)
        where !file.hasSuffix("-wal") && !file.hasSuffix("-shm") {
            try FileManager.default.copyItem(at: template.appendingPathComponent(file), to: folder.appendingPathComponent(file))
        }
    }

    /// Waits until the last connection has let go: its log goes then, and must not go while it is copied.
    private static func settle(_ folder: URL) {
        let log = folder.appendingPathComponent("baton.sqlite-wal").path
        for _ in 0..<500 where FileManager.default.fileExists(atPath: log) { usleep(10_000) }
    }

    private static func removeAll() {
        known.withLock { templates in
            for folder in templates.values { try? FileManager.default.removeItem(at: folder) }
            templates.removeAll()
        }
    }
}
