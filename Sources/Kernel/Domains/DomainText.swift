/// A domain written as Odoo writes it in rules and filters: a Python literal with a few names, read once.
///
/// Shape: lists, tuples, texts, numbers, `True`, `False`, `None`, names with attributes (`user.company_ids.ids`), `+` between lists,
/// a minus before numbers, and `time.strftime('%Y-%m-%d')`. A text that cannot be read refuses whoever uses it, so a broken record rule
/// closes a model and never opens it.
public struct DomainText: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The most bytes of a domain's text.
    public static let textLimit = 200_000

    /// The text as it was given.
    public let text: String
    private let expression: Result<DomainExpression, Refusal>
    /// The domain, when no name occurs in it.
    private let constant: Domain?

    /// Reads a text; a mistake in it shows in `problem` and at every use.
    public init(_ text: String) {
        self.text = text
        do {
            let parsed = try DomainTextParser.parse(text)
            let whole = parsed.names.isEmpty ? try Domain.parse(parsed.value(DomainNames())) : nil
            expression = .success(parsed)
            constant = whole
        } catch {
            expression = .failure(error as? Refusal ?? Refusal.domainText("unreadable", at: 0))
            constant = nil
        }
    }

    /// Reads a text.
    public init(stringLiteral value: String) { self.init(value) }

    /// What is wrong with the text.
    public var problem: Refusal? { if case .failure(let refusal) = expression { refusal } else { nil } }

    /// The names and paths that the text uses, in order, without repetition.
    public var names: [String] { (try? expression.get().names) ?? [] }

    /// The domain that the text means with these names.
    ///
    /// - Throws: `domain.text` for a mistake in the text, `domain.unknown_name`, or what `Domain.parse` throws.
    public func domain(_ names: DomainNames) throws -> Domain {
        if let constant { return constant }
        return try Domain.parse(try expression.get().value(names))
    }

    /// Whether the texts are the same.
    public static func == (left: DomainText, right: DomainText) -> Bool { left.text == right.text }
    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// A Python literal with names.
indirect enum DomainExpression: Sendable {
    case literal(Value)
    case name(String)
    case list([DomainExpression])
    case sum(DomainExpression, DomainExpression)
    case negative(DomainExpression)
    /// A moment written in a format: `time.strftime('%Y-%m-%d')`.
    case time(String)

    /// The names in it, without repetition.
    var names: [String] {
        switch self {
        case .literal: []
        case .name(let name): [name]
        case .time: ["time"]
        case .negative(let inside): inside.names
        case .sum(let left, let right): DomainExpression.unique(left.names + right.names)
        case .list(let parts): DomainExpression.unique(parts.flatMap(\.names))
        }
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// What the expression stands for.
    func value(_ names: DomainNames) throws -> Value {
        switch self {
        case .literal(let value): return value
        case .name(let name):
            guard let value = names[name] else { throw Refusal.unknownName(name) }
            return value
        case .list(let parts): return .list(try parts.map { try $0.value(names) })
        case .time(let format): return .text(names.time(format))
        case .negative(let inside):
            switch try inside.value(names) {
            case .int(let int): return .int(0 &- int)
            case .double(let double): return .double(-double)
            default: throw Refusal.domainText("a minus before something that is no number", at: 0)
            }
        case .sum(let left, let right): return try DomainExpression.sum(try left.value(names), try right.value(names))
        }
    }

    private static func sum(_ left: Value, _ right: Value) throws -> Value {
        if case .text(let first) = left, case .text(let second) = right { return .text(first + second) }
        if case .int(let first) = left, case .int(let second) = right {
            let (sum, overflow) = first.addingReportingOverflow(second)
            if !overflow { return .int(sum) }
        }
        guard let first = left.listValue, let second = right.listValue else {
            throw Refusal.domainText("a plus that joins no lists", at: 0)
        }
        return .list(first + second)
    }
}
