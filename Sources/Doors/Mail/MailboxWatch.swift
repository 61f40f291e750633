import Base
import Exceptions
import Glibc
import HTTPServer
import Kernel
import Mailroom
import Referrals
import Store

/// Looks into the mailboxes from time to time, and finishes mails that a crash left behind.
///
/// A mail is stored, and the mailbox's place in it moved on, in one unit of work: each mail is taken once, whatever happens in between. Nodes
/// find each other's mails by their Message-ID.
public final class MailboxWatch: Sendable {
    private let taker: MailTaker
    private let log: MailLog
    private let isStopping = Locked(false)
    private let isRunning = Locked(false)
    private let seconds: Double

    /// Mails of one mailbox that are taken in one look.
    private static let mailLimit = 50
    /// Failures in a row after which somebody is told.
    private static let failureLimit = 3
    private static let mailboxLimit = 200

    /// - Parameter seconds: Between two looks.
    public init(database: Database, every seconds: Double = 30, log: @escaping MailLog = { _, _ in }) {
        taker = MailTaker(database: database)
        self.log = log
        self.seconds = seconds
    }

    /// Begins to look, on a thread of its own.
    public func start() throws {
        isRunning.withLock { $0 = true }
        do { try startThread(stackBytes: 2 << 20) { self.run() } } catch { throw Refusal("mail.no_thread", .unavailable, error.message) }
    }

    /// Looks no more, and returns when the look in hand has ended.
    public func stop() async {
        isStopping.withLock { $0 = true }
        while isRunning.withLock({ $0 }) { try? await Task.sleep(nanoseconds: 10_000_000) }
    }

    private var isOver: Bool { isStopping.withLock { $0 } }

    private func run() {
        while !isOver {
            do { try look() } catch { log("mail.look_failed", ["mail.error": (error as? Refusal)?.code ?? "internal"]) }
            var left = seconds
            while left > 0, !isOver {
                usleep(100_000)
                left -= 0.1
            }
        }
        isRunning.withLock { $0 = false }
    }

    /// One look at everything.
    func look() throws {
        try taker.recover()
        for box in try boxes() where !isOver {
            let failure: IMAPClient.Failure?
            do {
                try sweep(box)
                failure = nil
            } catch let problem as IMAPClient.Failure { failure = problem }
            try note(failure, of: box)
        }
    }

    // MARK: - Mailboxes

    struct Box: Sendable {
        let id: Int
        let address: MailboxAddress
        let login: String
        let password: String
        let user: Int?
        let site: Int?
        let validity: Int
        let last: Int
    }

    private func boxes() throws -> [Box] {
        try taker.database.readBlocking(superuser: true) { env in
            try env.search(Mailbox.self, order: "id", limit: Self.mailboxLimit).compactMap { box in
                guard let address = MailboxAddress(box.url) else { return nil }
                return Box(
                    id: box.id, address: address, login: box.login,
                    password: try Secrets.open(box.sealedPassword, of: Mailbox.name, box.id, env), user: box.user?.id,
                    site: box.company?.id,
                    validity: box.validity, last: box.lastMail)
            }
        }
    }

    private func sweep(_ box: Box) throws {
        let client = try IMAPClient(box.address, login: box.login, password: box.password)
        let validity = try client.validity()
        // Another state of the mailbox has other numbers; what was taken before is known by its Message-ID.
        let last = validity == box.validity ? box.last : 0
        for number in try client.mails(after: last).prefix(Self.mailLimit) where !isOver {
            try take(number, box, validity, client)
        }
    }

    private func take(_ number: Int, _ box: Box, _ validity: Int, _ client: IMAPClient) throws {
        let actor = MailTaker.Actor(user: box.user, site: box.site, desk: "mailbox \(box.id)")
        let step: @Sendable (Environment) throws -> Void = { env in
            try env.record(Mailbox.self, box.id).write(["uid_validity": .int(validity), "last_uid": .int(number)])
        }
        let bytes: [UInt8]
        do { bytes = try client.mail(number) } catch IMAPClient.Failure.tooLarge {
            return try taker.database.writeBlocking(superuser: true) { env in
                try step(env)
                let refusal = Refusal.largeMail(number)
                try ExceptionCase.raise(
                    refusal.code, "A mail in a mailbox is too large", remedy: refusal.instruction, source: "intake.mail",
                    on: env.records(Mailbox.name, [box.id]), reference: "uid:\(number)", in: env)
            }
        }
        let receipt = try taker.store(bytes, for: actor, also: step)
        do { try taker.carryOut(receipt, bytes, for: actor) } catch {
            log("mail.postponed", ["mail.intake": String(receipt.intakeId), "mail.error": (error as? Refusal)?.code ?? "internal"])
        }
    }

    /// Keeps whether a mailbox was reached; somebody is told when it is not for some time.
    private func note(_ failure: IMAPClient.Failure?, of box: Box) throws {
        if let failure { log("mail.mailbox_failed", ["mail.mailbox": String(box.id), "mail.error": failure.rawValue]) }
        try taker.database.writeBlocking(superuser: true) { env in
            guard try !env.existing([box.id], in: env.registry.schema(Mailbox.self)).isEmpty else { return }
            let record = env.record(Mailbox.self, box.id)
            let count = failure == nil ? 0 : record.failures + 1
            let hadFailed = record.failures >= Self.failureLimit
            try record.write([
                "failure_code": failure.map { .text($0.rawValue) } ?? .null, "failure_count": .int(count), "checked_on": .instant(env.now),
            ])
            if let failure, count == Self.failureLimit {
                try ExceptionCase.raise(
                    failure.rawValue, "A mailbox cannot be read",
                    remedy: "Check its address, user and password, and whether the server answers.",
                    source: "mailbox", on: record.records, in: env)
            } else if failure == nil, hadFailed {
                try ExceptionCase.settle(record.records, "The mailbox is read again.")
            }
        }
    }
}

extension Refusal {
    static func largeMail(_ number: Int) -> Refusal {
        Refusal(
            "mailbox.mail_too_large", .limit, "Mail \(number) of the mailbox is larger than what is read.",
            instruction: "Open it in the mailbox, and upload its documents.")
    }
}
