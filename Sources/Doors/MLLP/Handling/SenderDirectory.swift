import Base
import Kernel
import Store

/// Which user acts for which sender.
struct SenderDirectory: Sendable {
    private let senders: [(MLLPSender, Int)]
    private let standard: Int?

    /// Finds the users; the integration user is made where it is missing.
    ///
    /// - Throws: `mllp.unknown_user` when a configured login is none.
    init(_ configuration: MLLPConfiguration, _ database: Database) throws {
        if configuration.defaultLogin == MLLPConfiguration.integrationLogin { try SenderDirectory.makeIntegrationUser(database) }
        let logins = configuration.senders.map(\.login) + [configuration.defaultLogin].compactMap { $0 }
        let users = try database.readBlocking(superuser: true) { env in
            var users: [String: Int] = [:]
            for user in try env.search(User.self, .where("login", .in, .list(logins.map { .text($0) }))) { users[user.login] = user.id }
            return users
        }
        func id(_ login: String) throws -> Int {
            guard let id = users[login] else {
                throw Refusal(
                    "mllp.unknown_user", .missing, "There is no active user '\(login)' to act for a sending system.",
                    instruction: "Create the user, or correct the configuration.")
            }
            return id
        }
        senders = try configuration.senders.map { ($0, try id($0.login)) }
        standard = try configuration.defaultLogin.map(id)
    }

    func user(for envelope: Envelope) -> Int? { senders.first { $0.0.matches(envelope) }?.1 ?? standard }

    /// A user without a password, so that nobody can log in as it.
    private static func makeIntegrationUser(_ database: Database) throws {
        let login = MLLPConfiguration.integrationLogin
        try database.writeBlocking(superuser: true) { env in
            if try !env.search(User.self, .where("login", .equal, .text(login)), limit: 1).isEmpty { return }
            let company = try Reference.require("base.main_company", env)
            let group = try Reference.require("referrals.group_integration", env)
            try Reference.ensure(
                "mllp.user_hl7", User.self,
                [
                    "login": .text(login), "name": "HL7 v2 senders", "company_id": .int(company),
                    "company_ids": .list([[6, 0, .ids([company])]]), "group_ids": .list([[6, 0, .ids([group])]]),
                ], env)
        }
    }
}
