import Base
import Crypto
import Kernel
import Store
import StoreSQLite

/// Brings a database to what the program wants: tables, groups and rights, first records, the administrator's password.
package struct DatabaseSetup {
    /// Characters of a password that the program makes up: 24 of 32 symbols are 120 bits.
    package static let madeUpLength = 24
    /// The administrator's password of a demo, unless another is given.
    package static let demoPassword = "admin"

    package let database: Database
    package let log: Log

    package init(database: Database, log: Log) {
        self.database = database
        self.log = log
    }

    /// Does all of it; safe to run again.
    ///
    /// - Returns: The administrator's password when this made it up, so that it can be shown once.
    package func run(demo: Bool, adminPassword: String?) throws -> String? {
        try database.exclusively { try runAlone(demo: demo, adminPassword: adminPassword) }
    }

    private func runAlone(demo: Bool, adminPassword: String?) throws -> String? {
        let plan = try database.migrate()
        if !plan.steps.isEmpty { log.info("The tables were brought up to date.", ["migration.steps": "\(plan.steps.count)"]) }
        try database.seed(demo: demo)
        return try setAdminPassword(adminPassword, demo: demo)
    }

    /// Seals what an older program left plain, and writes the file anew so that nothing plain can be read from its free pages.
    package static func sealSecrets(of database: Database, in folder: DataFolder, _ log: Log) throws {
        let outcome = try SecretUpkeep.run(database)
        if outcome.sealed > 0 { log.info("Secrets were sealed.", ["secrets.count": "\(outcome.sealed)"]) }
        if outcome.closed > 0 {
            log.error(
                "Secrets do not open under the keys of this database. Bring back its file of keys, or store them again.",
                ["secrets.count": "\(outcome.closed)", "secrets.file": folder.secrets.path])
        }
        guard try SecretUpkeep.needsSweep(database) else { return }
        if folder.database == nil { try SQLiteDriver.sweep(path: folder.databaseFile) }
        try SecretUpkeep.swept(database)
    }

    /// Gives the administrator a password when there is none yet.
    private func setAdminPassword(_ given: String?, demo: Bool) throws -> String? {
        let admin = try database.readBlocking(superuser: true) { env in
            let id = try Reference.require("base.user_admin", env)
            return (id: id, hasPassword: !env.record(User.self, id).passwordHash.isEmpty)
        }
        if admin.hasPassword { return nil }
        let madeUp = given == nil && !demo ? Self.makeUpPassword() : nil
        let password = given ?? madeUp ?? Self.demoPassword
        if !demo { try Passwords.checkStrength(password) }
        let hash = try Passwords.hash(password)
        try database.writeBlocking(superuser: true) { env in
            try env.record(User.self, admin.id).write(["password_hash": .text(hash)])
        }
        return madeUp
    }

    /// Letters and digits that nobody mistakes for each other, in groups of six.
    private static func makeUpPassword() -> String {
        let symbols = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let random = SystemRandomSource()
        let letters = (0..<madeUpLength).map { _ in symbols[random.number(below: symbols.count)] }
        return stride(from: 0, to: madeUpLength, by: 6).map { String(letters[$0..<$0 + 6]) }.joined(separator: "-")
    }
}
