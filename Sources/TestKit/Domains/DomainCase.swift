import Kernel

/// One domain, and the records that it means: the same for SQL and for memory.
public struct DomainCase: Sendable, CustomStringConvertible {
    /// The model that is searched.
    public let model: String
    /// The domain in Odoo's notation; keys of the fixture are names for ids.
    public let text: String
    /// The keys of the records that meet it, sorted.
    public let expected: [String]

    /// A case on `case.item`, with the keys between spaces.
    init(_ text: String, _ expected: String, model: String = "case.item") {
        self.model = model
        self.text = text
        self.expected = expected.split(separator: " ").map(String.init).sorted()
    }

    /// The model and the domain.
    public var description: String { "\(model) \(text)" }

    /// The domain, with the fixture's ids.
    public func domain(_ ids: [String: Int]) throws -> Domain { try DomainCase.domain(text, ids) }

    static func domain(_ text: String, _ ids: [String: Int]) throws -> Domain {
        var names = DomainNames(user: .system, now: DomainFixture.now)
        for (key, id) in ids { names = names.adding(key, .int(id)) }
        return try DomainText(text).domain(names)
    }
}

/// A domain that must be refused, and the code of the refusal.
public struct RefusedDomainCase: Sendable, CustomStringConvertible {
    /// The domain in Odoo's notation.
    public let text: String
    /// The code of the refusal.
    public let code: String

    init(_ text: String, _ code: String) {
        self.text = text
        self.code = code
    }

    /// The domain.
    public var description: String { text }

    /// The domain, with the fixture's ids; it may be refused here already.
    public func domain(_ ids: [String: Int]) throws -> Domain { try DomainCase.domain(text, ids) }
}
