import Kernel
import Store

/// What every SQL database behind the store must do alike; a driver's tests run each check with a fresh database.
public struct StoreSuite: Sendable {
    /// One check, with a sentence for its name.
    public struct Check: Sendable, CustomStringConvertible {
        /// What must hold.
        public let name: String
        let body: @Sendable (Subject) async throws -> Void

        /// The name, for a test's report.
        public var description: String { name }

        /// Runs the check on an empty database.
        public func run(on driver: any StoreDriver) async throws {
            let subject = try Subject(driver)
            defer { subject.database.close() }
            try await body(subject)
        }
    }

    /// A database with the suite's models and a clock that the check turns.
    struct Subject: Sendable {
        let database: Database
        let clock: ManualClock

        init(_ driver: any StoreDriver) throws {
            clock = ManualClock(Instant(Day(2026, 11, 20), secondOfDay: 9 * 3_600))
            database = try Database(driver: driver, apps: [StoreSuite.app], clock: clock)
            try database.migrate()
            try database.seed()
        }
    }

    /// All checks.
    public static let checks: [Check] =
        valueChecks + predicateChecks + groupChecks + companyChecks + jobChecks + sideChecks + rehearsalChecks + migrationChecks
}

/// A check that did not hold.
public struct SuiteFailure: Error, CustomStringConvertible {
    /// What was found and what was expected.
    public let description: String
}

/// Holds two values against each other.
func expect<T: Equatable>(_ found: T, _ expected: T, _ what: String = "") throws {
    if found != expected { throw SuiteFailure(description: "\(what) found \(found), expected \(expected)") }
}

/// Asks for a refusal with a code.
func expectRefusal(_ code: String, _ body: () async throws -> Void) async throws {
    do { try await body() } catch let refusal as Refusal { return try expect(refusal.code, code) }
    throw SuiteFailure(description: "expected the refusal \(code), but nothing was refused")
}
