import Base
import Foundation
import Kernel

/// A mailbox into which a service lays faxes and documents as mails; it is looked into by IMAP, and nothing in it is deleted.
public struct Mailbox: Model {
    public static let name = "care.mailbox"
    public static let title = "Mailbox"
    public static let order = "name, id"

    public let displayedName = Char("name", "Name", .required, .size(120))
    /// `imaps://host[:port]/folder`; `imap://` on this machine only.
    public let url = Char("url", "Address", .required, .size(300))
    public let login = Char("login", "User", .required, .size(200))
    /// Written only; it is kept sealed, and no door shows it.
    public let password = Char(
        "password", "Password", .notCopied, .secret,
        .computedTogether { records in records.ids.map { _ in .text("") } },
        .inverse { records, value in try Mailbox.seal(records, value) })
    public let sealedPassword = Char("password_sealed", .groups("base.group_nobody"), .notCopied, .secret)
    /// In whose name documents are taken; the machine's without one.
    public let user = Many2one<User>("user_id", onDelete: .restrict, "Acts as")
    public let company = Many2one<Company>("company_id", "Site", .required, .indexed, .initially { .int($0.companyId) })
    public let active = Flag("active", "In use", .initial(true))
    /// What the server calls this state of the mailbox, and the last mail that was taken.
    public let validity = Integer("uid_validity", .readonly, .aggregator(nil))
    public let lastMail = Integer("last_uid", "Last mail", .readonly, .aggregator(nil))
    public let checked = Datetime("checked_on", "Looked into on", .readonly)
    public let failure = Char("failure_code", "Not reached because", .readonly)
    public let failures = Integer("failure_count", "Failures in a row", .readonly, .initial(0), .aggregator(nil))

    private static let machineFields: Set<String> = ["uid_validity", "last_uid", "checked_on", "failure_code", "failure_count"]

    public static let constraints = [
        Constraint<Mailbox>("url") { mailbox in
            guard MailboxAddress(mailbox.url) != nil else { throw Refusal.badMailbox() }
        }
    ]
    public static let lifecycle = Lifecycle<Mailbox>(
        beforeWrite: { mailboxes, values in
            guard !mailboxes.env.isSuperuser, let name = values.names.first(where: machineFields.contains) else { return }
            throw Refusal(
                "record.by_machine_only", .validation, "'\(name)' of \(Mailbox.name) is written by the machine.",
                instruction: "Leave it out.")
        })

    public init() {}

    private static func seal(_ records: Records, _ value: Value) throws {
        guard let text = value.textValue, !text.isEmpty else { return }
        let machine = records.env.asSuperuser("a password is kept sealed")
        for id in records.ids {
            try machine.record(Mailbox.self, id).write(["password_sealed": .text(try Secrets.seal(text, of: name, id, machine))])
        }
    }
}

/// Where a mailbox is.
public struct MailboxAddress: Sendable, Hashable {
    /// `imaps://host:port`, without user and folder.
    public let server: String
    /// The folder: `INBOX` unless said.
    public let folder: String
    /// Whether the line is encrypted from the start.
    public let isEncrypted: Bool

    private static let localHosts: Set<String> = ["127.0.0.1", "localhost", "::1", "[::1]"]

    /// Reads `imaps://host[:port][/folder]`; nil when it is none, names a user, or leaves this machine unencrypted.
    public init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["imap", "imaps"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        isEncrypted = scheme == "imaps"
        guard isEncrypted || MailboxAddress.localHosts.contains(host) else { return nil }
        let folder = String(parts.path.drop { $0 == "/" })
        let isPlain = folder.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && !"\"\\;{}()%*".unicodeScalars.contains($0) }
        guard isPlain, folder.utf8.count <= 100 else { return nil }
        self.folder = folder.isEmpty ? "INBOX" : folder
        server = "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")"
    }
}

extension Refusal {
    static func badMailbox() -> Refusal {
        Refusal(
            "mailbox.address", .validation, "The mailbox's address is none that may be asked.",
            instruction: "Write imaps://host/folder; imap:// is for this machine only. User and password have fields of their own.")
    }
}
