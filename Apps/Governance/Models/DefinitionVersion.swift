import Base
import Kernel

/// One version of a definition: what it says, how it was checked, who wrote and who released it, and when it is in force.
public struct DefinitionVersion: Model {
    public static let name = "governance.version"
    public static let title = "Version"
    public static let order = "definition_id, number desc"
    public static let nameField = "note"
    public static let hasChatter = true
    public static let unique = [Unique("definition_id", "number", message: "A version's number is given once.")]
    public static let displayName: (@Sendable (Record<DefinitionVersion>) throws -> String)? = { $0.cause }
    public static let searchFields = ["key", "note"]

    /// How far it has come.
    public enum State: String, SelectionValue {
        case draft, inReview = "in_review", released, retired
    }

    /// How it came about.
    public enum Origin: String, SelectionValue {
        /// Written by a person.
        case written
        /// Brought along by an app.
        case shipped
        /// Read from a file.
        case imported
        /// A live record was changed by a client.
        case record
        /// A live record was changed where direct changes are allowed, and released at once.
        case direct
    }

    public let definition = Many2one<Definition>("definition_id", onDelete: .cascade, "Definition", .required, .indexed)
    public let number = Integer("number", "Number", .readonly, .aggregator(nil), .notCopied)
    public let kind = Char("kind", "Kind", .related("definition_id.kind", stored: true), .indexed)
    public let key = Char("key", "Key", .related("definition_id.key", stored: true), .indexed)
    public let company = Many2one<Company>("company_id", "Company", .related("definition_id.company_id", stored: true), .indexed)
    public let state = Selection<State>("state", initial: .draft, "State", .required, .indexed, .tracked, .readonly, .notCopied)
    public let origin = Selection<Origin>("origin", initial: .written, "Origin", .required, .readonly, .notCopied)
    public let shippedWith = Char("shipped_with", "Shipped with", .readonly, .notCopied)
    public let content = Json("content", "Content")
    public let tests = Json("tests", "Tests")
    public let note = Text("note", "What changed and why")
    public let sites = Many2many<Company>(
        "company_ids", table: "governance_version_company_rel", own: "version_id", other: "company_id", "Sites",
        .help("Where this version applies first; empty means wherever the definition does."))
    public let base = Many2one<DefinitionVersion>("base_id", "Written from", .readonly, .notCopied)
    public let author = Many2one<User>("author_id", "Author", .readonly, .notCopied)
    public let contributors = Many2many<User>(
        "contributor_ids", table: "governance_version_user_rel", own: "version_id", other: "user_id", "Written by", .readonly, .notCopied)
    public let submitter = Many2one<User>("submitter_id", "Submitted by", .readonly, .notCopied)
    public let submittedOn = Datetime("submitted_on", "Submitted on", .readonly, .notCopied)
    public let releaser = Many2one<User>("releaser_id", "Released by", .readonly, .notCopied, .tracked)
    public let releasedOn = Datetime("released_on", "Released on", .readonly, .notCopied)
    public let effectiveFrom = Datetime("effective_from", "In force from", .readonly, .notCopied, .tracked)
    public let isInstalled = Flag("is_installed", "Has taken effect", .readonly, .notCopied, .initial(false))
    public let retiredBy = Many2one<User>("retired_by", "Retired by", .readonly, .notCopied)
    public let retiredOn = Datetime("retired_on", "Retired on", .readonly, .notCopied)
    public let reason = Text("reason", "Why it was retired", .readonly, .notCopied, .tracked)
    public let checksum = Char("checksum", "Checksum", .readonly, .notCopied)
    public let report = Json("report", "Checks and tests", .readonly, .notCopied)

    /// What its authors may change while it is a draft.
    static let editable: Set<String> = ["content", "tests", "note", "company_ids"]

    public static let actions = VersionActions.all
    public static let methods = VersionActions.methods

    public static let lifecycle = Lifecycle<DefinitionVersion>(
        beforeCreate: { values, env in try Drafting.begin(&values, env) },
        beforeWrite: { versions, values in try Drafting.guardWrite(versions, &values) },
        beforeDelete: { versions in
            for version in versions where version.state != .draft { throw Refusal.inUse(version.cause) }
        })

    public init() {}
}

extension Record<DefinitionVersion> {
    /// What the audit trail calls it: `rule:urgent-first@3`.
    public var cause: String { "\(self.kind):\(self.key)@\(self.number)" }
}
