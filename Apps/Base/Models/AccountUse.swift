import Kernel

/// When a user, or one of a user's keys, was last verified: a row of its own, so that it changes no version and wakes nobody.
///
/// No group has a right on it; it shows as `login_date` of users and `last_used` of API keys.
public struct AccountUse: Model {
    public static let name = "res.users.log"
    public static let title = "Use of an account"
    public static let nameField = "user_id"

    public let user = Many2one<User>("user_id", onDelete: .cascade, .required, .indexed)
    /// The key that was shown; not set on the user's own row.
    public let key = Many2one<APIKey>("key_id", onDelete: .cascade, .indexed)
    public let usedOn = Datetime("used_on", .required)

    /// How long one note stands before the next, in seconds.
    static let restSeconds = 120

    public init() {}

    /// Notes that a user was verified, by a key or otherwise.
    ///
    /// Called beside the entry in the audit trail, so at most once in the minutes for which `LoginMemo` remembers.
    static func note(user: Int, key: Int?, in env: Environment) throws {
        let own = env.asSuperuser("the use of accounts is written by nobody else")
        for key in Set([nil, key]) {
            let same = Domain.where("user_id", .equal, .int(user)) & .where("key_id", .equal, key.map { .int($0) } ?? .null)
            if let known = try own.search(AccountUse.self, same, order: "id", limit: 1).first {
                if let last = known.usedOn, env.now - last < restSeconds { continue }
                try known.write(["used_on": .instant(env.now)])
            } else {
                try own.create(
                    AccountUse.self,
                    ["user_id": .int(user), "key_id": key.map { .int($0) } ?? .null, "used_on": .instant(env.now)])
            }
        }
    }

    /// The last use of users, or of keys, one value per record.
    static func latest(_ records: Records, by link: String) throws -> [Value] {
        let own = records.env.asSuperuser("the last use is the same for everybody who may see its field")
        let uses = try own.search(AccountUse.self, .where(link, .in, .ids(records.ids)) & ofOwnRow(link))
        var latest: [Int: Value] = [:]
        for use in uses { latest[(link == "key_id" ? use.key?.id : use.user?.id) ?? 0] = use.usedOn.map { .instant($0) } }
        return records.ids.map { latest[$0] ?? .null }
    }

    /// Users, or keys, found by their last use.
    static func find(_ env: Environment, by link: String, _ comparison: DomainOperator, _ value: Value) throws -> Domain {
        let own = env.asSuperuser("the last use is the same for everybody who may see its field")
        let isUnset = value.isFalsy && [.equal, .in].contains(comparison)
        let condition = value.isFalsy ? Domain.all : .where("used_on", comparison, value)
        let uses = try own.search(AccountUse.self, condition & ofOwnRow(link))
        let ids = uses.compactMap { link == "key_id" ? $0.key?.id : $0.user?.id }
        return .where("id", isUnset ? .notIn : .in, .ids(ids))
    }

    private static func ofOwnRow(_ link: String) -> Domain { .where("key_id", link == "key_id" ? .notEqual : .equal, .null) }
}
