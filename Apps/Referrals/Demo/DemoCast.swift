import Base
import Kernel

/// Acts as the demo's users, each at a site.
final class DemoCast {
    private static let coordinators = ["coordinator", "southgate", "westfield"]

    /// The machine's environment.
    let env: Environment
    let users: [String: Int]
    private let hospitals: [Int]
    private var known: [String: Environment] = [:]

    init(env: Environment, users: [String: Int], hospitals: [Int]) {
        self.env = env
        self.users = users
        self.hospitals = hospitals
    }

    /// An environment of a user at a site, with that user's rights.
    func actor(_ login: String, site: Int) throws -> Environment {
        let key = "\(login) \(site)"
        if let environment = known[key] { return environment }
        guard let id = users[login], let user = try BaseDirectory().user(id, in: env) else {
            throw Refusal("demo.user", .internalFault, "The demo has no user '\(login)'.")
        }
        let environment = try env.asUser(user).with(context: ["allowed_company_ids": .ids([hospitals[site]])])
        known[key] = environment
        return environment
    }

    func coordinator(_ site: Int) throws -> Environment { try actor(Self.coordinators[site], site: site) }
    func coordinatorId(_ site: Int) -> Int { users[Self.coordinators[site]] ?? 2 }
    func physician(_ site: Int) throws -> Environment { try actor("physician", site: site) }
    func manager(_ site: Int) throws -> Environment { try actor("manager", site: site) }
}

extension Environment {
    fileprivate func asUser(_ user: UserContext) -> Environment { with(user: user) }
}
