import Crypto
import Kernel

/// Somebody who has shown a password, an API key or a session, and what must still hold for that to count.
public struct Verified: Sendable {
    /// Who it is.
    public let userId: Int
    /// The version of the user's record that was verified.
    let userVersion: Int
    /// The key or session that was shown, if it was not the password.
    let grant: Grant?
    /// Under what it is remembered.
    let memo: Digest
    /// Through whose eyes they look by now, to read only; nil nearly always.
    public let seeing: Seeing?
    /// When the person of a session last showed password or code in it.
    let provenOn: Instant?

    init(userId: Int, userVersion: Int, grant: Grant?, memo: Digest, seeing: Seeing? = nil, provenOn: Instant? = nil) {
        self.userId = userId
        self.userVersion = userVersion
        self.grant = grant
        self.memo = memo
        self.seeing = seeing
        self.provenOn = provenOn
    }

    /// How they showed who they are.
    var proof: Proof {
        switch grant?.model {
        case nil: .password
        case Session.name?: .session(provenOn)
        default: .key
        }
    }

    /// Somebody whose view an administrator has for a while.
    public struct Seeing: Sendable {
        /// Who it is.
        public let userId: Int
        /// When it ends by itself.
        public let until: Instant
    }

    /// A record that gives access as long as it stays as it is.
    struct Grant: Sendable {
        let model: String
        let id: Int
        let version: Int
    }
}

/// What somebody shows was right once and is no longer: it must be verified anew.
public struct StaleCredential: Error, Sendable {
    /// Says so.
    public init() {}
}

/// Who somebody claims to be, or what they show.
enum Claim: Sendable {
    case login(String)
    case user(Int)
    case key
    case session

    /// A text that tells claims apart in memory.
    var label: String {
        switch self {
        case .login(let login): "l" + login
        case .user(let id): "u" + String(id)
        case .key: "k"
        case .session: "s"
        }
    }
}

/// A user as the database has it while it is verified.
struct Account: Sendable {
    let id: Int
    let version: Int
    let passwordHash: String
    /// The API key that was shown, when it is this user's.
    var grant: Verified.Grant?
    var expires: Instant?
    /// What a person must show beside the password.
    var second = SecondStep.none

    /// Bytes of the longest login that is looked for: whoever knocks is not known yet.
    private static let longestLogin = 1_000

    /// Finds the user of a claim; nil when there is none who may sign in.
    static func find(_ claim: Claim, secret: String, _ env: Environment) throws -> Account? {
        let key = APIKeys.looksLikeKey(secret) ? try APIKeys.find(secret, in: env) : nil
        let domain: Domain
        switch claim {
        case .login(let login):
            if login.utf8.count > longestLogin { return nil }
            domain = .where("login", .equal, .text(login))
        case .user(let id): domain = .where("id", .equal, .int(id))
        case .key: domain = .where("id", .equal, .int(key?.user?.id ?? 0))
        case .session: return nil
        }
        guard let user = try env.search(User.self, domain, limit: 1).first, user.id != UserContext.system.id, user.active else {
            return nil
        }
        var account = Account(id: user.id, version: user.version, passwordHash: user.passwordHash)
        if let key, key.user?.id == user.id {
            account.grant = Verified.Grant(model: APIKey.name, id: key.id, version: key.version)
            account.expires = key.expires
        } else {
            account.second = try SecondStep(of: user.id, env)
        }
        return account
    }
}
