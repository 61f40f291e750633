import Kernel

/// The key of a user's second factor, which an app on the user's phone has too.
///
/// No group has a right on it: it shows as `totp_enabled` of users, and `SecondFactors` alone changes it.
public struct SecondFactor: Model {
    public static let name = "base.totp"
    public static let title = "Second factor"
    public static let nameField = "user_id"
    public static let unique = [Unique("user_id", message: "The user has a second factor already.")]

    public let user = Many2one<User>("user_id", onDelete: .cascade, .required, .indexed)
    /// The key in base 32, sealed.
    public let key = Char("totp_secret", .groups("base.group_nobody"), .notCopied, .secret)
    /// Since when it is asked for; not set while the user has not yet shown a code of it.
    public let enabledOn = Datetime("enabled_on")
    /// The step of the last code that was used: each is taken once.
    public let lastStep = Integer("last_step", .aggregator(nil))

    public init() {}

    /// Whether users have a second factor, one value per record.
    static func isEnabled(_ users: Records) throws -> [Value] {
        let own = users.env.asSuperuser("whether there is a second factor is the same for everybody who may see the user")
        let found = try own.search(SecondFactor.self, .where("user_id", .in, .ids(users.ids)) & .where("enabled_on", .notEqual, .null))
        let enabled = Set(found.compactMap { $0.user?.id })
        return users.ids.map { .bool(enabled.contains($0)) }
    }

    /// Users found by whether they have one.
    static func find(_ env: Environment, _ comparison: DomainOperator, _ value: Value) throws -> Domain {
        let own = env.asSuperuser("whether there is a second factor is the same for everybody who may see the user")
        let users = try own.search(SecondFactor.self, .where("enabled_on", .notEqual, .null)).compactMap { $0.user?.id }
        let wanted = value.listValue.map { $0.contains { !$0.isFalsy } } ?? !value.isFalsy
        let isPositive = comparison == .equal || comparison == .in
        return .where("id", wanted == isPositive ? .in : .notIn, .ids(users))
    }
}

/// A code on paper that stands in once for the phone.
///
/// No group has a right on it. Codes are random, so that a plain digest is as good as a slow one.
public struct RecoveryCode: Model {
    public static let name = "base.totp.code"
    public static let title = "Recovery code"
    public static let nameField = "user_id"

    public let user = Many2one<User>("user_id", onDelete: .cascade, .required, .indexed)
    /// SHA-256 of the code without its strokes, in hexadecimal.
    public let digest = Char("digest", .required, .groups("base.group_nobody"), .secret)

    public init() {}
}
