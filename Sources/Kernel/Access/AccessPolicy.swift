/// What somebody wants to do with records.
public enum AccessOperation: String, Sendable, CaseIterable, Hashable {
    case read, write, create, unlink

    /// The letter that stands for it in an app's declaration.
    public var letter: Character {
        switch self {
        case .read: "r"
        case .write: "w"
        case .create: "c"
        case .unlink: "d"
        }
    }

    var bit: UInt8 {
        switch self {
        case .read: 1
        case .write: 2
        case .create: 4
        case .unlink: 8
        }
    }
}

/// A set of operations.
public struct AccessOperations: Sendable, Hashable {
    let bits: UInt8

    /// The given operations.
    public init(_ operations: [AccessOperation]) { bits = operations.reduce(0) { $0 | $1.bit } }

    /// The operations whose letters (`rwcd`) stand in the text.
    public init(letters: String) { self.init(AccessOperation.allCases.filter { letters.contains($0.letter) }) }

    /// Whether an operation is in the set.
    public func contains(_ operation: AccessOperation) -> Bool { bits & operation.bit != 0 }
}

/// Model rights and record rules of a database: a snapshot that is replaced when one of them changes.
public struct AccessPolicy: Sendable {
    /// Lets a group (or, without one, everybody) do something with a model.
    public struct Right: Sendable {
        let model: String
        let group: Int?
        let operations: AccessOperations
        let sites: Set<Int>?
        let except: Set<Int>

        /// A model right.
        ///
        /// - Parameters:
        ///   - sites: The only companies whose people have it; nil for all.
        ///   - except: The companies whose people do not.
        public init(model: String, group: Int?, operations: AccessOperations, sites: Set<Int>? = nil, except: Set<Int> = []) {
            self.model = model
            self.group = group
            self.operations = operations
            self.sites = sites
            self.except = except
        }

        /// Whether it is a user's, who has to work first in one of its companies.
        func isHeld(by user: UserContext) -> Bool {
            guard group.map(user.groupIds.contains) ?? true else { return false }
            return sites?.contains(user.companyId) ?? !except.contains(user.companyId)
        }
    }

    /// Limits the records of a model: global without groups, else for their members.
    public struct Rule: Sendable {
        let model: String
        let groups: Set<Int>
        let operations: AccessOperations
        let domain: DomainText

        /// A record rule.
        public init(model: String, groups: Set<Int>, operations: AccessOperations, domain: DomainText) {
            self.model = model
            self.groups = groups
            self.operations = operations
            self.domain = domain
        }
    }

    private let rights: [String: [Right]]
    private let rules: [String: [Rule]]

    /// A policy of the given rights and rules.
    public init(rights: [Right], rules: [Rule]) {
        self.rights = Dictionary(grouping: rights, by: \.model)
        self.rules = Dictionary(grouping: rules, by: \.model)
    }

    /// Whether a user's groups allow an operation on a model at all; no right means no.
    public func allows(_ operation: AccessOperation, on model: String, for user: UserContext) -> Bool {
        rights[model, default: []].contains { right in
            right.operations.contains(operation) && right.isHeld(by: user)
        }
    }

    /// The groups by which a user may do it, nil for everybody: what a screen of access says.
    public func holders(_ operation: AccessOperation, on model: String, for user: UserContext) -> [Int?] {
        rights[model, default: []].filter { $0.operations.contains(operation) && $0.isHeld(by: user) }.map(\.group)
    }

    /// The ids of the groups that could do it, for the refusal's instruction.
    public func groupsAllowed(_ operation: AccessOperation, on model: String) -> [Int] {
        rights[model, default: []].filter { $0.operations.contains(operation) }.compactMap(\.group)
    }

    /// The records that a user may reach: all global rules, and one of the rules of the user's groups where there are any.
    public func domain(_ operation: AccessOperation, on model: String, for user: UserContext, names: DomainNames) throws -> Domain {
        guard let list = rules[model] else { return .all }
        var global = Domain.all
        var own: Domain?
        for rule in list where rule.operations.contains(operation) {
            if rule.groups.isEmpty {
                global = global & (try rule.domain.domain(names))
            } else if !rule.groups.isDisjoint(with: user.groupIds) {
                let domain = try rule.domain.domain(names)
                own = own.map { $0 | domain } ?? domain
            }
        }
        return own.map { global & $0 } ?? global
    }
}
