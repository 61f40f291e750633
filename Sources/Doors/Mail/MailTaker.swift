import Base
import Kernel
import Mailroom
import Referrals
import Store

/// Brings a mail into the database: stored in a unit of work of its own, then taken apart, then kept in a second one.
struct MailTaker: Sendable {
    let database: Database
    /// Mails that an earlier run left behind are looked for in so many at a time.
    private static let batch = 20
    /// Seconds after which a stored mail that is not finished has been left behind.
    private static let leftSeconds = 60

    /// Who acts, and where.
    struct Actor: Sendable {
        /// The user's login; nil for the machine.
        var login: String?
        /// The user's id, where that is known instead.
        var user: Int?
        var site: Int?
        /// For whom a mail came, where it may come for several; empty otherwise.
        var desk = ""
    }

    /// Stores a mail; from here on nothing is lost.
    func store(
        _ bytes: [UInt8], for actor: Actor, also more: @escaping @Sendable (Environment) throws -> Void = { _ in }
    ) throws -> IntakeDesk.Receipt {
        try write(as: actor) { env in
            let receipt = try MailDesk.store(bytes, for: actor.desk, in: env)
            try more(env.asSuperuser("what was taken of a mailbox is kept by the machine"))
            return receipt
        }
    }

    /// Takes a mail apart that was just stored; one that came before counts as it came first.
    func carryOut(_ receipt: IntakeDesk.Receipt, _ bytes: [UInt8], for actor: Actor) throws {
        if receipt.isDuplicate, receipt.isFinished { return }
        let id = receipt.intakeId
        let first = receipt.isDuplicate ? try database.readBlocking(superuser: true) { env in env.record(Intake.self, id).content } : bytes
        try carryOut(id, first, for: actor)
    }

    private func carryOut(_ intake: Int, _ bytes: [UInt8], for actor: Actor) throws {
        let outcome = MailDesk.contents(bytes)
        try write(as: actor) { env in try MailDesk.keep(outcome, of: intake, in: env) }
    }

    /// Takes apart what was stored and not finished.
    func recover() throws {
        let open = try database.readBlocking(superuser: true) { env in
            try MailDesk.unfinished(olderThan: Self.leftSeconds, limit: Self.batch, in: env)
        }
        for item in open { try carryOut(item.intakeId, item.content, for: Actor(site: item.site)) }
    }

    private func write<Answer: Sendable>(
        as actor: Actor, _ body: @escaping @Sendable (Environment) throws -> Answer
    ) throws -> Answer {
        let context: ValueMap = actor.site.map { ["allowed_company_ids": .ids([$0])] } ?? [:]
        var id = actor.user
        if let login = actor.login {
            id = try database.readBlocking(superuser: true) { env in
                try env.search(User.self, .where("login", .equal, .text(login)), limit: 1).first?.id
            }
            guard id != nil else { throw Refusal.noMailUser() }
        }
        guard let id else { return try database.writeBlocking(context: context, superuser: true, body) }
        return try database.writeBlocking(as: try database.user(id), context: context, body)
    }
}

extension Refusal {
    static func noMailUser() -> Refusal {
        Refusal(
            "mail.no_user", .unavailable, "The user that acts for a recipient does not exist.",
            instruction: "Make the user, or name another login.")
    }
}
