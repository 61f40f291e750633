import Foundation
import Kernel
import Store
import TestKit
import Testing

@testable import StorePostgres

/// A small world for the driver's tests: accounts that many write to at once.
struct Account: Model {
    static let name = "test.account"
    static let title = "Account"
    static var unique: [Unique] { [Unique("code", message: "This code is taken.")] }

    let label = Char("name", "Name")
    let code = Char("code")
    let balance = Integer("balance")
    let parent = Many2one<Account>("parent_id")
}

/// Users, which every record points at; the first one is the machine.
struct TestUser: Model {
    static let name = "res.users"
    static let title = "User"
    let login = Char("name", "Login", .required)
}

/// What is remembered between units of work, as definitions are.
struct Setting: Model {
    static let name = "test.setting"
    static let title = "Setting"
    let label = Char("name", "Name")
}

let testApp = App("test", "Test") { app in
    app.add(TestUser.self)
    app.add(Account.self)
    app.add(Setting.self)
    app.remembers(Setting.name)
    app.seed("users") { env in _ = try env.create(TestUser.self, ["name": "system"]) }
    app.seed("accounts") { env in
        for number in 0..<20 { _ = try env.create(Account.self, ["name": .text("seed \(number)")]) }
    }
}

/// A database of its own on a server, which may be one that the test harms.
final class Scratch {
    let server: PostgresServer
    let name: String
    let driver: PostgresDriver
    let database: Database
    let clock = ManualClock(Instant(Day(2026, 11, 20), secondOfDay: 9 * 3_600))

    init(_ server: PostgresServer? = nil, options: PostgresOptions = Scratch.options, port: Int? = nil) throws {
        self.server = try server ?? PostgresServer.shared.get()
        name = try self.server.makeDatabase()
        driver = try PostgresDriver(try PostgresAddress(self.server.text(name, port: port)), options: options)
        database = try Database(driver: driver, apps: [testApp], clock: clock)
        try database.migrate()
        try database.seed()
    }

    deinit { database.close() }

    /// Another node on the same database.
    func node(options: PostgresOptions = Scratch.options, port: Int? = nil) throws -> Database {
        let driver = try PostgresDriver(try PostgresAddress(server.text(name, port: port)), options: options)
        return try Database(driver: driver, apps: [testApp], clock: clock)
    }

    static var options: PostgresOptions {
        var options = PostgresOptions()
        options.settleSeconds = 0
        return options
    }

    /// A number that `psql` reads, past the driver.
    func number(_ sql: String) throws -> Int {
        Int(try server.query(sql, in: name).trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }
}

/// Runs so many bodies at once and waits for all.
func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<count { group.addTask { try await body(number) } }
        try await group.waitForAll()
    }
}

/// What all tests of the driver need.
let hasServer: ConditionTrait = .enabled(if: PostgresServer.isInstalled, Comment(rawValue: PostgresServer.missing))
