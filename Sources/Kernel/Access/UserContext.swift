/// Who acts: what access needs to know of a user, loaded once and remembered until the user changes.
public struct UserContext: Sendable {
    /// The user's id.
    public let id: Int
    /// What the user signs in with.
    public let login: String
    /// The user's name.
    public let name: String
    /// The user's own contact, author of messages.
    public let partnerId: Int?
    /// The company that the user works in first.
    public let companyId: Int
    /// All companies that the user may work in.
    public let companyIds: [Int]
    /// External ids of all groups, implied ones included.
    public let groups: Set<String>
    /// Ids of all groups, implied ones included.
    public let groupIds: Set<Int>
    /// An Odoo language code such as `en_US`.
    public let language: String
    /// An IANA name; empty means UTC.
    public let timeZone: String
    /// Whoever looks through this user's eyes: what either of them may not read is not shown. Nil nearly always.
    public private(set) var onlooker: Onlooker?

    /// A user as access sees it.
    public init(
        id: Int, login: String, name: String, partnerId: Int? = nil, companyId: Int, companyIds: [Int], groups: Set<String>,
        groupIds: Set<Int> = [], language: String = "en_US", timeZone: String = ""
    ) {
        self.id = id
        self.login = login
        self.name = name
        self.partnerId = partnerId
        self.companyId = companyId
        self.companyIds = companyIds
        self.groups = groups
        self.groupIds = groupIds
        self.language = language
        self.timeZone = timeZone
    }

    /// The machine itself: migrations, seeds, timers. Id 1, as in Odoo.
    public static let system = UserContext(
        id: 1, login: "__system__", name: "System", companyId: 1, companyIds: [1], groups: ["base.group_system", "base.group_user"])

    /// Whether the user is in a group, itself or by implication.
    public func isMember(of group: String) -> Bool { groups.contains(group) }

    /// The same user, seen by somebody else who looks through their eyes.
    public func seen(by other: UserContext) -> UserContext {
        var user = self
        user.onlooker = Onlooker(other)
        return user
    }

    /// Who answers for what is read: the onlooker where there is one, else the user.
    var reader: Int { onlooker?.user.id ?? id }
}

/// Somebody who looks through the eyes of somebody else.
public final class Onlooker: Sendable {
    /// Who looks.
    public let user: UserContext

    init(_ user: UserContext) { self.user = user }
}

/// Says who the users are and what they may do.
public protocol Directory: Sendable {
    /// Loads a user; nil when there is none or it is archived. The environment is the superuser's.
    func user(_ id: Int, in env: Environment) throws -> UserContext?
    /// Loads model rights and record rules.
    func policy(in env: Environment) throws -> AccessPolicy
    /// Models whose change makes loaded users and policies old.
    var watchedModels: Set<String> { get }
    /// Models and fields made at run time, as the database has them.
    func customModels(in env: Environment) throws -> [CustomModel]
    /// What fields of a model begin with by the database's records, by field; it goes before what the model declares.
    func defaults(of model: ModelSchema, in env: Environment) throws -> [String: Value]
    /// Models whose change makes a new registry necessary.
    var schemaModels: Set<String> { get }
    /// Brings groups, rights, rules and the records that describe models in line with the registry; called at every start, in a superuser's
    /// writing unit of work, and quick when nothing changed.
    func synchronise(in env: Environment) throws
}

extension Directory {
    public func customModels(in env: Environment) throws -> [CustomModel] { [] }
    public func defaults(of model: ModelSchema, in env: Environment) throws -> [String: Value] { [:] }
    public var schemaModels: Set<String> { [] }
    public func synchronise(in env: Environment) throws {}
}

/// A directory for tests of the kernel alone: everybody is the system and may do everything.
struct OpenDirectory: Directory {
    var watchedModels: Set<String> { [] }
    func user(_ id: Int, in env: Environment) throws -> UserContext? { .system }
    func policy(in env: Environment) throws -> AccessPolicy { AccessPolicy(rights: [], rules: []) }
}
